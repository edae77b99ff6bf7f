import { type Duration, parseDuration, toNumericDate } from '@software-statement/core'
import { createCredential, type Randomness } from '../credentials/credential.js'
import type { ClientStore } from '../stores/client-store.js'

/** What an initial access token is good for. */
export interface InitialAccessTokenOptions {
  /** How many registrations may be made with it; default: 1. */
  readonly uses?: number | 'unlimited'
  /** How long it counts; default: for ever. */
  readonly expiresIn?: Duration
  /** The clock. */
  readonly now?: () => Date
  /** Fills bytes with random ones; default: `crypto.getRandomValues`. */
  readonly random?: Randomness
}

/**
 * Makes an initial access token (RFC 7591 3): 43 characters of base64url, of 256 random bits. The store gets its digest; the token itself
 * is told this one time.
 *
 * Throws `TypeError` for options that make no sense, and `TrustUnavailableError` if the store cannot be asked.
 *
 * @example
 * ```ts
 * const store = memoryClientStore()
 * const token = await createInitialAccessToken(store, { uses: 10, expiresIn: '7 days' })
 * token.length // 43
 * ```
 */
export async function createInitialAccessToken(store: ClientStore, options: InitialAccessTokenOptions = {}): Promise<string> {
  const unknown = Object.keys(options).find((name) => !['uses', 'expiresIn', 'now', 'random'].includes(name))
  if (unknown !== undefined) throw new TypeError(`"${unknown}" is not an option here: there are uses, expiresIn, now, random`)
  const { uses = 1, expiresIn, now = () => new Date(), random } = options
  if (uses !== 'unlimited' && (!Number.isSafeInteger(uses) || uses < 1)) {
    throw new TypeError('the option uses must be a positive whole number or "unlimited"')
  }
  const { text, stored } = await createCredential(toNumericDate(now()), readLifetime(expiresIn), random)
  await store.addInitialAccessToken({ ...stored, ...(uses === 'unlimited' ? {} : { uses }) })
  return text
}

function readLifetime(duration: Duration | undefined): number | undefined {
  if (duration === undefined) return undefined
  const seconds = Math.ceil(parseDuration(duration))
  if (seconds > 0) return seconds
  throw new TypeError('the option expiresIn must be longer than nothing')
}
