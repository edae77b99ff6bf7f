import { StatementError } from '@software-statement/core'
import { memorySeenStatements } from '@software-statement/verifier'
import { describe, expect, test, vi } from 'vitest'
import { asserted, makeAssertion, serveClients, serveEveryMethod, server } from '../../support/client-server.js'
import { keyFor, keys, publicHalf } from '../../support/keys.js'
import { makeJws, now } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'

const { authenticate, clock, store } = await serveEveryMethod()
const client = 'private_key_jwt'

/** The code of a refusal and what it is about; `accepted` where there is none. */
async function judge(assertion: string, others = {}): Promise<readonly [string, (string | undefined)?]> {
  const outcome: unknown = await authenticate(asserted(assertion, others)).then(
    () => undefined,
    (error) => error,
  )
  if (outcome === undefined) return ['accepted']
  if (!(outcome instanceof StatementError)) throw outcome
  return [outcome.code, outcome.member]
}

const refused = (member?: string) => ['ERR_CLIENT_AUTHENTICATION', member]

describe('the claims of a client assertion (RFC 7523 3)', () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['no iat', { iat: undefined }],
    ['an exp that is over, within the tolerance', { exp: now - 59 }],
    ['an exp that is as far ahead as it may be', { exp: now + 660 }],
    ['an iat in the future, within the tolerance', { iat: now + 60 }],
    ['an nbf in the future, within the tolerance', { nbf: now + 60 }],
    ['times with fractions', { iat: now - 0.5, exp: now + 30.5 }],
    ['claims that nobody knows', { scope: 'a' }],
  ])('accepted: %s', async (_, claims) => {
    expect(await judge(makeAssertion(claims))).toEqual(['accepted'])
  })

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no aud', { aud: undefined }, 'aud'],
    ['an aud that is an array of the issuer alone', { aud: [server] }, 'aud'],
    ['an aud of the issuer and another server', { aud: [server, 'https://evil.example'] }, 'aud'],
    ['an aud of another server', { aud: 'https://evil.example' }, 'aud'],
    ['an aud that is the token endpoint', { aud: `${server}/token` }, 'aud'],
    ['an aud with a slash at its end', { aud: `${server}/` }, 'aud'],
    ['an aud in capitals', { aud: server.toUpperCase() }, 'aud'],
    ['an aud that is a number', { aud: 1 }, 'aud'],
    ['no iss', { iss: undefined }, 'iss'],
    ['an iss that is another client', { iss: 'client_secret_basic' }, 'iss'],
    ['an iss that is an array', { iss: [client] }, 'iss'],
    ['no exp', { exp: undefined }, 'exp'],
    ['an exp that is over', { exp: now - 60 }, 'exp'],
    ['an exp that is too far ahead', { exp: now + 661 }, 'exp'],
    ['an exp in milliseconds', { exp: (now + 60) * 1000 }, 'exp'],
    ['an exp that is a text', { exp: String(now + 60) }, 'exp'],
    ['an nbf in the future', { nbf: now + 61 }, 'nbf'],
    ['an iat in the future', { iat: now + 61 }, 'iat'],
    ['no jti', { jti: undefined }, 'jti'],
    ['an empty jti', { jti: '' }, 'jti'],
    ['a jti that is a number', { jti: 7 }, 'jti'],
    ['an empty sub', { sub: '' }, 'sub'],
  ])('refused: %s', async (_, claims, member) => {
    expect(await judge(makeAssertion(claims))).toEqual(refused(member))
  })

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['no sub', { sub: undefined }],
    ['a sub that is an unknown client', { iss: 'nobody', sub: 'nobody' }],
    ['a sub that is a client with another method', { iss: 'client_secret_basic', sub: 'client_secret_basic' }],
  ])('refused: %s', async (_, claims) => {
    expect(await judge(makeAssertion(claims))).toEqual(refused())
  })
})

