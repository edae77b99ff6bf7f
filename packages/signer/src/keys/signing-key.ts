import { algorithmsOfKey, findKeyWeakness, type Jwk, type SignatureAlgorithm } from '@software-statement/core'
import { type KeyMembers, kidOf, pickMembers, publicHalfOf } from './public-half.js'
import { type KeyInput, readKey } from './read-key.js'
import { importKey, type Sign, signWith } from './sign-bytes.js'

/** A private or symmetric key that may sign. */
export interface SigningKey {
  /** The public half; a symmetric key has none. */
  readonly publicHalf: KeyMembers | undefined
  /** The key's own, or its thumbprint. A symmetric key has only its own: the thumbprint is made of the secret. */
  readonly kid: string | undefined
  /** What the key may sign with, by its `kty`, `crv`, `use`, `key_ops` and `alg`; at least one. */
  readonly algorithms: readonly SignatureAlgorithm[]
  /** The one algorithm that the key names or that its kind leaves. */
  readonly certainAlgorithm: SignatureAlgorithm | undefined
  /** Throws `TypeError` if the key cannot be used, `TrustUnavailableError` if whoever keeps it cannot be asked. */
  readonly sign: Sign
}

/** What WebCrypto imports; `alg`, `use` and `key_ops` have been judged, and WebCrypto spells some of them differently. */
const keyMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'k'] as const

/** Reads a key that is to sign. Throws `TypeError` if it cannot, or must not be used. */
export async function readSigningKey(
  input: KeyInput,
  { passphrase, kidLength }: { readonly passphrase: string | undefined; readonly kidLength: number },
): Promise<SigningKey> {
  const { jwk, held } = await readKey(input, passphrase)
  if (held === undefined && !Object.hasOwn(jwk, jwk.kty === 'oct' ? 'k' : 'd')) {
    throw new TypeError('the key is a public one: signing needs the private key')
  }
  const algorithms = held?.algorithms ?? algorithmsOfKey(jwk, 'sign')
  refuseUnusable(jwk, algorithms)
  return {
    publicHalf: jwk.kty === 'oct' ? undefined : publicHalfOf(jwk),
    kid: jwk.kty === 'oct' && jwk.kid === undefined ? undefined : await kidOf(jwk, kidLength),
    algorithms,
    certainAlgorithm: certainAlgorithmOf(jwk, algorithms),
    sign: held?.sign ?? (async (alg, bytes) => signWith(await importKey(pickMembers(jwk, keyMembers), alg, 'sign'), alg, bytes)),
  }
}

/** Throws `TypeError` for a key that fits no algorithm or is weak. */
export function refuseUnusable(jwk: Jwk, algorithms: readonly SignatureAlgorithm[]): void {
  if (algorithms.length === 0) {
    throw new TypeError('the key fits no signature algorithm: look at its kty, crv, use, key_ops, alg and length')
  }
  const weakness = findKeyWeakness(jwk)
  if (weakness !== undefined) throw new TypeError(`the key must not be used: ${weakness}`)
}

/** The algorithm a key names, or the one that its curve leaves. */
export function certainAlgorithmOf(jwk: Jwk, algorithms: readonly SignatureAlgorithm[]): SignatureAlgorithm | undefined {
  const named = algorithms.find((alg) => alg === jwk.alg)
  return named ?? (jwk.kty === 'EC' || jwk.kty === 'OKP' ? algorithms[0] : undefined)
}
