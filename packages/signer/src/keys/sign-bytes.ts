import { describeAlgorithm, rsaSignatureBytes, type SignatureAlgorithm } from '@software-statement/core'
import type { CryptoKey } from 'jose'
import type { KeyMembers } from './public-half.js'

export type Bytes = Uint8Array<ArrayBuffer>

/** Signs bytes with a key that is not told (RFC 7515 5.1). */
export type Sign = (alg: SignatureAlgorithm, bytes: Bytes) => Promise<Bytes>

/** Signs with a key that Web Crypto holds. Throws `TypeError` if the key cannot be used. */
export async function signWith(key: CryptoKey, alg: SignatureAlgorithm, bytes: Bytes): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.sign(describeAlgorithm(alg).operationParameters, key, bytes))
  } catch {
    throw new TypeError(`the key does not sign with ${alg}`)
  }
}

/** Whether a signature verifies with a public key. Throws `TypeError` if the members do not make one. */
export async function isSignatureOf(
  publicHalf: KeyMembers,
  alg: SignatureAlgorithm,
  bytes: Bytes,
  signature: Bytes,
): Promise<boolean> {
  if (signature.length !== (rsaSignatureBytes(publicHalf) ?? signature.length)) return false
  const publicKey = await importKey(publicHalf, alg, 'verify')
  return crypto.subtle.verify(describeAlgorithm(alg).operationParameters, publicKey, signature, bytes)
}

/** Imports a JWK for one operation of one algorithm. Throws `TypeError`. */
export async function importKey(jwk: KeyMembers, alg: SignatureAlgorithm, operation: 'sign' | 'verify'): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', { ...jwk }, describeAlgorithm(alg).importParameters, false, [operation])
  } catch {
    throw new TypeError('the key cannot be imported: its members do not make one')
  }
}
