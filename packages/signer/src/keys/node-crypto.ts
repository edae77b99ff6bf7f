import type { Jwk } from '@software-statement/core'
import type { CryptoKey } from 'jose'

/** What only node:crypto can do with keys. It is loaded when a key asks for it, so that other keys work in every runtime. */
type NodeCrypto = Awaited<ReturnType<typeof loadNodeCrypto>>
type NodeKey = NodeCrypto['KeyObject']['prototype']

/** Reads a `KeyObject` as a JWK. Throws `TypeError`. */
export async function readKeyObject(key: unknown): Promise<Jwk> {
  const { KeyObject } = await loadNodeCrypto('a KeyObject')
  if (!(key instanceof KeyObject)) throw new TypeError('the key is not a KeyObject of this runtime')
  return exportKey(key)
}

/** Decrypts a PKCS#8 key, as a JWK. Throws `TypeError`. */
export async function decryptPkcs8(der: Uint8Array<ArrayBuffer>, passphrase: string): Promise<Jwk> {
  const { createPrivateKey } = await loadNodeCrypto('an encrypted key')
  let key: NodeKey
  try {
    key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8', passphrase })
  } catch {
    throw new TypeError('the key cannot be decrypted: the passphrase is wrong or the key is damaged')
  }
  return exportKey(key)
}

/** The public half of a private key that must not be exported. Throws `TypeError`. */
export async function derivePublicHalf(key: CryptoKey): Promise<Jwk> {
  const { createPublicKey, KeyObject } = await loadNodeCrypto('a CryptoKey that is not extractable')
  return exportKey(createPublicKey(KeyObject.from(key)))
}

async function loadNodeCrypto(what: string) {
  try {
    return await import('node:crypto')
  } catch {
    throw new TypeError(`${what} needs node:crypto, which is not here: give a JWK`)
  }
}

function exportKey(key: NodeKey): Jwk {
  try {
    return { ...key.export({ format: 'jwk' }) }
  } catch {
    throw new TypeError('the key is of a kind that no JWK can hold')
  }
}
