import {
  issuerOf,
  type JsonObject,
  parseJwtClaims,
  refuseForbiddenClaims,
  roleOfClaim,
  sortVouchedMetadata,
} from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomeOf, refusalOf } from '../support/outcomes.js'

const iss = 'https://publisher.example'

describe('iss', () => {
  test.each<[claims: JsonObject]>([
    [{}],
    [{ iss: undefined }],
    [{ iss: null }],
    [{ iss: '' }],
    [{ iss: 7 }],
    [{ iss: [iss] }],
    [{ iss: { iss } }],
  ])('%j has no issuer', (claims) => {
    expect(refusalOf(() => issuerOf(claims))).toEqual({ code: 'ERR_ISSUER_MISSING', member: 'iss' })
    expect(outcomeOf(() => parseJwtClaims(claims))).toBe('ERR_ISSUER_MISSING')
  })

  test.each([iss, `${iss}/`, 'OpenBanking Ltd', ' ', 'HTTPS://publisher.example'])('"%s" is an issuer, as it stands', (name) => {
    expect(issuerOf({ iss: name })).toBe(name)
  })
})

describe('types of JWT claims', () => {
  const times = ['exp', 'nbf', 'iat']
  const noTimes = [
    null,
    '1795262400',
    '2026-11-21T12:00:00Z',
    1795262400000,
    1e11,
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    [1],
    {},
    true,
  ]
  test.each(times.flatMap((name) => noTimes.map((value) => [name, value] as const)))('%s %j is refused', (name, value) => {
    expect(refusalOf(() => parseJwtClaims({ iss, [name]: value }))).toEqual({ code: 'ERR_CLAIM_TYPE', member: name })
  })

  test.each(times.flatMap((name) => [1, 1795262400, 1795262400.75, 99_999_999_999].map((value) => [name, value] as const)))(
    '%s %j is a time',
    (name, value) => {
      expect(parseJwtClaims({ iss, [name]: value })).toEqual({ iss, [name]: value })
    },
  )

  test.each([
    ['jti', ''],
    ['jti', null],
    ['jti', 7],
    ['jti', ['a']],
    ['sub', ''],
    ['sub', {}],
    ['aud', ''],
    ['aud', []],
    ['aud', null],
    ['aud', ['']],
    ['aud', ['https://as.example', 7]],
    ['aud', ['https://as.example', null]],
    ['aud', [['https://as.example']]],
    ['aud', { 0: 'https://as.example', length: 1 }],
  ])('%s %j is refused', (name, value) => {
    expect(refusalOf(() => parseJwtClaims({ iss, [name]: value }))).toEqual({ code: 'ERR_CLAIM_TYPE', member: name })
  })

  test('the JWT claims are returned, and no others', () => {
    const claims = { iss, sub: 'a', aud: ['b'], exp: 2, nbf: 1, iat: 1, jti: 'c' }
    expect(parseJwtClaims({ ...claims, software_id: 'd', Exp: 3, toString: 'e' })).toEqual(claims)
    expect(Object.keys(parseJwtClaims({ iss, exp: undefined }))).toEqual(['iss'])
  })
})

