import { parseJws } from '@software-statement/core'
import { type Jwk, trustIssuers, verifyJws, verifySoftwareStatement } from '@software-statement/verifier'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, test } from 'vitest'
import { selectKeys } from '../../packages/verifier/src/keys/select-keys.js'
import { VerificationKey } from '../../packages/verifier/src/keys/verification-key.js'
import { keys, publicHalf } from '../support/keys.js'
import { audience, issuer, makeJws, makeStatement, now } from '../support/make-jws.js'
import { outcomeOf, outcomeOfPromise } from '../support/outcomes.js'
import { at } from '../support/registration.js'

const { ed25519, other, p256, rsa } = keys
const withKid = (jwk: Jwk, kid?: string): Jwk => {
  const { kid: _, ...others } = jwk
  return kid === undefined ? others : { ...others, kid }
}
const header = (kid?: string) => parseJws(makeJws({ header: { alg: 'EdDSA', kid }, payload: {} })).header
const select = (kid: string | undefined, jwks: readonly Jwk[]) => {
  const verificationKeys = jwks.map((jwk) => new VerificationKey(jwk))
  return selectKeys(header(kid), verificationKeys).map((key) => verificationKeys.indexOf(key))
}
const a = publicHalf(ed25519)
const b = publicHalf(other)

describe('which keys are tried', () => {
  test.each<[what: string, kid: string | undefined, jwks: readonly Jwk[], chosen: readonly number[]]>([
    ['the one with the kid', 'b', [withKid(a, 'a'), withKid(b, 'b')], [1]],
    ['the one with the kid, not those without', 'b', [withKid(a), withKid(b, 'b')], [1]],
    ['those without a kid where none has it', 'c', [withKid(a), withKid(b, 'b')], [0]],
    ['of equal kids the one that fits the algorithm', 'a', [withKid(publicHalf(p256), 'a'), withKid(a, 'a')], [1]],
    ['of equal kids the one that is for signatures', 'a', [{ ...withKid(a, 'a'), use: 'enc' }, withKid(b, 'a')], [1]],
    ['every one that fits where the statement has no kid', undefined, [withKid(a, 'a'), publicHalf(rsa), withKid(b)], [0, 2]],
  ])('%s', (_, kid, jwks, chosen) => {
    expect(select(kid, jwks)).toEqual(chosen)
  })

  test.each<[what: string, kid: string | undefined, jwks: readonly Jwk[], code: string]>([
    ['no key', 'a', [], 'ERR_KEY_NOT_FOUND'],
    ['another kid', 'a', [withKid(a, 'A')], 'ERR_KEY_NOT_FOUND'],
    ['a kid that is a path to the other', '../b', [withKid(b, 'b')], 'ERR_KEY_NOT_FOUND'],
    ['the kid of a key that does not fit', 'a', [withKid(publicHalf(rsa), 'a'), withKid(b, 'b')], 'ERR_KEY_NOT_FOUND'],
    ['no key that fits', undefined, [publicHalf(rsa), publicHalf(p256)], 'ERR_KEY_NOT_FOUND'],
    ['two keys with the kid that fit', 'a', [withKid(a, 'a'), withKid(b, 'a')], 'ERR_KEY_AMBIGUOUS'],
  ])('%s', (_, kid, jwks, code) => {
    expect(outcomeOf(() => select(kid, jwks))).toBe(code)
  })

  test('a kid that is no text in a key set is no kid', () => {
    expect(select('a', [{ ...a, kid: 7 as unknown as string }])).toEqual([0])
  })
})

describe('the key that verified', () => {
  const verify = (statement: string, jwks: readonly Jwk[]) =>
    verifySoftwareStatement(statement, trustIssuers([{ issuer, jwks: { keys: jwks } }]), { audience, currentDate: at(now) })

  test('is found among several, and named by its kid and thumbprint', async () => {
    const statement = makeStatement({ header: { kid: undefined } })
    const { key } = await verify(statement, [withKid(b, 'b'), withKid(a, 'a')])
    expect(key).toEqual({
      kid: 'a',
      thumbprint: await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: String(ed25519.x) }),
    })
  })

  test('has no kid where the key set gives none, whatever the statement says', async () => {
    const { key } = await verify(makeStatement(), [withKid(a)])
    expect(Object.keys(key)).toEqual(['thumbprint'])
  })

  test('beyond the fourth is not found', async () => {
    const compact = makeJws({ header: { alg: 'EdDSA' }, payload: {} })
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [b, b, b, a] }))).toBe('accepted')
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [b, b, b, b, a] }))).toBe('ERR_SIGNATURE_INVALID')
  })

  test('is found behind any number of weak ones, which cost nothing', async () => {
    const compact = makeJws({ header: { alg: 'EdDSA' }, payload: {} })
    const weak = Array.from({ length: 20 }, () => ({ ...b, x: 'AAAA' }))
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [...weak, a] }))).toBe('accepted')
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [...weak, b, b, b, b, a] }))).toBe('ERR_SIGNATURE_INVALID')
    expect(await outcomeOfPromise(verifyJws(compact, { keys: weak }))).toBe('ERR_KEY_UNSUITABLE')
  })

  test('that there are more than four is told to who looks for the fault', async () => {
    const compact = makeJws({ header: { alg: 'EdDSA' }, payload: {} })
    await expect(verifyJws(compact, { keys: [b, b, b, b, a] })).rejects.toThrow(/first 4 of 5 keys/)
    await expect(verifyJws(compact, { keys: [b, b, b, b] })).rejects.not.toThrow(/first 4/)
  })

  test('a key that cannot be used does not stop the others', async () => {
    const compact = makeJws({ header: { alg: 'EdDSA' }, payload: {} })
    const broken = { ...b, x: 'AAAA' }
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [broken, a] }))).toBe('accepted')
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [broken, b] }))).toBe('ERR_SIGNATURE_INVALID')
    expect(await outcomeOfPromise(verifyJws(compact, { keys: [broken] }))).toBe('ERR_KEY_UNSUITABLE')
  })

  test('both names of Ed25519 verify with one key', async () => {
    for (const alg of ['EdDSA', 'Ed25519']) expect(await outcomeOfPromise(verify(makeStatement({ alg }), [a]))).toBe('accepted')
  })
})
