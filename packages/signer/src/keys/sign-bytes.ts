import { describeAlgorithm, type SignatureAlgorithm } from '@software-statement/core'
import { importKey, type SigningKey } from './signing-key.js'

type Bytes = Uint8Array<ArrayBuffer>

/** Signs bytes (RFC 7515 5.1). Throws `TypeError` if the key cannot be used. */
export async function signBytes(key: SigningKey, alg: SignatureAlgorithm, bytes: Bytes): Promise<Bytes> {
  const opened = await key.open(alg)
  try {
    return new Uint8Array(await crypto.subtle.sign(describeAlgorithm(alg).operationParameters, opened, bytes))
  } catch {
    throw new TypeError(`the key does not sign with ${alg}`)
  }
}

/** Whether others will accept a signature as this key's: it is verified with the public half; a MAC is made again. */
export async function isOwnSignature(key: SigningKey, alg: SignatureAlgorithm, bytes: Bytes, signature: Bytes): Promise<boolean> {
  if (key.publicHalf === undefined) {
    const again = await signBytes(key, alg, bytes)
    return again.length === signature.length && again.every((byte, at) => byte === signature[at])
  }
  const publicKey = await importKey(key.publicHalf, alg, 'verify')
  return crypto.subtle.verify(describeAlgorithm(alg).operationParameters, publicKey, signature, bytes)
}
