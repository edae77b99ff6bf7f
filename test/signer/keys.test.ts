import { createPublicKey } from 'node:crypto'
import { type Jwk, type KeyInput, publicJwks, signSoftwareStatement } from '@software-statement/signer'
import { calculateJwkThumbprint, jwtVerify } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { importKey } from '../../packages/signer/src/keys/sign-bytes.js'
import {
  asymmetric,
  headerOf,
  keyFor,
  keys,
  mail,
  sound,
  symmetric,
  toCryptoKey,
  toKeyObject,
  toPem,
  verifyWithNode,
} from './support.js'

const passphrase = 'correct horse'

describe('every kind of key signs with every algorithm it fits', () => {
  const kinds = [
    ['a JWK', async (alg: never): Promise<KeyInput> => keyFor(alg)],
    ['a KeyObject', async (alg: never): Promise<KeyInput> => toKeyObject(keyFor(alg))],
    ['an extractable CryptoKey', (alg: never): Promise<KeyInput> => toCryptoKey(keyFor(alg), alg, true)],
    ['a CryptoKey that is not extractable', (alg: never): Promise<KeyInput> => toCryptoKey(keyFor(alg), alg, false)],
  ] as const
  const pems = [
    ['PEM', async (alg: never): Promise<KeyInput> => toPem(keyFor(alg))],
    ['encrypted PEM', async (alg: never): Promise<KeyInput> => toPem(keyFor(alg), { cipher: 'aes-256-cbc', passphrase })],
  ] as const
  const cases = [
    ...asymmetric.flatMap((alg) => [...kinds, ...pems].map(([kind, make]) => [kind, alg, make] as const)),
    ...symmetric.flatMap((alg) => kinds.map(([kind, make]) => [kind, alg, make] as const)),
  ]

  test.each(cases)('%s signs with %s', async (_kind, alg, make) => {
    const key = await make(alg as never)
    const statement = await signSoftwareStatement(mail, { ...sound, key, alg, passphrase })
    expect(headerOf(statement).alg).toBe(alg)
    expect(verifyWithNode(statement, keyFor(alg))).toBe(true)
    const publicKey =
      keyFor(alg).kty === 'oct'
        ? Buffer.from(String(keyFor(alg).k), 'base64url')
        : (await publicJwks([{ ...keyFor(alg), alg }])).keys[0]
    if (publicKey === undefined) throw new Error('no key was published')
    const { payload } = await jwtVerify(statement, publicKey as never, { algorithms: [alg], currentDate: sound.currentDate })
    expect(payload.software_id).toBe('mail')
  })
})

describe('the algorithm', () => {
  test.each([
    ['P-256', keys.ES256, 'ES256'],
    ['P-384', keys.ES384, 'ES384'],
    ['P-521', keys.ES512, 'ES512'],
    ['Ed25519', keys.Ed25519, 'EdDSA'],
    ['Ed25519 that names its algorithm', { ...keys.Ed25519, alg: 'Ed25519' }, 'Ed25519'],
    ['RSA', keys.RSA, 'RS256'],
    ['RSA that names its algorithm', { ...keys.RSA, alg: 'PS384' }, 'PS384'],
    ['a symmetric key that names its algorithm', { ...keys.oct, alg: 'HS384' }, 'HS384'],
  ])('of %s is certain', async (_, key, alg) => {
    expect(headerOf(await signSoftwareStatement(mail, { ...sound, key })).alg).toBe(alg)
  })

  test.each([...asymmetric, ...symmetric])('of a CryptoKey for %s is its own', async (alg) => {
    const key = await toCryptoKey(keyFor(alg), alg, false)
    const statement = await signSoftwareStatement(mail, { ...sound, key })
    expect(headerOf(statement).alg).toBe(alg === 'Ed25519' ? 'EdDSA' : alg)
  })

  test('of a symmetric key that names none has to be given', async () => {
    await expect(signSoftwareStatement(mail, { ...sound, key: keys.oct })).rejects.toThrow(TypeError)
  })

  test.each([
    ['of another curve', keys.ES256, 'ES384'],
    ['of another kind of key', keys.ES256, 'RS256'],
    ['with a MAC for an asymmetric key', keys.RSA, 'HS256'],
    ['other than the key names', { ...keys.RSA, alg: 'PS256' }, 'RS256'],
    ['that nobody supports', keys.ES256, 'ES256K'],
    ['none', keys.ES256, 'none'],
    ['named like a property of every object', keys.ES256, 'toString'],
  ])('%s is refused', async (_, key, alg) => {
    await expect(signSoftwareStatement(mail, { ...sound, key, alg: alg as never })).rejects.toThrow(TypeError)
  })
})

