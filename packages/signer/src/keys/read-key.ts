import { describeAlgorithm, type Jwk, type SignatureAlgorithm, signatureAlgorithms } from '@software-statement/core'
import type { CryptoKey, KeyObject } from 'jose'
import type { KeyMaterial } from './key-material.js'
import { derivePublicHalf, readKeyObject } from './node-crypto.js'
import { readPem } from './pem.js'
import { readEncryptedPkcs8, readPkcs8 } from './pkcs8.js'
import { isRemoteKey, type RemoteKey, readRemoteKey } from './remote-key.js'
import { signWith } from './sign-bytes.js'

/**
 * A key as its owner has it: a JWK, PEM text with PKCS#8, encrypted or not, a `CryptoKey` of Web Crypto, a `KeyObject` of Node, or a
 * `RemoteKey` that a KMS or HSM keeps.
 */
export type KeyInput = Jwk | string | CryptoKey | KeyObject | RemoteKey

/**
 * Reads a key. An encrypted PEM, a `KeyObject` and a `CryptoKey` that is not extractable need Node; the others work everywhere.
 *
 * Throws `TypeError`.
 */
export async function readKey(input: KeyInput, passphrase?: string): Promise<KeyMaterial> {
  if (typeof input === 'string') {
    const { der, encrypted } = readPem(input)
    return { jwk: await (encrypted ? readEncryptedPkcs8(der, passphrase) : readPkcs8(der)) }
  }
  if (isCryptoKey(input)) return readCryptoKey(input)
  if (isTagged(input, 'KeyObject')) return { jwk: await readKeyObject(input) }
  if (isRemoteKey(input)) return readRemoteKey(input)
  if (isJwk(input)) return { jwk: { ...input } }
  throw new TypeError('the key is not a JWK, PEM text, CryptoKey, KeyObject or remote key')
}

async function readCryptoKey(key: CryptoKey): Promise<KeyMaterial> {
  const algorithms = algorithmsOfCryptoKey(key)
  const [alg = ''] = algorithms
  const held = { algorithms, sign: (chosen: SignatureAlgorithm, bytes: Uint8Array<ArrayBuffer>) => signWith(key, chosen, bytes) }
  if (key.type === 'secret') return { jwk: { kty: 'oct', alg }, held }
  const exported: Jwk = key.extractable ? { ...(await crypto.subtle.exportKey('jwk', key)) } : await derivePublicHalf(key)
  const { kty, crv, x, y, n, e } = exported
  const jwk = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e, alg }).filter(([, value]) => value !== undefined))
  return key.type === 'private' ? { jwk, held } : { jwk }
}

/** What a `CryptoKey` may sign with: it is bound to its algorithm and hash. */
function algorithmsOfCryptoKey({ algorithm, usages, type }: CryptoKey): readonly SignatureAlgorithm[] {
  if (type !== 'public' && !usages.includes('sign')) throw new TypeError('the CryptoKey is not for signing')
  const bound: BoundAlgorithm = algorithm
  return signatureAlgorithms.filter((alg) => {
    const { importParameters, minimumKeyBytes = 0 } = describeAlgorithm(alg)
    const { name, hash, namedCurve } = importParameters
    const isLong = (bound.length ?? 0) >= minimumKeyBytes * 8
    return bound.name === name && bound.hash?.name === hash && bound.namedCurve === namedCurve && isLong
  })
}

/** The members of WebCrypto's `KeyAlgorithm` and what extends it. */
interface BoundAlgorithm {
  readonly name: string
  readonly hash?: { readonly name: string }
  readonly namedCurve?: string
  readonly length?: number
}

function isCryptoKey(input: unknown): input is CryptoKey {
  return isTagged(input, 'CryptoKey')
}

function isTagged(input: unknown, tag: string): boolean {
  return Object.prototype.toString.call(input) === `[object ${tag}]`
}

function isJwk(input: KeyInput): input is Jwk {
  return typeof input === 'object' && input !== null && 'kty' in input && typeof input.kty === 'string'
}
