import { type Duration, parseDuration, TrustUnavailableError, toNumericDate } from '@software-statement/core'
import { createCredential } from '../credentials/credential.js'
import { refuseUnknownOptions } from '../known-options.js'
import type { ClientStore, StoredClient } from '../stores/client-store.js'

/** How a secret is replaced. */
export interface SecretRotationOptions {
  /** How long the replaced secrets count still, so that every instance of the client can be told; default: 1 day. */
  readonly overlap?: Duration
  /** How long the new secret counts; default: for ever. */
  readonly lifetime?: Duration
  /** The clock; default: that of the system. */
  readonly now?: () => Date
}

/** A secret as the client is told it, once (RFC 7591 3.2.1). */
export interface RotatedSecret {
  readonly client_secret: string
  /** Seconds since the epoch; 0: never. */
  readonly client_secret_expires_at: number
  /** The client as it is stored now. */
  readonly client: StoredClient
}

const names: ReadonlySet<string> = new Set(['overlap', 'lifetime', 'now'])

/** How often a rotation is tried that others keep overtaking. */
const mostAttempts = 5

/**
 * Gives a client a new secret. The old ones count until the overlap ends, and no longer than they would have.
 *
 * Resolves to nothing if there is no such client. Throws `TypeError` for a client without secrets and for options that make no sense,
 * and what the store throws.
 *
 * @example
 * ```ts
 * const store = memoryClientStore()
 * await rotateClientSecret(store, 'unknown', { overlap: '1 hour' }) // undefined
 * ```
 */
export async function rotateClientSecret(
  store: ClientStore,
  clientId: string,
  options: SecretRotationOptions = {},
): Promise<RotatedSecret | undefined> {
  refuseUnknownOptions(options, names)
  const { overlap = '1 day', lifetime, now = () => new Date() } = options
  const at = toNumericDate(now())
  // Whole seconds: every time that is stored is.
  const end = at + Math.ceil(parseDuration(overlap))
  const seconds = lifetime === undefined ? undefined : Math.ceil(parseDuration(lifetime))
  if (seconds === 0) throw new TypeError('the option lifetime must be longer than nothing')
  const { text, stored } = await createCredential(at, seconds)
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const found = await store.find(clientId)
    if (found === undefined) return undefined
    if (found.secrets.length === 0) throw new TypeError('the client has no secret: its authentication method needs none')
    const replaced = found.secrets
      .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? Number.POSITIVE_INFINITY, end) }))
      .filter(({ expiresAt }) => at < expiresAt)
    const client = { ...found, secrets: [stored, ...replaced], version: found.version + 1 }
    const outcome = await store.replace(client, { at })
    if (outcome === 'replaced') return { client_secret: text, client_secret_expires_at: stored.expiresAt ?? 0, client }
    if (outcome === 'gone') return undefined
  }
  throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the client is being changed all the time')
}
