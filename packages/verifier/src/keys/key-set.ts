import { canonicalJson, decodeUtf8, defaultLimits, hasSecretMembers, type Jwk, parseStrictJson } from '@software-statement/core'
import { VerificationKey } from './verification-key.js'

/** The keys of one issuer, each with the JSON it was made from. */
export type KeySet = ReadonlyMap<string, VerificationKey>

const documentLimits = { ...defaultLimits, members: 5000, stringBytes: defaultLimits.keyStringBytes }

/**
 * Reads a JWK Set (RFC 7517 5) as an issuer publishes it: strict JSON, of which private and symmetric keys and keys for other
 * uses do not count. A key that was known before is the same object again, imported already.
 *
 * Throws `Error` if it is not a key set, or has no key that counts.
 */
export function parseKeySet(body: Uint8Array, known: KeySet): KeySet {
  const document = parseStrictJson(decodeUtf8(body), documentLimits)
  if (!Array.isArray(document.keys)) throw new Error('the key set has no array of keys')
  const keys = new Map<string, VerificationKey>()
  for (const jwk of document.keys) {
    if (!isPublicKey(jwk)) continue
    const id = canonicalJson(jwk)
    const key = known.get(id) ?? new VerificationKey(jwk)
    if (key.algorithms.length > 0) keys.set(id, key)
  }
  if (keys.size === 0) throw new Error('the key set has no key that can verify a signature')
  return keys
}

function isPublicKey(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !hasSecretMembers(value as Jwk) // any object has members
}