describe('the header and the signature of a client assertion', () => {
  test.each(['JWT', 'jwt', 'client-authentication+jwt', 'application/client-authentication+jwt'])(
    'a typ "%s" is accepted',
    async (typ) => {
      expect(await judge(makeAssertion({}, { header: { typ } }))).toEqual(['accepted'])
    },
  )

  test.each(['at+jwt', 'software-statement+jwt', 'dpop+jwt', 'oauth-authz-req+jwt', 'logout+jwt', '', 'JWT '])(
    'a typ "%s" is that of another kind of JWT',
    async (typ) => {
      expect(await judge(makeAssertion({}, { header: { typ } }))).toEqual(refused('typ'))
    },
  )

  test.each([
    ['crit', ['exp']],
    ['b64', false],
    ['jwk', publicHalf(keys.other)],
    ['jku', 'https://evil.example/jwks'],
    ['x5u', 'https://evil.example/chain'],
    ['zip', 'DEF'],
  ])('the header parameter %s is refused', async (name, value) => {
    expect(await judge(makeAssertion({}, { header: { [name]: value } }))).toEqual(refused(name))
  })

  test('a key that comes with the assertion counts for nothing', async () => {
    const own = { header: { jwk: publicHalf(keys.other) }, key: keys.other }
    expect(await judge(makeAssertion({}, own))).toEqual(refused('jwk'))
    expect(await judge(makeAssertion({}, { key: keys.other }))).toEqual(refused())
  })

  test.each([
    ['unsigned', makeJws({ header: { alg: 'none' }, payload: {} })],
    ['without a signature', makeAssertion().replace(/[^.]*$/, '')],
    ['with another signature', makeAssertion().replace(/[^.]*$/, makeAssertion().split('.')[2] ?? '')],
    ['of five parts', `${makeAssertion()}.a.b`],
    ['with a space behind it', `${makeAssertion()} `],
    [
      'as long as none has to be',
      makeAssertion({ more: 'a'.repeat(2000), and: 'a'.repeat(2000), yet: 'a'.repeat(2000), more2: 'a'.repeat(2000) }),
    ],
    [
      'with a claim twice',
      makeJws({ header: { alg: 'EdDSA' }, payload: `{"iss":"${client}","sub":"nobody","sub":"${client}"}` }),
    ],
    [
      'with the public key as the secret of an HMAC',
      makeAssertion({}, { key: { ...keys.oct, k: String(keys.ed25519.x) }, alg: 'HS256' }),
    ],
  ])('an assertion %s is refused', async (_, assertion) => {
    expect((await judge(assertion))[0]).toBe('ERR_CLIENT_AUTHENTICATION')
  })

  test.each(['ES256', 'PS256', 'RS256', 'EdDSA'] as const)('%s is accepted from a client with such a key', async (alg) => {
    const other = serveClients()
    await other.admit(client, { token_endpoint_auth_method: client, jwks: { keys: [publicHalf(keyFor[alg])] } })
    expect(await outcomeOfPromise(other.authenticate(asserted(makeAssertion({}, { key: keyFor[alg], alg }))))).toBe('accepted')
  })

  test('an HMAC is refused, even where a client has registered its key', async () => {
    const other = serveClients()
    await other.admit(client, { token_endpoint_auth_method: client, jwks: { keys: [publicHalf(keys.oct)] } })
    const assertion = makeAssertion({}, { key: keys.oct, alg: 'HS256' })
    expect(await outcomeOfPromise(other.authenticate(asserted(assertion)))).toBe('ERR_CLIENT_AUTHENTICATION')
  })

  test.each([
    ['ES256', 'ERR_CLIENT_AUTHENTICATION'],
    ['HS256', 'ERR_CLIENT_AUTHENTICATION'],
    ['EdDSA', 'accepted'],
  ])('a client that has registered %s for its assertions signs with nothing else', async (alg, outcome) => {
    const other = serveClients()
    const metadata = { token_endpoint_auth_method: client, token_endpoint_auth_signing_alg: alg }
    await other.admit(client, { ...metadata, jwks: { keys: [publicHalf(keys.ed25519), publicHalf(keys.p256)] } })
    expect(await outcomeOfPromise(other.authenticate(asserted(makeAssertion())))).toBe(outcome)
  })

  test('an algorithm that this server does not list is refused', async () => {
    const narrow = await serveEveryMethod({ algorithms: ['ES256'] })
    expect(await outcomeOfPromise(narrow.authenticate(asserted(makeAssertion())))).toBe('ERR_CLIENT_AUTHENTICATION')
  })

  test('a client without keys has nothing to authenticate itself with', async () => {
    const other = serveClients()
    await other.admit(client, { token_endpoint_auth_method: client })
    expect(await outcomeOfPromise(other.authenticate(asserted(makeAssertion())))).toBe('ERR_CLIENT_AUTHENTICATION')
  })
})

