import { createPublicKey } from 'node:crypto'
import { asymmetricAlgorithms, hasSecretMembers, type Jwk } from '@software-statement/core'
import { generateSigningKey, publicJwks } from '@software-statement/signer'
import { calculateJwkThumbprint, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { keys, toCryptoKey, toKeyObject, toPem } from './support.js'

const macKey = await toCryptoKey(keys.oct, 'HS256', true)

describe('the published key set', () => {
  test('has the current and the next key, each with its thumbprint as kid', async () => {
    const { keys: published } = await publicJwks([keys.ES256, keys.RSA])
    expect(published).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: keys.ES256.x,
        y: keys.ES256.y,
        use: 'sig',
        alg: 'ES256',
        kid: await calculateJwkThumbprint({ ...keys.ES256 } as never),
      },
      { kty: 'RSA', n: keys.RSA.n, e: keys.RSA.e, use: 'sig', kid: await calculateJwkThumbprint({ ...keys.RSA } as never) },
    ])
  })

  test.each<[string, Jwk, string | undefined]>([
    ['P-384', keys.ES384, 'ES384'],
    ['P-521', keys.ES512, 'ES512'],
    ['Ed25519', keys.Ed25519, 'EdDSA'],
    ['Ed25519 that names its algorithm', { ...keys.Ed25519, alg: 'Ed25519' }, 'Ed25519'],
    ['RSA', keys.RSA, undefined],
    ['RSA that names its algorithm', { ...keys.RSA, alg: 'PS256' }, 'PS256'],
  ])('says of a key that is %s which algorithm is certain', async (_, key, alg) => {
    expect((await publicJwks([key])).keys[0]?.alg).toBe(alg)
  })

  test('is the same for every form of a key', async () => {
    const passphrase = 'correct horse'
    const forms = [
      toPem(keys.ES256),
      toPem(keys.ES256, { cipher: 'aes-256-cbc', passphrase }),
      toKeyObject(keys.ES256),
      await toCryptoKey(keys.ES256, 'ES256', true),
      await toCryptoKey(keys.ES256, 'ES256', false),
      createPublicKey(toKeyObject(keys.ES256)),
      { kty: 'EC', crv: 'P-256', x: String(keys.ES256.x), y: String(keys.ES256.y), key_ops: ['verify'] },
    ]
    const expected = await publicJwks([keys.ES256])
    for (const form of forms) expect(await publicJwks([form], { passphrase })).toEqual(expected)
  })

  test('names the algorithm that a CryptoKey is bound to', async () => {
    const { keys: published } = await publicJwks([await toCryptoKey(keys.RSA, 'PS512', false)])
    expect(published[0]?.alg).toBe('PS512')
  })

  test('takes a public CryptoKey', async () => {
    const { publicKey } = await generateKeyPair('EdDSA')
    expect((await publicJwks([publicKey])).keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })
  })

  test.each<[string, unknown]>([
    ['no key', []],
    ['a key instead of several', keys.ES256],
    ['a symmetric JWK', [keys.oct]],
    ['a symmetric JWK among others', [keys.ES256, { ...keys.oct, alg: 'HS256' }]],
    ['a symmetric KeyObject', [toKeyObject(keys.oct)]],
    ['a symmetric CryptoKey', [macKey]],
    ['the same key twice', [keys.ES256, toPem(keys.ES256)]],
    [
      'two keys with one kid',
      [
        { ...keys.ES256, kid: 'a' },
        { ...keys.RSA, kid: 'a' },
      ],
    ],
    ['a key for encryption', [{ ...keys.ES256, use: 'enc' }]],
    ['a weak key', [{ ...keys.RSA, e: 'AQ' }]],
    ['a key without its point', [{ kty: 'EC', crv: 'P-256', d: keys.ES256.d }]],
    ['a kid that is not printable', [{ ...keys.ES256, kid: 'a\u0000' }]],
    ['something that is no key', [{}]],
  ])('is refused for %s', async (_, given) => {
    await expect(publicJwks(given as never)).rejects.toThrow(TypeError)
  })
})

describe('a generated key', () => {
  test.each(asymmetricAlgorithms)('for %s is private, names its algorithm and has its thumbprint as kid', async (alg) => {
    const key = await generateSigningKey(alg, alg.includes('S') && /^[PR]/.test(alg) ? { modulusLength: 2048 } : {})
    expect(key).toMatchObject({ alg, use: 'sig', kid: await calculateJwkThumbprint({ ...key } as never) })
    expect(hasSecretMembers(key)).toBe(true)
    expect((await publicJwks([key])).keys[0]).toMatchObject({ kid: key.kid, alg })
  })

  test('is ES256 by default, RSA with 3072 bits', async () => {
    expect((await generateSigningKey()).alg).toBe('ES256')
    const { n } = await generateSigningKey('RS256')
    expect(Buffer.from(String(n), 'base64url')).toHaveLength(3072 / 8)
  })

  test.each([
    ['for a MAC', 'HS256', {}],
    ['for no signature', 'none', {}],
    ['for something unknown', 'toString', {}],
    ['with a short modulus', 'RS256', { modulusLength: 1024 }],
    ['with a modulus of no whole bytes', 'RS256', { modulusLength: 2049 }],
    ['with a modulus that takes minutes', 'RS256', { modulusLength: 16_384 }],
    ['with a modulus that is no number', 'RS256', { modulusLength: Number.NaN }],
  ])('%s is refused', async (_, alg, options) => {
    await expect(generateSigningKey(alg as never, options)).rejects.toThrow(TypeError)
  })
})