describe('a key that must not sign is refused', () => {
  const { d: _d, ...publicKey } = keys.ES256
  const even = Buffer.from(String(keys.RSA.n), 'base64url')
  even[even.length - 1] = 2
  test.each<[string, unknown]>([
    ['a public JWK', publicKey],
    ['a JWK for encryption', { ...keys.ES256, use: 'enc' }],
    ['a JWK that only verifies', { ...keys.ES256, key_ops: ['verify'] }],
    ['a JWK with a malformed key_ops', { ...keys.ES256, key_ops: 'sign' }],
    ['a JWK for another algorithm', { ...keys.ES256, alg: 'ECDH-ES' }],
    ['a JWK of an unknown kty', { kty: 'toString', d: 'AA' }],
    ['a JWK on an unknown curve', { ...keys.ES256, crv: 'secp256k1' }],
    ['a JWK without its point', { kty: 'EC', crv: 'P-256', d: keys.ES256.d }],
    ['a JWK with a number for a text', { ...keys.ES256, d: 1 }],
    ['a symmetric JWK that is too short', { kty: 'oct', k: Buffer.alloc(31).toString('base64url'), alg: 'HS256' }],
    ['a symmetric JWK without its secret', { kty: 'oct', alg: 'HS256' }],
    ['an RSA JWK with exponent 1', { ...keys.RSA, e: 'AQ' }],
    ['an RSA JWK with an even modulus', { ...keys.RSA, n: even.toString('base64url') }],
    ['an RSA JWK with a short modulus', { ...keys.RSA, n: Buffer.alloc(128, 255).toString('base64url') }],
    ['a kid that is not printable', { ...keys.ES256, kid: 'a\nb' }],
    ['a kid that is not text', { ...keys.ES256, kid: 7 }],
    ['a kid that is too long', { ...keys.ES256, kid: 'k'.repeat(257) }],
    ['a public KeyObject', createPublicKey(toKeyObject(keys.ES256))],
    ['JSON text', JSON.stringify(keys.ES256)],
    ['an empty text', ''],
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a function', () => keys.ES256],
    ['an empty object', {}],
    ['an object that calls itself a CryptoKey', { [Symbol.toStringTag]: 'CryptoKey', usages: ['sign'], algorithm: {} }],
    ['an object that calls itself a KeyObject', { [Symbol.toStringTag]: 'KeyObject', type: 'private' }],
  ])('%s', async (_, key) => {
    await expect(signSoftwareStatement(mail, { ...sound, key: key as never })).rejects.toThrow(TypeError)
  })

  test('a CryptoKey that only verifies', async () => {
    const { d: _secret, ...jwk } = keys.ES256
    const parameters = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('jwk', jwk as never, parameters, true, ['verify'])
    await expect(signSoftwareStatement(mail, { ...sound, key })).rejects.toThrow(TypeError)
  })

  test.each([true, false])('a symmetric CryptoKey that is too short (extractable: %s)', async (extractable) => {
    const key = await crypto.subtle.importKey('raw', Buffer.alloc(31), { name: 'HMAC', hash: 'SHA-256' }, extractable, ['sign'])
    await expect(signSoftwareStatement(mail, { ...sound, key })).rejects.toThrow(TypeError)
  })

  test('a CryptoKey for encryption', async () => {
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    await expect(signSoftwareStatement(mail, { ...sound, key: privateKey })).rejects.toThrow(TypeError)
  })
})