describe('a client assertion counts once', () => {
  test('the second time it is refused, until it has expired anyway', async () => {
    const assertion = makeAssertion({ exp: now + 60 })
    expect(await judge(assertion)).toEqual(['accepted'])
    expect(await judge(assertion)).toEqual(refused())
    clock.seconds = now + 119
    expect(await judge(assertion)).toEqual(refused())
    clock.seconds = now + 120
    expect(await judge(assertion)).toEqual(refused('exp'))
    clock.seconds = now
  })

  test('of many at once one is accepted', async () => {
    const assertion = makeAssertion()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => judge(assertion)))
    expect(outcomes.filter(([code]) => code === 'accepted')).toHaveLength(1)
  })

  test('what is refused uses no jti up: not by others, not by a wrong time', async () => {
    const jti = 'kept'
    expect(await judge(makeAssertion({ jti }, { key: keys.other }))).toEqual(refused())
    expect(await judge(makeAssertion({ jti, aud: 'https://evil.example' }))).toEqual(refused('aud'))
    expect(await judge(makeAssertion({ jti, exp: now - 100 }))).toEqual(refused('exp'))
    expect(await judge(makeAssertion({ jti }))).toEqual(['accepted'])
  })

  test('two clients may have the same jti', async () => {
    const other = 'another_client'
    const jwks = { keys: [publicHalf(keys.ed25519)] }
    const both = serveClients()
    for (const clientId of [client, other]) await both.admit(clientId, { token_endpoint_auth_method: client, jwks })
    for (const sub of [client, other]) {
      const assertion = makeAssertion({ iss: sub, sub, jti: 'the same' })
      expect(await outcomeOfPromise(both.authenticate(asserted(assertion)))).toBe('accepted')
    }
  })

  test('its mark is in nobody else\u2019s way: not in that of a statement with the same issuer and jti', async () => {
    expect(await store.consume({ issuer: client, jti: 'shared', mode: 'once' }, now)).toBe('first')
    expect(await judge(makeAssertion({ jti: 'shared' }))).toEqual(['accepted'])
    expect(await store.consume({ issuer: client, jti: 'shared', mode: 'once' }, now)).toBe('seen')
  })

  test('a store that says nothing known has said neither yes nor no', async () => {
    const other = await serveEveryMethod()
    const answer = vi.spyOn(other.store, 'consume') as unknown as { mockResolvedValue(value: unknown): void } // any answer
    for (const value of [undefined, true, 'ok']) {
      answer.mockResolvedValue(value)
      expect(await outcomeOfPromise(other.authenticate(asserted(makeAssertion())))).toBe('ERR_STORE_UNAVAILABLE')
    }
  })

  test('the marks are of the shape that every store of marks knows', async () => {
    const seen = memorySeenStatements()
    const other = await serveEveryMethod()
    vi.spyOn(other.store, 'consume').mockImplementation((mark, at) => seen.consume(mark, at))
    const assertion = makeAssertion()
    expect(await outcomeOfPromise(other.authenticate(asserted(assertion)))).toBe('accepted')
    expect(await outcomeOfPromise(other.authenticate(asserted(assertion)))).toBe('ERR_CLIENT_AUTHENTICATION')
  })
})
