import {
  createDecider,
  createGuardedFetch,
  createGuardedSend,
  type DecisionOptions,
  type GuardedFetchOptions,
  type GuardedSendOptions,
  type Jwk,
  type KeyCacheOptions,
  memoryStatementCache,
  type RemoteKeysOptions,
  type RequestOptions,
  remoteKeys,
  type TrustResolver,
  trustIssuers,
  type VerifyOptions,
  verifyJws,
  verifySoftwareStatement,
} from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { uri } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement, now } from '../support/make-jws.js'
import { at, trustPublisher, verify } from '../support/registration.js'

/** Options come from configurations and plain JavaScript: their types are what is tested. */
const malformed: readonly (readonly [name: string, value: unknown])[] = [
  ['audience', 7],
  ['audience', ''],
  ['audience', ['']],
  ['audience', [null]],
  ['algorithms', 'ES256'],
  ['algorithms', ['none']],
  ['algorithms', ['es256']],
  ['algorithms', [['ES256']]],
  ['algorithms', []],
  ['clockTolerance', {}],
  ['clockTolerance', 3601],
  ['clockTolerance', '61 minutes'],
  ['clockTolerance', 1e99],
  ['maxLifetime', 1e99],
  ['clockTolerance', -1],
  ['clockTolerance', Number.NaN],
  ['maxTokenAge', 'a while'],
  ['maxTokenAge', null],
  ['maxLifetime', ['90 days']],
  ['requiredClaims', 'jti'],
  ['requiredClaims', ['']],
  ['limits', 5],
  ['limits', { statementBytes: 0 }],
  ['limits', { statementsBytes: 10 }],
  ['status', 'valid'],
  ['checkAll', 'yes'],
  ['maxTokenage', 60],
  ['constructor', 60],
]

const onlyForDecisions: typeof malformed = [
  ['statement', 'maybe'],
  ['statement', true],
  ['merge', 'ceiling'],
  ['merge', { redirect_uris: 'ceil' }],
  ['merge', { redirect_uri: 'ceiling' }],
  ['merge', { client_id: 'match' }],
  ['merge', { iss: 'match' }],
  ['merge', { 'scope#en': 'match' }],
  ['merge', { client_name: 'ceiling' }],
  ['metadata_policy', []],
  ['metadata_policy', { token_endpoint_auth_methods: { one_of: ['none'] } }],
  ['metadata_policy', { client_id: { value: 'a' } }],
  ['metadata_policy', { client_secret_expires_at: { value: 0 } }],
  ['metadata_policy', { registration_client_uri: { default: 'a' } }],
  ['metadata_policy', { software_statement: { value: 'a' } }],
  ['metadata_policy', { iss: { value: 'a' } }],
  ['metadata_policy_crit', 'x_within'],
  ['unknownMembers', 'drop'],
  ['redirectSchemes', 'vscode'],
  ['redirectSchemes', ['vscode:']],
  ['redirectSchemes', ['VSCode']],
  ['seen', {}],
  ['seen', 'consumed'],
  ['seen', null],
  ['currentDate', at(now)],
  ['storedStatement', 'a'],
  ['acceptedAt', at(now)],
]

