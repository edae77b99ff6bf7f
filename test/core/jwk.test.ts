import { algorithmsOfKey, findKeyWeakness, hasSecretMembers, type Jwk, minimalKey } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'

const { p256, p384, p521, ed25519, rsa, weakRsa, oct } = keys
const rsaAlgorithms = ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']
const { alg: _, ...anyEd25519 } = publicHalf(ed25519)

describe('the algorithms of a key', () => {
  test.each<[what: string, jwk: Jwk, algorithms: readonly string[]]>([
    ['P-256', publicHalf(p256), ['ES256']],
    ['P-384', publicHalf(p384), ['ES384']],
    ['P-521', publicHalf(p521), ['ES512']],
    ['Ed25519 named EdDSA', publicHalf(ed25519), ['EdDSA', 'Ed25519']],
    ['Ed25519 named Ed25519', { ...publicHalf(ed25519), alg: 'Ed25519' }, ['EdDSA', 'Ed25519']],
    ['Ed25519 without alg', anyEd25519, ['EdDSA', 'Ed25519']],
    ['RSA', publicHalf(rsa), rsaAlgorithms],
    ['RSA for one algorithm', { ...publicHalf(rsa), alg: 'PS256' }, ['PS256']],
    ['512 symmetric bits', oct, ['HS256', 'HS384', 'HS512']],
    ['256 symmetric bits', { kty: 'oct', k: 'A'.repeat(43) }, ['HS256']],
    ['a byte less than 256 bits', { kty: 'oct', k: 'A'.repeat(42) }, []],
    ['a symmetric key that is no base64url', { kty: 'oct', k: `${'A'.repeat(86)}==` }, []],
    ['a symmetric key without k', { kty: 'oct' }, []],
    ['RSA with the alg of an HMAC', { ...publicHalf(rsa), alg: 'HS256' }, []],
    ['RSA with k', { ...publicHalf(rsa), k: oct.k ?? '' }, rsaAlgorithms],
    ['RSA for encryption', { ...publicHalf(rsa), use: 'enc' }, []],
    ['RSA with an encryption algorithm', { ...publicHalf(rsa), alg: 'RSA-OAEP' }, []],
    ['P-256 with the alg of P-384', { ...publicHalf(p256), alg: 'ES384' }, []],
    ['P-256 that may only sign', { ...publicHalf(p256), key_ops: ['sign'] }, []],
    ['P-256 that may verify', { ...publicHalf(p256), key_ops: ['encrypt', 'verify'] }, ['ES256']],
    ['P-256 that may do nothing', { ...publicHalf(p256), key_ops: [] }, []],
    ['secp256k1', { ...publicHalf(p256), crv: 'secp256k1' }, []],
    ['X25519', { kty: 'OKP', crv: 'X25519', x: ed25519.x ?? '' }, []],
    ['a type that objects inherit', { kty: 'toString' }, []],
    ['nothing', {}, []],
  ])('%s', (_name, jwk, algorithms) => {
    expect(algorithmsOfKey(jwk)).toEqual(algorithms)
  })

  test('operations are told apart', () => {
    expect(algorithmsOfKey({ ...p256, key_ops: ['sign'] }, 'sign')).toEqual(['ES256'])
    expect(algorithmsOfKey({ ...p256, key_ops: ['verify'] }, 'sign')).toEqual([])
  })

  test('members of wrong types fit nothing', () => {
    const malformed = JSON.parse(
      '[{"kty":"EC","crv":"P-256","key_ops":"verify"},{"kty":"EC","crv":"P-256","use":["sig"]},{"kty":["EC"]}]',
    )
    expect(malformed.flatMap((jwk: Jwk) => algorithmsOfKey(jwk))).toEqual([])
  })
})

describe('secret members', () => {
  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])('%s is one', (name) => {
    expect(hasSecretMembers({ ...publicHalf(p256), [name]: null })).toBe(true)
  })

  test('public halves have none', () => {
    for (const key of [p256, p384, p521, ed25519, rsa]) {
      expect(hasSecretMembers(key)).toBe(true)
      expect(hasSecretMembers(publicHalf(key))).toBe(false)
    }
  })
})

/** A modulus as the faulty library made them: a power of 65537 by the product of small primes, plus multiples of that product. */
function makeRocaModulus(): Uint8Array {
  const primes = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
  ].concat([107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167])
  const product = primes.reduce((all, prime) => all * BigInt(prime), 1n)
  let residue = 1n
  for (let power = 0; power < 41; power++) residue = (residue * 65537n) % product
  const modulus = ((1n << 2047n) / product + 3n) * product + residue
  return Buffer.from(modulus.toString(16).padStart(512, '0'), 'hex')
}

