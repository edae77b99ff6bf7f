import { type IssuerEntry, type JwkSet, localKeys, type TrustResolver, trustIssuers } from '@software-statement/verifier'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { respond, serve, uri } from '../../support/key-server.js'
import { keys, publicHalf, type TestKey } from '../../support/keys.js'
import { issuer, makeStatement } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'
import { verify } from '../../support/registration.js'

const thumbprintOf = (key: TestKey) => calculateJwkThumbprint(publicHalf(key) as JWK) // a key of ours has what a thumbprint needs
const both: JwkSet = { keys: [publicHalf(keys.ed25519), publicHalf(keys.other)] }
const algOf = ({ kty }: TestKey) => (kty === 'oct' ? 'HS512' : kty === 'RSA' ? 'RS256' : 'EdDSA')

const outcomeOf = (key: TestKey, trust: TrustResolver, header: object = {}) =>
  outcomeOfPromise(verify(makeStatement({ key, alg: algOf(key), header: { ...header } }), { trust }))

describe.each<[where: string, trustIn: (distrust: readonly string[], jwks?: JwkSet) => TrustResolver]>([
  ['inline', (distrust, jwks = both) => trustIssuers([{ issuer, jwks, distrust: [...distrust] }])],
  [
    'remote',
    (distrust, jwks = both) =>
      trustIssuers([{ issuer, jwksUri: uri, distrust: [...distrust] }], {
        fetch: serve(() => respond(JSON.stringify(jwks))).fetch,
      }),
  ],
  [
    'of a resolver of its own',
    (distrust, jwks = both) =>
      async () => ({ issuer, keys: localKeys(jwks), distrust: [...distrust] }),
  ],
])('a key that is distrusted, %s', (_, trustIn) => {
  test.each<[by: string, name: () => Promise<string> | string]>([
    ['by its kid', () => keys.ed25519.kid],
    ['by its thumbprint', () => thumbprintOf(keys.ed25519)],
  ])('%s is refused, the others are not', async (_, name) => {
    const trust = trustIn([await name()])
    expect(await outcomeOf(keys.ed25519, trust)).toBe('ERR_KEY_NOT_FOUND')
    expect(await outcomeOf(keys.ed25519, trust, { kid: undefined })).toBe('ERR_SIGNATURE_INVALID')
    expect(await outcomeOf(keys.ed25519, trust, { kid: keys.other.kid })).toBe('ERR_SIGNATURE_INVALID')
    expect(await outcomeOf(keys.other, trust)).toBe('accepted')
  })

  test('by its thumbprint is refused under another name too', async () => {
    const { kid: _, ...nameless } = publicHalf(keys.ed25519)
    const jwks: JwkSet = { keys: [{ ...nameless, kid: 'renamed' }, nameless] }
    const trust = trustIn([await thumbprintOf(keys.ed25519)], jwks)
    for (const kid of ['renamed', 'unknown', undefined]) {
      expect(await outcomeOf(keys.ed25519, trust, { kid })).toBe('ERR_KEY_NOT_FOUND')
    }
  })

  test('by its thumbprint is refused with its numbers written another way, too', async () => {
    const { rsa } = keys
    const behindZero = (text: unknown) => Buffer.from([0, ...Buffer.from(String(text), 'base64url')]).toString('base64url')
    for (const again of [{ n: behindZero(rsa.n) }, { e: behindZero(rsa.e) }]) {
      const jwks = { keys: [{ ...publicHalf(rsa), ...again }] }
      expect(await outcomeOf(rsa, trustIn([], jwks))).toBe('accepted')
      expect(await outcomeOf(rsa, trustIn([await thumbprintOf(rsa)], jwks))).toBe('ERR_KEY_NOT_FOUND')
      const asPublished = await thumbprintOf({ ...rsa, ...again })
      expect(await outcomeOf(rsa, trustIn([asPublished], jwks))).toBe('ERR_KEY_NOT_FOUND')
    }
  })

  test('by its kid is refused where the set has it without one', async () => {
    const { kid: _, ...nameless } = publicHalf(keys.ed25519)
    expect(await outcomeOf(keys.ed25519, trustIn([], { keys: [nameless] }))).toBe('accepted')
    expect(await outcomeOf(keys.ed25519, trustIn([keys.ed25519.kid], { keys: [nameless] }))).toBe('ERR_KEY_NOT_FOUND')
  })

  test.each([
    ['a part of a kid', keys.ed25519.kid.slice(0, -1)],
    ['a kid in capitals', keys.ed25519.kid.toUpperCase()],
    ['a kid and a space', `${keys.ed25519.kid} `],
  ])('is named exactly: %s names nothing', async (_, name) => {
    expect(await outcomeOf(keys.ed25519, trustIn([name]))).toBe('accepted')
  })
})

test('a symmetric key can be distrusted', async () => {
  const jwks = { keys: [publicHalf(keys.oct)] }
  expect(await outcomeOf(keys.oct, trustIssuers([{ issuer, jwks }]))).toBe('accepted')
  for (const name of [keys.oct.kid, await thumbprintOf(keys.oct)]) {
    expect(await outcomeOf(keys.oct, trustIssuers([{ issuer, jwks, distrust: [name] }]))).toBe('ERR_KEY_NOT_FOUND')
  }
})

test('a distrusted kid is not worth a question to the server', async () => {
  const { fetch, requests } = serve(() => respond(JSON.stringify(both)))
  const trust = trustIssuers([{ issuer, jwksUri: uri, distrust: ['stolen'] }], { fetch })
  expect(await outcomeOf(keys.ed25519, trust, { kid: 'stolen' })).toBe('ERR_KEY_NOT_FOUND')
  expect(requests).toEqual([])
})

test('a key without what a thumbprint needs does not stand in the way', async () => {
  const jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'broken' }, publicHalf(keys.other)] }
  const trust = trustIssuers([{ issuer, jwksUri: uri, distrust: ['x'] }], {
    fetch: serve(() => respond(JSON.stringify(jwks))).fetch,
  })
  expect(await outcomeOf(keys.other, trust)).toBe('accepted')
})

test.each([[['']], [[7]], ['stolen']])('%j is no list of keys', (distrust) => {
  // Configurations come from files: their types are what is tested.
  expect(() => trustIssuers([{ issuer, jwks: both, distrust } as unknown as IssuerEntry])).toThrow(TypeError)
})
