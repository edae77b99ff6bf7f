import type { JsonObject } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { type LintStatementOptions, lintStatement } from '../../../packages/core/src/lint/lint-statement.js'
import { type LintRuleId, lintRules } from '../../../packages/core/src/lint/rules.js'
import { makeStatement, now, nowInSeconds, omit, soundClaims, soundHeader } from './support.js'

interface Subject {
  readonly header?: JsonObject
  readonly claims?: JsonObject
  readonly options?: LintStatementOptions
}

const lint = ({ header = soundHeader, claims = soundClaims, options = { now } }: Subject) =>
  lintStatement(makeStatement(header, claims), options)

const changed = (changes: JsonObject) => ({ claims: { ...soundClaims, ...changes } })
const without = (...names: readonly string[]) => ({ claims: omit(soundClaims, ...names) })
const headed = (changes: JsonObject) => ({ header: { ...soundHeader, ...changes } })
const year = 366 * 86_400

type Row = readonly [rule: LintRuleId, what: string, subject: Subject, member: string | undefined]
type QuietRow = readonly [rule: LintRuleId, what: string, subject: Subject]

const firing: readonly Row[] = [
  ['statement/missing-issuer', 'no iss', without('iss'), 'iss'],
  ['statement/missing-issuer', 'an iss that is an array', changed({ iss: ['https://publisher.example'] }), 'iss'],
  ['statement/missing-issuer', 'an empty iss', changed({ iss: '' }), 'iss'],
  ['statement/other-kind', 'the typ of an access token', headed({ typ: 'at+jwt' }), 'typ'],
  ['statement/other-kind', 'the typ of a client attestation', headed({ typ: 'OAuth-Client-Attestation+JWT' }), 'typ'],
  ['statement/other-kind', 'the claims of a DPoP proof', changed({ htm: 'POST', htu: 'https://as.example/' }), undefined],
  ['statement/forbidden-claim', 'a client_id', changed({ client_id: 'c1' }), 'client_id'],
  ['statement/forbidden-claim', 'a nested statement', changed({ software_statement: 'a.b.c' }), 'software_statement'],
  ['statement/claim-type', 'a sub that is a number', changed({ sub: 1 }), 'sub'],
  ['statement/claim-type', 'an aud without entries', changed({ aud: [] }), 'aud'],
  ['statement/claim-type', 'a jti that is null', changed({ jti: null }), 'jti'],
  ['statement/claim-type', 'an exp that is a text', changed({ exp: '2026-12-01' }), 'exp'],
  ['statement/claim-type', 'an iat before 1970', changed({ iat: -1 }), 'iat'],
  ['statement/claim-type', 'an nbf of zero', changed({ nbf: 0 }), 'nbf'],
  ['statement/milliseconds', 'an exp in milliseconds', changed({ exp: now.getTime() }), 'exp'],
  ['statement/milliseconds', 'an iat in milliseconds', changed({ iat: now.getTime() }), 'iat'],
  ['statement/expires-before-issued', 'exp at iat', changed({ exp: nowInSeconds, iat: nowInSeconds }), 'exp'],
  ['statement/expires-before-issued', 'exp before nbf', changed({ exp: nowInSeconds + 1, nbf: nowInSeconds + 2 }), 'exp'],
  ['statement/expired', 'exp a minute ago', changed({ exp: nowInSeconds - 60 }), 'exp'],
  ['statement/no-expiry', 'no exp', without('exp'), 'exp'],
  ['statement/long-lifetime', 'more than a year from iat', changed({ iat: 1, exp: 2 + year }), 'exp'],
  [
    'statement/long-lifetime',
    'more than a year from nbf',
    { claims: { ...omit(soundClaims, 'iat'), nbf: 1, exp: 2 + year } },
    'exp',
  ],
  [
    'statement/long-lifetime',
    'more than a year from now without iat',
    { claims: { ...omit(soundClaims, 'iat'), exp: nowInSeconds + year + 1 } },
    'exp',
  ],
  ['statement/no-jti', 'no jti', without('jti'), 'jti'],
  ['statement/not-yet-valid', 'nbf in more than a minute', changed({ nbf: nowInSeconds + 61 }), 'nbf'],
  ['statement/issued-in-future', 'iat in more than a minute', changed({ iat: nowInSeconds + 61 }), 'iat'],
  ['statement/symmetric', 'an HMAC', headed({ alg: 'HS256' }), 'alg'],
  ['statement/unusual-typ', 'a typ of its own', headed({ typ: 'example-statement+jwt' }), 'typ'],
  ['statement/no-metadata', 'JWT claims only', { claims: { iss: 'https://publisher.example', org_id: '1' } }, undefined],
  ['statement/no-issued-at', 'no iat', without('iat'), 'iat'],
  ['statement/no-audience', 'no aud', without('aud'), 'aud'],
  ['statement/no-typ', 'no typ', { header: omit(soundHeader, 'typ') }, 'typ'],
  ['statement/no-typ', 'the typ of any JWT', headed({ typ: 'jwt' }), 'typ'],
  ['statement/no-kid', 'neither kid nor x5c', { header: omit(soundHeader, 'kid') }, 'kid'],
  ['statement/kid-not-thumbprint', 'another thumbprint', { options: { now, thumbprint: 'key-2' } }, 'kid'],
  ['statement/certificate-chain', 'x5c', headed({ x5c: ['MIIB'] }), 'x5c'],
  ['statement/header-parameter-ignored', 'x5t', headed({ x5t: 'abc' }), 'x5t'],
  ['statement/header-parameter-ignored', 'a name of Object.prototype', headed({ toString: 1 }), 'toString'],
  ['statement/unknown-claim', 'a claim of an ecosystem', changed({ org_id: '1' }), 'org_id'],
  ['statement/unknown-claim', 'a name of Object.prototype', changed({ toString: 1 }), 'toString'],
  ['statement/unknown-claim', 'a language tag where there are none', changed({ 'scope#en': 'a' }), 'scope#en'],
]

