import { canonicalJson, decodeUtf8, defaultLimits, hasSecretMembers, type Jwk, parseStrictJson } from '@software-statement/core'
import { VerificationKey } from './verification-key.js'

/** The keys of one issuer, each with the JSON it was made from. */
export type KeySet = ReadonlyMap<string, VerificationKey>

/** Keys of other kinds, and certificates, may be of any length: the document as a whole is bounded where it is fetched. */
const longest = 256 * 1024
const documentLimits = { ...defaultLimits, members: 5000, stringBytes: longest, keyStringBytes: longest }
/** Some servers write certificates in lines. */
const form = { multilineMembers: new Set(['x5c']) }

/**
 * Reads a JWK Set (RFC 7517 5) as an issuer publishes it: strict JSON, of which private and symmetric keys and keys for other
 * uses do not count. A key that was known before is the same object again, imported already.
 *
 * Rejects with `Error` if it is not a key set, has no key that counts, or only such as are weak or cannot be imported where one was known
 * that can: where none was, they tell what is wrong.
 */
export async function parseKeySet(body: Uint8Array, known: KeySet): Promise<KeySet> {
  const document = parseStrictJson(decodeUtf8(body), documentLimits, form)
  if (!Array.isArray(document.keys)) throw new Error('the key set has no array of keys')
  const keys = new Map<string, VerificationKey>()
  for (const jwk of document.keys) {
    if (!isPublicKey(jwk)) continue
    const id = canonicalJson(jwk)
    const key = known.get(id) ?? new VerificationKey(jwk)
    if (key.algorithms.length > 0) keys.set(id, key)
  }
  if (keys.size === 0) throw new Error('the key set has no key that can verify a signature')
  if (!(await hasUsableKey(keys)) && (await hasUsableKey(known))) throw new Error('the key set has damaged or weak keys only')
  return keys
}

/** One is enough: a damaged key among others is found out when a statement needs it. */
async function hasUsableKey(keys: KeySet): Promise<boolean> {
  for (const key of keys.values()) if (await key.isUsable()) return true
  return false
}

function isPublicKey(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !hasSecretMembers(value as Jwk) // any object has members
}
