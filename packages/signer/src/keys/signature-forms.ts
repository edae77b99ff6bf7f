import { bytesOf, decodeBase64url, describeAlgorithm, type SignatureAlgorithm } from '@software-statement/core'
import { contentOf, derTags, readDer, readSequence } from './der.js'
import type { KeyMembers } from './public-half.js'
import type { Bytes } from './sign-bytes.js'

/** Bytes of a coordinate, and so of `r` and of `s` (RFC 7518 3.4). */
const scalarBytes: ReadonlyMap<string | undefined, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
])

/**
 * The signatures in the form of RFC 7518 3.4 that the answer of a signer may mean: raw if the length fits, then DER. An ECDSA answer
 * whose length fits may be both: verification decides.
 *
 * Throws `TypeError` if it means none.
 */
export function readSignature(answer: unknown, alg: SignatureAlgorithm, publicHalf: KeyMembers): readonly Bytes[] {
  const answered = bytesOf(answer)
  if (answered === undefined) throw new TypeError('the remote key did not answer with bytes')
  const bytes = new Uint8Array(answered)
  const { crv } = describeAlgorithm(alg)
  const scalar = scalarBytes.get(crv)
  const length = scalar === undefined ? signatureLength(crv, publicHalf) : 2 * scalar
  const raw = bytes.length === length ? [bytes] : []
  const signatures = scalar === undefined ? raw : [...raw, ...readEcdsaDer(bytes, scalar)]
  if (signatures.length > 0) return signatures
  const form = scalar === undefined ? `${length} bytes` : `${length} bytes or DER`
  throw new TypeError(`the remote key answered with ${bytes.length} bytes: a signature with ${alg} is ${form}`)
}

/** 64 bytes for Ed25519 (RFC 8032 5.1.6), for RSA as many as the modulus has (RFC 8017 8). */
function signatureLength(crv: string | undefined, { n = '' }: KeyMembers): number {
  if (crv !== undefined) return 64
  const modulus = decodeBase64url(n) ?? new Uint8Array()
  return (
    modulus.length -
    Math.max(
      modulus.findIndex((byte) => byte !== 0),
      0,
    )
  )
}

/** `r` and `s` side by side, of a sequence of two positive integers (RFC 3279 2.2.3); none if it is anything else. */
function readEcdsaDer(bytes: Bytes, scalar: number): readonly Bytes[] {
  try {
    const [sequence, ...behind] = readDer(bytes)
    const integers = readSequence(sequence)
    if (behind.length > 0 || integers.length !== 2) return []
    const raw = new Uint8Array(2 * scalar)
    for (const [at, integer] of integers.entries()) {
      const number = readUnsigned(contentOf(integer, derTags.integer))
      if (number === undefined || number.length > scalar) return []
      raw.set(number, (at + 1) * scalar - number.length)
    }
    return [raw]
  } catch {
    return []
  }
}

/** The bytes of a positive integer without its sign (X.690 8.3); nothing for another one, or one with needless zeros. */
function readUnsigned(content: Uint8Array): Uint8Array | undefined {
  const [first = 0x80, second = 0] = content
  if (first >= 0x80 || (first === 0 && second < 0x80)) return undefined
  return first === 0 ? content.subarray(1) : content
}