const quiet: readonly QuietRow[] = [
  ['statement/missing-issuer', 'an iss that is no URI', changed({ iss: 'OpenBanking Ltd' })],
  ['statement/other-kind', 'nonce without at_hash', changed({ nonce: 'n' })],
  ['statement/forbidden-claim', 'a claim of an ecosystem', changed({ org_status: 'Active' })],
  ['statement/claim-type', 'several audiences', changed({ aud: ['https://as.example', 'https://other.example'] })],
  ['statement/claim-type', 'an exp in milliseconds, which has a rule of its own', changed({ exp: now.getTime() })],
  ['statement/claim-type', 'an iat with a fraction', changed({ iat: nowInSeconds - 0.5 })],
  ['statement/milliseconds', 'the latest second', changed({ exp: 1e11 - 1 })],
  ['statement/expires-before-issued', 'exp right after iat', changed({ exp: 2, iat: 1 })],
  ['statement/expires-before-issued', 'an iat in milliseconds', changed({ iat: now.getTime() })],
  ['statement/expired', 'exp less than a minute ago', changed({ exp: nowInSeconds - 59 })],
  ['statement/expired', 'exp in the past, but no time to judge by', { ...changed({ exp: 2, iat: 1 }), options: {} }],
  ['statement/no-expiry', 'an exp of the wrong type', changed({ exp: 'never' })],
  ['statement/long-lifetime', 'a year', changed({ iat: 1, exp: 1 + year })],
  ['statement/long-lifetime', 'no start and no time to judge by', { claims: { ...omit(soundClaims, 'iat') }, options: {} }],
  ['statement/no-jti', 'a jti of the wrong type', changed({ jti: 1 })],
  ['statement/not-yet-valid', 'nbf within a minute', changed({ nbf: nowInSeconds + 60 })],
  ['statement/issued-in-future', 'iat within a minute', changed({ iat: nowInSeconds + 60 })],
  ['statement/symmetric', 'a signature', headed({ alg: 'PS256' })],
  ['statement/unusual-typ', 'the typ of Connect2id', headed({ typ: 'ssa+jwt' })],
  ['statement/unusual-typ', 'a full media type', headed({ typ: 'application/Software-Statement+JWT' })],
  ['statement/unusual-typ', 'the typ of another kind, which has a rule of its own', headed({ typ: 'at+jwt' })],
  ['statement/no-metadata', 'one member with a language tag', { claims: { 'client_name#en': 'Mail' } }],
  ['statement/no-issued-at', 'an iat of the wrong type', changed({ iat: 'now' })],
  ['statement/no-audience', 'an audience', changed({ aud: ['https://as.example'] })],
  ['statement/no-typ', 'another typ', headed({ typ: 'example-statement+jwt' })],
  ['statement/no-kid', 'x5c instead of kid', { header: { ...omit(soundHeader, 'kid'), x5c: ['MIIB'] } }],
  ['statement/kid-not-thumbprint', 'the thumbprint', { options: { now, thumbprint: 'key-1' } }],
  [
    'statement/kid-not-thumbprint',
    'a thumbprint but no kid',
    { header: omit(soundHeader, 'kid'), options: { thumbprint: 'key-1' } },
  ],
  ['statement/certificate-chain', 'a certificate hash', headed({ 'x5t#S256': 'abc' })],
  ['statement/header-parameter-ignored', 'the parameters that count', headed({ x5c: ['MIIB'] })],
  ['statement/unknown-claim', 'language-tagged metadata', changed({ 'client_name#ja': 'Mail' })],
]

