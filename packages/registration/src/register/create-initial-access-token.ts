import { type Duration, parseDuration, toNumericDate } from '@software-statement/core'
import { createCredential } from '../credentials/credential.js'
import { refuseUnknownOptions } from '../known-options.js'
import type { ClientStore } from '../stores/client-store.js'

/** What an initial access token is good for. */
export interface InitialAccessTokenOptions {
  /** How many registrations it permits; default: 1. */
  readonly uses?: number | 'unlimited'
  /** How long it counts; default: for ever. */
  readonly expiresIn?: Duration
  /** The clock; default: that of the system. */
  readonly now?: () => Date
}

const names: ReadonlySet<string> = new Set(['uses', 'expiresIn', 'now'])

/**
 * Creates an initial access token (RFC 7591 3) and gives its text, 43 characters of base64url: it is told this one time, since the store
 * keeps its digest only.
 *
 * Throws `TypeError` for options that make no sense, and what the store throws.
 *
 * @example
 * ```ts
 * const token = await createInitialAccessToken(memoryClientStore(), { uses: 5, expiresIn: '7 days' })
 * token.length // 43
 * ```
 */
export async function createInitialAccessToken(store: ClientStore, options: InitialAccessTokenOptions = {}): Promise<string> {
  refuseUnknownOptions(options, names)
  const { uses = 1, expiresIn, now = () => new Date() } = options
  if (uses !== 'unlimited' && !(Number.isSafeInteger(uses) && uses > 0)) {
    throw new TypeError("the option uses must be a positive whole number, or 'unlimited'")
  }
  const lifetime = expiresIn === undefined ? undefined : Math.ceil(parseDuration(expiresIn))
  if (lifetime === 0) throw new TypeError('the option expiresIn must be longer than nothing')
  const { text, stored } = await createCredential(toNumericDate(now()), lifetime)
  await store.addInitialAccessToken({ ...stored, ...(uses === 'unlimited' ? {} : { uses }) })
  return text
}