describe('halves that do not belong together', () => {
  test.each<[string, Jwk]>([
    ['EC', { ...keys.ES256, d: String(keys.ES384.d) }],
    ['RSA', { ...keys.RSA, e: 'Aw' }],
  ])('of an %s key are refused', async (_, key) => {
    await expect(signSoftwareStatement(mail, { ...sound, key })).rejects.toThrow(TypeError)
  })

  test('of an RSA key are found, by the self-check where WebCrypto has signed with them', async () => {
    const sign = vi.spyOn(crypto.subtle, 'sign')
    const other = Buffer.from(String(keys.RSA.n), 'base64url')
    const middle = Math.floor(other.length / 2)
    other[middle] = (other[middle] ?? 0) ^ 1
    const key = { ...keys.RSA, n: other.toString('base64url') }
    await expect(signSoftwareStatement(mail, { ...sound, key })).rejects.toThrow(TypeError)
    // Later versions of Node refuse such a key when it is imported.
    expect(sign.mock.calls.length).toBeLessThanOrEqual(1)
    sign.mockRestore()
  })

  test('a key store that answers with another key is found out', async () => {
    const other = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])).privateKey
    const real = crypto.subtle.sign.bind(crypto.subtle)
    const sign = vi.spyOn(crypto.subtle, 'sign').mockImplementation((algorithm, _key, data) => real(algorithm, other, data))
    await expect(signSoftwareStatement(mail, sound)).rejects.toThrow(/belong together/)
    expect(sign).toHaveBeenCalledOnce()
    sign.mockRestore()
  })

  test('a key store that fails is the fault of the key', async () => {
    const sign = vi.spyOn(crypto.subtle, 'sign').mockRejectedValue(new Error('no'))
    await expect(signSoftwareStatement(mail, sound)).rejects.toThrow(TypeError)
    sign.mockRestore()
  })

  test('a MAC that is not the same when made again is found out', async () => {
    let calls = 0
    const sign = vi.spyOn(crypto.subtle, 'sign').mockImplementation(async () => new Uint8Array([++calls]).buffer)
    await expect(signSoftwareStatement(mail, { ...sound, key: keys.oct, alg: 'HS256' })).rejects.toThrow(TypeError)
    sign.mockRestore()
  })
})

describe('the kid', () => {
  const thumbprint = async (key: KeyInput) => headerOf(await signSoftwareStatement(mail, { ...sound, key })).kid

  test('is the RFC 7638 thumbprint, the same for every form of a key', async () => {
    const expected = await calculateJwkThumbprint({ ...keys.ES256 } as never)
    const forms = [keys.ES256, toPem(keys.ES256), toKeyObject(keys.ES256), await toCryptoKey(keys.ES256, 'ES256', false)]
    expect(await Promise.all(forms.map(thumbprint))).toEqual(forms.map(() => expected))
  })

  test('of the key comes before its thumbprint, the option before both', async () => {
    const key = { ...keys.ES256, kid: 'key-1' }
    expect(await thumbprint(key)).toBe('key-1')
    expect(headerOf(await signSoftwareStatement(mail, { ...sound, key, kid: 'key-2' })).kid).toBe('key-2')
  })

  test('of a symmetric key is never its thumbprint, which is made of the secret', async () => {
    expect(await thumbprint({ ...keys.oct, alg: 'HS256' })).toBeUndefined()
    expect(await thumbprint({ ...keys.oct, alg: 'HS256', kid: 'mac-1' })).toBe('mac-1')
    expect(await thumbprint(await toCryptoKey(keys.oct, 'HS256', true))).toBeUndefined()
  })
})

describe('messages', () => {
  test('of refused keys hold no key material', async () => {
    const secret = String(keys.RSA.d)
    const broken = [
      { ...keys.RSA, q: undefined },
      { ...keys.RSA, use: 'enc' },
      toPem(keys.RSA).replace('BEGIN PRIVATE', 'BEGIN RSA PRIVATE').replace('END PRIVATE', 'END RSA PRIVATE'),
      toPem(keys.RSA).slice(0, -200),
      toPem(keys.RSA, { cipher: 'aes-256-cbc', passphrase }),
    ]
    const errors = await Promise.all(broken.map((key) => signSoftwareStatement(mail, { ...sound, key }).catch((error) => error)))
    for (const error of errors) {
      expect(error).toBeInstanceOf(TypeError)
      const told = `${error.message} ${error.cause ?? ''}`
      for (const piece of [secret, toPem(keys.RSA).slice(100, 140), passphrase]) expect(told).not.toContain(piece.slice(0, 20))
    }
  })

  test('an import that fails is the fault of the key', async () => {
    await expect(importKey({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 'ES256', 'verify')).rejects.toThrow(TypeError)
  })
})
