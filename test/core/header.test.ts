import {
  asymmetricAlgorithms,
  defaultAcceptedTyps,
  isOtherKind,
  isSameTyp,
  parseStatement,
  refuseOtherKinds,
  signatureAlgorithms,
  statementTyp,
} from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { makeClaims, makeJws } from '../support/make-jws.js'
import { outcomeOf, refusalOf } from '../support/outcomes.js'

const parse = (header: object | string) => parseStatement(makeJws({ header, payload: makeClaims(), alg: 'EdDSA' }))
const withParameter = (name: string, value: unknown) => parse({ alg: 'ES256', [name]: value })

describe('parameters that are refused when present', () => {
  const forbidden = ['crit', 'b64', 'jwk', 'jku', 'x5u', 'zip', 'enc']
  const values = [null, false, true, '', 'https://evil.example/jwks', [], ['exp'], {}, 0]

  test.each(forbidden.flatMap((name) => values.map((value) => [name, value] as const)))('%s: %j', (name, value) => {
    expect(refusalOf(() => withParameter(name, value))).toEqual({ code: 'ERR_HEADER_FORBIDDEN', member: name })
  })

  test.each(['JWT', 'jwt', 'application/jwt', 'APPLICATION/JWT'])('a nested token, cty %s', (cty) => {
    expect(refusalOf(() => withParameter('cty', cty))).toEqual({ code: 'ERR_HEADER_FORBIDDEN', member: 'cty' })
  })
})

describe('alg', () => {
  test.each([...signatureAlgorithms])('%s is supported', (alg) => {
    expect(parse({ alg }).header.alg).toBe(alg)
  })

  test('the asymmetric algorithms are all but the HMACs', () => {
    expect(signatureAlgorithms.filter((alg) => !(asymmetricAlgorithms as readonly string[]).includes(alg))).toEqual([
      'HS256',
      'HS384',
      'HS512',
    ])
  })

  test.each(['none', 'None', 'NONE', 'nOnE'])('"%s" is named for what it is', (alg) => {
    expect(refusalOf(() => parse({ alg }))).toEqual({ code: 'ERR_ALGORITHM_NONE', member: 'alg' })
  })

  test.each([
    '',
    ' none',
    'none\u00a0',
    'es256',
    'ES256 ',
    'ES256K',
    'ES521',
    'RS1',
    'HS1',
    'RSA-OAEP',
    'dir',
    'A128KW',
    'PBES2-HS256+A128KW',
    'Ed448',
    'ML-DSA-44',
    'toString',
    'hasOwnProperty',
    '\u212aS256',
  ])('"%s" is not supported', (alg) => {
    expect(refusalOf(() => parse({ alg }))).toEqual({ code: 'ERR_ALGORITHM_UNSUPPORTED', member: 'alg' })
  })

  test.each([[undefined], [null], [256], [['ES256']], [{ alg: 'ES256' }], [true]])('%j is no algorithm', (alg) => {
    expect(refusalOf(() => parse({ alg }))).toEqual({ code: 'ERR_HEADER_TYPE', member: 'alg' })
  })
})

describe('types of other parameters', () => {
  test.each([
    ['typ', null],
    ['typ', ['JWT']],
    ['typ', 1],
    ['cty', null],
    ['cty', {}],
    ['kid', null],
    ['kid', ''],
    ['kid', 7],
    ['kid', ['a']],
    ['kid', 'a\u200bb'],
    ['kid', 'a\u202eb'],
    ['kid', 'x'.repeat(257)],
    ['x5c', null],
    ['x5c', 'MII'],
    ['x5c', []],
    ['x5c', [1]],
    ['x5c', ['MII', 1]],
    ['x5c', {}],
  ])('%s: %j is refused', (name, value) => {
    expect(refusalOf(() => withParameter(name, value))).toEqual({ code: 'ERR_HEADER_TYPE', member: name })
  })

  test('more than five certificates are refused', () => {
    expect(outcomeOf(() => withParameter('x5c', Array(5).fill('MII')))).toBe('accepted')
    expect(refusalOf(() => withParameter('x5c', Array(6).fill('MII')))).toEqual({ code: 'ERR_STATEMENT_LIMIT', member: 'x5c' })
  })

  test.each([
    ['kid', 'x'.repeat(256)],
    ['kid', '../../etc/passwd'],
    ['kid', "1' OR '1'='1"],
    ['kid', 'https://evil.example/jwks'],
    ['kid', 'Schl\u00fcssel 1'],
    ['cty', 'application/json'],
    ['typ', ''],
    ['x5t', 'anything'],
    ['toString', 'anything'],
  ])('%s: %j passes', (name, value) => {
    expect(withParameter(name, value).header[name]).toBe(value)
  })
})

describe('typ', () => {
  test.each([
    'AT+JWT',
    'application/at+jwt',
    'at+jwt',
    'client-authentication+jwt',
    'dc+sd-jwt',
    'dpop+jwt',
    'entity-statement+jwt',
    'explicit-registration-response+jwt',
    'jwk-set+jwt',
    'kb+jwt',
    'key-attestation+jwt',
    'logout+jwt',
    'oauth-authz-req+jwt',
    'oauth-client-attestation+jwt',
    'oauth-client-attestation-pop+jwt',
    'openid4vci-proof+jwt',
    'resolve-response+jwt',
    'secevent+jwt',
    'statuslist+jwt',
    'token-introspection+jwt',
    'trust-mark+jwt',
    'trust-mark-delegation+jwt',
    'trust-mark-status-response+jwt',
    'txntoken+jwt',
    'vc+jwt',
    'vc+sd-jwt',
    'vp+jwt',
    'wimse-id+jwt',
    'wit+jwt',
  ])('%s is another kind of token', (typ) => {
    expect(isOtherKind(typ)).toBe(true)
    expect(refusalOf(() => refuseOtherKinds({ alg: 'ES256', typ }))).toEqual({ code: 'ERR_TYP_OTHER', member: 'typ' })
  })

  test.each([undefined, 'JWT', 'ssa+jwt', 'software-statement+jwt', 'something-else+jwt'])('%s is none', (typ) => {
    expect(outcomeOf(() => refuseOtherKinds(typ === undefined ? { alg: 'ES256' } : { alg: 'ES256', typ }))).toBe('accepted')
  })

  test('nothing that is accepted by default is another kind', () => {
    expect(statementTyp).toBe('software-statement+jwt')
    expect(defaultAcceptedTyps).toEqual(['software-statement+jwt', 'ssa+jwt', 'JWT'])
    expect(defaultAcceptedTyps.filter(isOtherKind)).toEqual([])
  })

  test.each([
    ['JWT', 'jwt', true],
    ['JWT', 'application/JWT', true],
    ['ssa+jwt', 'Application/SSA+JWT', true],
    ['JWT', 'text/jwt', false],
    ['JWT', 'JWT ', false],
    ['x/jwt', 'x/application/jwt', false],
    ['JWT', 'application/application/jwt', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(isSameTyp(one, other)).toBe(same)
  })
})