test('a key is the same with leading zeros, and has one form', () => {
  const key = publicHalf(rsa)
  const behindZeros = (text: unknown) => Buffer.from([0, 0, ...Buffer.from(String(text), 'base64url')]).toString('base64url')
  expect(minimalKey({ ...key, n: behindZeros(key.n), e: behindZeros(key.e) })).toEqual(key)
  for (const other of [key, publicHalf(p256), publicHalf(ed25519), oct, { kty: 'RSA', n: 'AA', e: 'AQAB' }, { kty: 'RSA' }]) {
    expect(minimalKey(other)).toEqual(other)
  }
})

describe('keys that must not be used', () => {
  const rsaKey = publicHalf(rsa)
  const n = Buffer.from(String(rsa.n), 'base64url')
  const even = Uint8Array.from([...n.subarray(0, -1), (n.at(-1) ?? 1) & 0xfe])
  const encode = (bytes: Iterable<number>) => Buffer.from(Uint8Array.from(bytes)).toString('base64url')

  test.each<[what: string, members: object]>([
    ['a modulus of 1024 bits', { n: weakRsa.n }],
    [
      'a modulus of 1024 bits behind zeros',
      { n: encode([...Array(128).fill(0), ...Buffer.from(String(weakRsa.n), 'base64url')]) },
    ],
    ['a modulus of 2047 bits', { n: encode([n[0] === undefined ? 0 : n[0] >> 1, ...n.subarray(1)]) }],
    ['a modulus of 16,385 bits', { n: encode([1, ...Array(2047).fill(0), 1]) }],
    ['a modulus of zeros', { n: encode(Array(256).fill(0)) }],
    ['an even modulus', { n: encode(even) }],
    ['a modulus that is not base64url', { n: `${rsa.n}=` }],
    ['no modulus', { n: undefined }],
    ['exponent 1', { e: 'AQ' }],
    ['exponent 1 behind zeros', { e: 'AAAB' }],
    ['exponent 2', { e: 'Ag' }],
    ['an even exponent', { e: 'AQAA' }],
    ['exponent 0', { e: 'AA' }],
    ['no exponent', { e: undefined }],
    ['an exponent that is a number', { e: 65537 }],
    ['a modulus with the ROCA fingerprint', { n: encode(makeRocaModulus()) }],
  ])('%s is a weakness', (_name, members) => {
    expect(findKeyWeakness({ ...rsaKey, ...members })).toBeTypeOf('string')
  })

  test.each<[what: string, jwk: Jwk]>([
    ['RSA 2048', rsaKey],
    ['exponent 3', { ...rsaKey, e: 'Aw' }],
    ['a modulus behind a zero', { ...rsaKey, n: encode([0, ...n]) }],
    ['P-256', publicHalf(p256)],
    ['Ed25519', publicHalf(ed25519)],
    ['oct', oct],
  ])('%s is sound', (_name, jwk) => {
    expect(findKeyWeakness(jwk)).toBeUndefined()
  })

  const p = 2n ** 255n - 19n
  const order8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
  const points = [0n, 1n, order8, p - order8, p - 1n, p, p + 1n].flatMap((y) => [y, y + 2n ** 255n])
  const littleEndian = (y: bigint) => encode(Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse())

  test.each(points.map(littleEndian))('the point %s, of small order, is a weakness of Ed25519', (x) => {
    expect(findKeyWeakness({ kty: 'OKP', crv: 'Ed25519', x })).toContain('small order')
  })

  test.each([2n, p - 2n, p + 2n, order8 + 1n].map(littleEndian))('the point %s is of another order', (x) => {
    expect(findKeyWeakness({ kty: 'OKP', crv: 'Ed25519', x })).toBeUndefined()
  })

  test('a point of order 8 is one whose double has the y of order 4, 0', () => {
    // That y is x^2 + y^2 over something, so that x^2 = -y^2, and the curve says 2 y^2 = 1 - d y^4 (RFC 8032 5.1, 5.1.4).
    const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
    const y2 = (order8 * order8) % p
    expect((d * y2 * y2 + 2n * y2 - 1n) % p).toBe(0n)
  })

  test('the ROCA modulus is refused for its fingerprint, not for its size', () => {
    expect(findKeyWeakness({ ...rsaKey, n: encode(makeRocaModulus()) })).toContain('ROCA')
  })
})