describe('rules about statements', () => {
  test('there is nothing to say about a sound statement', () => {
    expect(lint({})).toEqual([])
  })

  test.each(firing)('%s finds %s', (rule, _what, subject, member) => {
    const { severity, clause } = lintRules[rule]
    const about = member === undefined ? {} : { member }
    const finding = { rule, severity, clause, message: expect.any(String), ...about }
    expect(lint(subject).filter((found) => found.rule === rule)).toEqual([finding])
  })

  test.each(quiet)('%s says nothing of %s', (rule, _what, subject) => {
    expect(lint(subject).map((found) => found.rule)).not.toContain(rule)
  })

  const ids = Object.keys(lintRules).filter((id) => id.startsWith('statement/'))
  test.each(ids)('%s has a row that fires it and one that does not', (id) => {
    expect(firing.map(([rule]) => rule)).toContain(id)
    expect(quiet.map(([rule]) => rule)).toContain(id)
  })
})

describe('a statement and its parts', () => {
  test('every fault is found, not the first', () => {
    const claims = { sub: 1, aud: 2, jti: 3, exp: 'a', nbf: 'b', iat: 'c', client_id: 'd', client_secret: 'e', scope: 4 }
    const found = lint({ claims }).filter(({ severity }) => severity === 'error')
    expect(found.map(({ rule, member }) => `${rule} ${member}`)).toEqual([
      'statement/missing-issuer iss',
      'statement/forbidden-claim client_id',
      'statement/forbidden-claim client_secret',
      'statement/claim-type sub',
      'statement/claim-type aud',
      'statement/claim-type jti',
      'statement/claim-type exp',
      'statement/claim-type nbf',
      'statement/claim-type iat',
      'metadata/wrong-type scope',
    ])
  })

  test('the vouched metadata is held to the rules of partial metadata', () => {
    const claims = { ...omit(soundClaims, 'software_id'), logo_uri: 'javascript:alert(1)' }
    const found = lint({ claims }).map(({ rule, member }) => [rule, member])
    expect(found).toEqual([
      ['metadata/uri', 'logo_uri'],
      ['metadata/no-software-id', 'software_id'],
    ])
  })

  test('a statement not signed yet can be judged by its header and claims', () => {
    const header = { alg: 'ES256', kid: 'key-1' } as const
    expect(lintStatement({ header, claims: soundClaims }).map(({ rule }) => rule)).toEqual(['statement/no-typ'])
  })

  test('the example of RFC 7591 3.1.1 lacks its issuer, and the finding says why', () => {
    const claims = {
      software_id: '4NRB1-0XZABZI9E6-5SM3R',
      client_name: 'Example Statement-based Client',
      client_uri: 'https://client.example.net/',
    }
    const [first] = lint({ header: { alg: 'RS256' }, claims })
    expect(first?.rule).toBe('statement/missing-issuer')
    expect(first?.message).toContain('7969')
  })

  test('the value of a secret is in no finding', () => {
    const secret = 'cf136dc3c1fc93f31185e5885805d'
    const jwks = { keys: [{ kty: 'oct', k: secret }] }
    const claims = {
      ...soundClaims,
      client_secret: secret,
      registration_access_token: secret,
      jwks,
      jti: { secret },
      aud: [1, secret],
    }
    const found = lint({ claims, header: { ...soundHeader, secret } })
    expect(found.filter(({ severity }) => severity === 'error')).toHaveLength(5)
    expect(JSON.stringify(found)).not.toContain(secret)
  })
})