describe('malformed options are the caller\u2019s fault, whatever is verified', () => {
  test.each(malformed)('%s: %o', async (name, value) => {
    const options = { [name]: value } as VerifyOptions
    await expect(verifySoftwareStatement('a', trustPublisher(), options)).rejects.toThrow(TypeError)
    expect(() => createDecider(trustPublisher(), options)).toThrow(TypeError)
  })

  test.each(onlyForDecisions)('%s: %o, at construction', (name, value) => {
    expect(() => createDecider(trustPublisher(), { [name]: value } as DecisionOptions)).toThrow(TypeError)
  })

  test.each<[name: string, value: unknown]>([
    ['currentDate', now],
    ['currentDate', '2026-11-21'],
    ['currentDate', new Date(Number.NaN)],
    ['storedStatement', 7],
    ['acceptedAt', now],
    ['acceptedAt', new Date(Number.NaN)],
    ['registered', { metadata: {} }],
    ['registered', 'x'],
    ['audience', 'https://as.example'],
  ])('%s: %o, beside a request', async (name, value) => {
    const decide = createDecider(trustPublisher())
    await expect(decide('{}', { [name]: value } as RequestOptions)).rejects.toThrow(TypeError)
  })

  test.each<[name: string, value: unknown]>([
    ['algorithms', 'RS256 ES256'],
    ['algorithm', ['EdDSA']],
    ['audience', 'https://as.example'],
  ])('%s: %o, for a JWS', async (name, value) => {
    const options = { [name]: value } as { algorithms: ['EdDSA'] }
    await expect(verifyJws(makeStatement(), publicHalf(keys.ed25519), options)).rejects.toThrow(TypeError)
  })

  test.each<[what: string, make: () => unknown]>([
    ['of a key cache', () => remoteKeys(uri, { keyCache: { staleIfEror: 0 } as KeyCacheOptions })],
    ['of remote keys', () => remoteKeys(uri, { keycache: {} } as RemoteKeysOptions)],
    ['of trust', () => trustIssuers([], { fetsh: fetch } as RemoteKeysOptions)],
    ['of a statement cache', () => memoryStatementCache({ maximum: 7 } as object)],
    ['of a guarded fetch', () => createGuardedFetch({ maxByte: 7 } as GuardedFetchOptions)],
    ['of a guarded send', () => createGuardedSend({ allowhosts: [] } as GuardedSendOptions)],
  ])('a misspelled one, %s', (_, make) => {
    expect(make).toThrow(/^"\w+" is not an option here/)
  })

  test('options that are given as undefined are not given', () => {
    const options = { audience: undefined, merge: undefined, seen: undefined } as unknown as DecisionOptions
    expect(() => createDecider(trustPublisher(), options)).not.toThrow()
  })

  test.each([undefined, null, {}, [], 'https://publisher.example'])('trust: %o', async (trust) => {
    await expect(verifySoftwareStatement(makeStatement(), trust as unknown as TrustResolver)).rejects.toThrow(TypeError)
    expect(() => createDecider(trust as unknown as TrustResolver)).toThrow(TypeError)
  })

  test('members nobody knows may have rules where they are kept', () => {
    const rules: DecisionOptions = { merge: { org_id: 'match' }, metadata_policy: { org_id: { essential: true } } }
    expect(() => createDecider(trustPublisher(), { ...rules, unknownMembers: 'keep' })).not.toThrow()
    expect(() => createDecider(trustPublisher(), rules)).toThrow(TypeError)
  })
})

describe('what a resolver answers is held to the rules of an issuer entry', () => {
  const keySource = async () => []
  test.each<[what: string, answer: unknown]>([
    ['no keys', { issuer }],
    ['keys instead of a key source', { issuer, keys: [publicHalf(keys.ed25519)] }],
    ['attempts that are no function', { issuer, keys: Object.assign(async () => [], { attempts: true }) }],
    ['a text for a list', { issuer, keys: keySource, algorithms: 'RS256 EdDSA' }],
    ['a text for a list in mayAssert', { issuer, keys: keySource, mayAssert: { software_id: 'mail' } }],
    ['an unknown rule', { issuer, keys: keySource, maxLifetimes: 60 }],
    ['an unknown replay mode', { issuer, keys: keySource, replay: 'twice' }],
    ['the typ of another kind', { issuer, keys: keySource, typ: ['at+jwt'] }],
    ['no name', { keys: keySource }],
    ['a text', issuer],
  ])('%s', async (_, answer) => {
    await expect(verify(makeStatement(), { trust: async () => answer as never })).rejects.toThrow(TypeError)
  })
})

describe('malformed keys in a configuration are found at construction', () => {
  const { p256, ed25519, p521 } = keys
  test.each<[what: string, jwk: Jwk]>([
    ['P-256 without y', { ...publicHalf(p256), y: undefined as never }],
    ['P-256 with a short x', { ...publicHalf(p256), x: 'AAAA' }],
    ['P-256 with a padded x', { ...publicHalf(p256), x: `${p256.x}=` }],
    ['P-256 with the coordinates of P-521', { ...publicHalf(p521), crv: 'P-256' }],
    ['Ed25519 without x', { kty: 'OKP', crv: 'Ed25519' }],
    ['Ed25519 with a long x', { ...publicHalf(ed25519), x: `${ed25519.x}AAAA` }],
    ['RSA without n', { ...publicHalf(keys.rsa), n: undefined as never }],
  ])('%s', async (_, jwk) => {
    expect(() => trustIssuers([{ issuer, jwks: { keys: [jwk] } }])).toThrow(TypeError)
  })

  test('a point off its curve makes every statement a new error', async () => {
    const off = { ...publicHalf(p256), y: publicHalf(p256).x ?? '' }
    const trust = trustIssuers([{ issuer, jwks: { keys: [off] } }])
    const statement = makeStatement({ key: p256, header: { alg: 'ES256' } })
    const errors = await Promise.all([1, 2].map(() => verify(statement, { trust }).catch((error: unknown) => error)))
    expect(errors).toMatchObject([{ code: 'ERR_KEY_UNSUITABLE' }, { code: 'ERR_KEY_UNSUITABLE' }])
    expect(errors[0]).not.toBe(errors[1])
  })
})
