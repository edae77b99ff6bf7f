import { decodeBase64url, encodeBase64url } from '../json/base64url.js'
import { asymmetricAlgorithms, describeAlgorithm, type SignatureAlgorithm, signatureAlgorithms } from './algorithms.js'
import { isRocaModulus } from './roca.js'
import { isOfSmallOrder } from './small-order.js'

/** A JSON Web Key (RFC 7517), as far as signatures need it. */
export interface Jwk {
  readonly kty?: string
  readonly kid?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly alg?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly k?: string
  readonly d?: string
  readonly [member: string]: unknown
}

/** A JWK Set (RFC 7517 5). */
export interface JwkSet {
  readonly keys: readonly Jwk[]
}

/** Members that hold private or symmetric key material (RFC 7518 6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const

/** Whether a JWK holds private or symmetric key material. */
export function hasSecretMembers(jwk: Jwk): boolean {
  return secretMembers.some((member) => Object.hasOwn(jwk, member))
}

/**
 * The algorithms a key may verify with, as its `kty`, `crv`, `use`, `key_ops` and `alg` say (RFC 7517 4, RFC 7518 3.1);
 * empty for keys of other kinds or for other uses.
 */
export function algorithmsOfKey(jwk: Jwk, operation: 'sign' | 'verify' = 'verify'): readonly SignatureAlgorithm[] {
  if (jwk.use !== undefined && jwk.use !== 'sig') return []
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes(operation))) return []
  const candidates = jwk.kty === 'oct' ? signatureAlgorithms : asymmetricAlgorithms
  return candidates.filter((alg) => {
    const { kty, crv, minimumKeyBytes } = describeAlgorithm(alg)
    if (kty !== jwk.kty || (crv !== undefined && crv !== jwk.crv)) return false
    if (jwk.alg !== undefined && !isSameAlgorithm(jwk.alg, alg)) return false
    return minimumKeyBytes === undefined || (decode(jwk.k)?.length ?? 0) >= minimumKeyBytes
  })
}

/** `EdDSA` with an Ed25519 key and `Ed25519` are two names of one algorithm (RFC 9864 2.2). */
function isSameAlgorithm(a: string, b: string): boolean {
  const name = (alg: string) => (alg === 'EdDSA' ? 'Ed25519' : alg)
  return name(a) === name(b)
}

/** Bytes of each coordinate of a point (RFC 7518 6.2.1.2, RFC 8037 2). */
const coordinateBytes: ReadonlyMap<unknown, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
  ['Ed25519', 32],
])

/** OpenSSL verifies nothing with longer ones. */
const mostModulusBits = 16_384

/** Why a key must not be used although it fits, or `undefined` if it is sound. Whether a point is on its curve is not looked at. */
export function findKeyWeakness(jwk: Jwk): string | undefined {
  if (jwk.kty === 'EC' || jwk.kty === 'OKP') return findPointWeakness(jwk)
  return jwk.kty === 'RSA' ? findRsaWeakness(jwk) : undefined
}

function findPointWeakness({ kty, crv, x, y }: Jwk): string | undefined {
  const coordinates = (kty === 'EC' ? [x, y] : [x]).map(decode)
  const length = coordinateBytes.get(crv)
  if (!coordinates.every((bytes) => bytes !== undefined && bytes.length === length))
    return 'its coordinates are not base64url of the length that its curve has'
  const [point] = coordinates
  return kty === 'OKP' && point !== undefined && isOfSmallOrder(point) ? 'its point is of small order' : undefined
}

function findRsaWeakness(jwk: Jwk): string | undefined {
  const modulus = unsigned(jwk.n)
  const exponent = unsigned(jwk.e)
  if (modulus === undefined || exponent === undefined) return 'its modulus or exponent is not base64url'
  if (bitLength(modulus) < 2048) return 'its modulus has less than 2048 bits'
  if (bitLength(modulus) > mostModulusBits) return `its modulus has more than ${mostModulusBits} bits`
  if (modulus.at(-1) === undefined || (modulus.at(-1) ?? 0) % 2 === 0) return 'its modulus is even'
  const small = exponent.length === 1 ? (exponent[0] ?? 0) : 3
  if (small < 3 || (exponent.at(-1) ?? 0) % 2 === 0) return 'its public exponent is not an odd number above 1'
  if (isRocaModulus(modulus)) return 'its modulus has the ROCA fingerprint (CVE-2017-15361)'
  return undefined
}

/**
 * The bytes that every signature of an RSA key has, those of its modulus (RFC 8017 8.1.2, 8.2.2), or `undefined` for other keys.
 * Platforms do not look at it for PSS: without a look a signature that begins with a zero could be told without it as well.
 *
 * @example
 * ```ts
 * rsaSignatureBytes({ kty: 'RSA', n: 'AQAB', e: 'AQAB' }) // 3
 * ```
 */
export function rsaSignatureBytes({ kty, n }: Jwk): number | undefined {
  return kty === 'RSA' ? unsigned(n)?.length : undefined
}

/**
 * A key with its numbers as RFC 7518 6.3.1 wants them, without leading zeros, which some programs write and platforms pass over: the form
 * in which a key has one RFC 7638 thumbprint.
 *
 * @example
 * ```ts
 * minimalKey({ kty: 'RSA', n: 'AAEAAQ', e: 'AQAB' }) // { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
 * ```
 */
export function minimalKey(jwk: Jwk): Jwk {
  const [n, e] = [jwk.n, jwk.e].map(unsigned)
  if (jwk.kty !== 'RSA' || n === undefined || e === undefined) return jwk
  return { ...jwk, n: encodeBase64url(n), e: encodeBase64url(e) }
}

/** The bytes of a base64url number without leading zeros. */
function unsigned(text: unknown): Uint8Array | undefined {
  const bytes = decode(text)
  const start = bytes?.findIndex((byte) => byte !== 0) ?? -1
  return start === -1 ? undefined : bytes?.subarray(start)
}

function bitLength(bytes: Uint8Array): number {
  return bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24
}

function decode(text: unknown): Uint8Array | undefined {
  return typeof text === 'string' ? decodeBase64url(text) : undefined
}