describe('the role of a claim', () => {
  test.each([
    ['iss', 'jwt'],
    ['jti', 'jwt'],
    ['ISS', 'unknown'],
    ['client_name', 'metadata'],
    ['client_name#ja', 'metadata'],
    ['client_name#not a tag', 'metadata'],
    ['redirect_uris', 'metadata'],
    ['redirect_uris#de', 'unknown'],
    ['software_redirect_uris', 'unknown'],
    ['post_logout_redirect_uris', 'metadata'],
    ['toString', 'unknown'],
    ['', 'unknown'],
    ['#', 'unknown'],
    ['client_id', 'forbidden'],
    ['client_id#de', 'forbidden'],
    ['client_secret', 'forbidden'],
    ['client_id_issued_at', 'forbidden'],
    ['client_secret_expires_at', 'forbidden'],
    ['something_issued_at', 'forbidden'],
    ['something_expires_at', 'forbidden'],
    ['something_issued_at_noon', 'unknown'],
    ['registration_access_token', 'forbidden'],
    ['registration_client_uri', 'forbidden'],
    ['registration_anything', 'forbidden'],
    ['software_statement', 'forbidden'],
    ['software_statement#en', 'forbidden'],
    ['software_statement_issuer', 'unknown'],
  ])('%s is %s', (name, role) => {
    expect(roleOfClaim(name)).toBe(role)
  })

  test('a forbidden claim is named', () => {
    const refusal = { code: 'ERR_CLAIM_FORBIDDEN', member: 'client_id' }
    expect(refusalOf(() => refuseForbiddenClaims({ iss, client_id: 'a' }))).toEqual(refusal)
  })

  test('exactly the forbidden claims are refused', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('client_id', 'x_expires_at', 'registration_x', 'client_name', 'iss', 'jwks'),
    )
    fc.assert(
      fc.property(name, fc.jsonValue(), (claim, value) => {
        const code = outcomeOf(() => refuseForbiddenClaims({ [claim]: value }))
        expect(code).toBe(
          roleOfClaim(claim) === 'forbidden' ? 'ERR_CLAIM_FORBIDDEN' : claim === 'events' ? 'ERR_CLAIMS_OTHER' : 'accepted',
        )
      }),
    )
  })
})

describe('claims of other kinds of token', () => {
  test.each<[what: string, claims: JsonObject, code: string]>([
    ['an ID token', { nonce: 'a', at_hash: 'b' }, 'ERR_CLAIMS_OTHER'],
    ['a security event', { events: {} }, 'ERR_CLAIMS_OTHER'],
    ['a DPoP proof', { htm: 'POST', htu: 'https://as.example' }, 'ERR_CLAIMS_OTHER'],
    ['an ID token of null members', { nonce: null, at_hash: null }, 'ERR_CLAIMS_OTHER'],
    ['a nonce alone', { nonce: 'a' }, 'accepted'],
    ['a method alone', { htm: 'POST' }, 'accepted'],
  ])('%s', (_, claims, code) => {
    expect(outcomeOf(() => refuseForbiddenClaims({ iss, ...claims }))).toBe(code)
  })
})

describe('vouched metadata', () => {
  test('known members, unknown ones and JWT claims are told apart', () => {
    const claims = { iss, exp: 1, client_name: 'Mail', 'client_name#ja': 'M', org_id: 7, org: { roles: ['a'] } }
    expect(sortVouchedMetadata(claims)).toEqual({
      metadata: { client_name: 'Mail', 'client_name#ja': 'M' },
      unknown: { org_id: 7, org: { roles: ['a'] } },
    })
  })

  test('a software_version that is a number becomes a text, as directories print them', () => {
    expect(sortVouchedMetadata({ iss, software_version: 2.1 }).metadata).toEqual({ software_version: '2.1' })
  })

  test.each<[member: string, value: unknown]>([
    ['client_name', null],
    ['client_name', 7],
    ['client_name#ja', ['a']],
    ['client_name#', 'a'],
    ['client_name#not a tag', 'a'],
    ['redirect_uris', 'https://mail.example/cb'],
    ['redirect_uris', [null]],
    ['redirect_uris', { 0: 'https://mail.example/cb', length: 1 }],
    ['scope', ['openid']],
    ['jwks', []],
    ['jwks', '{"keys":[]}'],
    ['software_id', 7],
    ['software_version', true],
    ['default_max_age', '60'],
    ['default_max_age', -1],
    ['default_max_age', 1.5],
    ['require_auth_time', 'true'],
  ])('%s %j has the wrong type', (member, value) => {
    expect(refusalOf(() => sortVouchedMetadata({ iss, [member]: value }))).toEqual({ code: 'ERR_CLAIM_TYPE', member })
  })

  test('tags that differ in case only are one member, so that two of them are refused', () => {
    expect(outcomeOf(() => sortVouchedMetadata({ iss, 'client_name#EN': 'a', 'client_name#en': 'b' }))).toBe('ERR_CLAIM_TYPE')
  })
})
