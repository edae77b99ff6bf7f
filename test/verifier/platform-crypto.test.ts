import { signatureAlgorithms } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { platformCrypto as onNode } from '../../packages/verifier/src/crypto/crypto-node.js'
import { platformCrypto as elsewhere } from '../../packages/verifier/src/crypto/crypto-portable.js'
import { keyFor, keys, publicHalf } from '../support/keys.js'
import { makeJws } from '../support/make-jws.js'

describe('both platforms give the same answers', () => {
  test.each(signatureAlgorithms)('%s: for sound, changed and misshapen signatures', async (alg) => {
    const key = keyFor[alg]
    const [header = '', body = '', signature = ''] = makeJws({ header: { alg }, payload: { a: 1 }, key, alg }).split('.')
    const bytes = new TextEncoder().encode(`${header}.${body}`)
    const sound = new Uint8Array(Buffer.from(signature, 'base64url'))
    const there = await elsewhere.importKey(publicHalf(key), alg)
    const here = await onNode.importKey(publicHalf(key), alg)
    expect([await here(sound, bytes), await there(sound, bytes)]).toEqual([true, true])

    const arbitrary = fc.oneof(
      fc
        .record({ at: fc.nat(sound.length - 1), bit: fc.nat(7) })
        .map(({ at, bit }) => sound.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte))),
      fc.nat(sound.length - 1).map((length) => sound.slice(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 8 }).map((more) => new Uint8Array([...sound, ...more])),
      fc.constantFrom(new Uint8Array(sound.length), new Uint8Array(sound.length).fill(255), new Uint8Array()),
    )
    await fc.assert(
      fc.asyncProperty(arbitrary, async (changed) => {
        const copy = new Uint8Array(changed)
        expect([await here(copy, bytes), await there(copy, bytes)]).toEqual([false, false])
      }),
      { numRuns: 30 },
    )
  })

  test('of texts the digest is the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await onNode.digest(text)).toBe(await elsewhere.digest(text))
      }),
    )
  })

  test.each([
    ['a point off its curve', { ...publicHalf(keys.p256), y: keys.p256.x }],
    ['a key without numbers', { kty: 'RSA' }],
    ['a key of an unknown kind', { kty: 'none' }],
  ])('%s is imported by neither', async (_, jwk) => {
    const given = Object.fromEntries(Object.entries(jwk).filter(([, value]) => value !== undefined))
    const alg = given.kty === 'RSA' ? 'RS256' : 'ES256'
    for (const platform of [onNode, elsewhere]) {
      await expect((async () => platform.importKey(given, alg))()).rejects.toThrow()
    }
  })
})
