import { memorySeenStatements, type StatementError } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { issuer, makeStatement, now } from '../support/make-jws.js'
import { approval, decideWith, trustPublisher, verify } from '../support/registration.js'

const ofStatement = [
  ['form', 'RFC 7515 3.1, 4.1'],
  ['kind', 'RFC 8725 3.11'],
  ['issuer', 'RFC 7591 2.3'],
  ['algorithm', 'RFC 8725 3.1'],
  ['typ', 'RFC 7515 4.1.9'],
  ['x5c', 'RFC 7515 4.1.6'],
  ['signature', 'RFC 7515 5.2'],
  ['claims', 'RFC 7519 4.1'],
  ['time', 'RFC 7519 4.1.4, 4.1.5, 4.1.6'],
  ['audience', 'RFC 7519 4.1.3'],
  ['vouched-metadata', 'RFC 7591 2, 2.3'],
  ['forbidden-claims', 'RFC 7591 3.2.1, RFC 8725 2.8'],
  ['required-claims', 'RFC 7519 4'],
  ['may-assert', 'RFC 7591 5'],
  ['status', 'RFC 7591 5'],
] as const

describe('the list of checks', () => {
  test('of a verification has each in its order with its clause, and whether it was made', async () => {
    const { checks } = await verify(makeStatement())
    const outcome = (check: string) => (check === 'status' ? 'skip' : 'pass')
    expect(checks).toEqual(ofStatement.map(([check, clause]) => ({ check, outcome: outcome(check), clause })))
    const asked = await verify(makeStatement(), { status: async () => 'valid' })
    expect(asked.checks.map(({ outcome }) => outcome)).toEqual(ofStatement.map(() => 'pass'))
  })

  test('of a registration has those of the request around those of its statement', async () => {
    const { checks } = await approval(decideWith({}))
    const inner = checks.filter(({ check }) => ofStatement.some(([name]) => name === check))
    expect(inner.map(({ check, clause }) => [check, clause])).toEqual(ofStatement)
    expect(checks.filter((check) => !inner.includes(check))).toEqual([
      { check: 'json', outcome: 'pass', clause: 'RFC 7591 3.1, RFC 8259 4' },
      { check: 'request-metadata', outcome: 'pass', clause: expect.stringMatching(/^RFC 7591/) },
      { check: 'unknown-members', outcome: 'skip', clause: expect.stringMatching(/^RFC 7591/) },
      { check: 'merge', outcome: 'pass', clause: 'RFC 7591 3.1.1' },
      { check: 'metadata-policy', outcome: 'skip', clause: 'OpenID Federation 1.0 6.1' },
      { check: 'metadata', outcome: 'pass', clause: 'RFC 7591 2, 5' },
      { check: 'replay', outcome: 'skip', clause: 'RFC 7519 4.1.7' },
    ])
  })
})

describe('a refusal names what is at fault', () => {
  test.each<[code: string, member: string, statement: string]>([
    ['ERR_ISSUER_NOT_TRUSTED', 'iss', makeStatement({ claims: { iss: `${issuer}/` } })],
    ['ERR_TYP_NOT_ACCEPTED', 'typ', makeStatement({ header: { typ: 'something+jwt' } })],
    ['ERR_TYP_NOT_ACCEPTED', 'typ', makeStatement({ header: { typ: undefined } })],
    ['ERR_X5C_NOT_ACCEPTED', 'x5c', makeStatement({ header: { x5c: ['MII'] } })],
    ['ERR_EXPIRED', 'exp', makeStatement({ claims: { iat: undefined, exp: 1 } })],
    ['ERR_NOT_YET_VALID', 'nbf', makeStatement({ claims: { exp: undefined, nbf: 9e10 } })],
    ['ERR_ISSUED_IN_FUTURE', 'iat', makeStatement({ claims: { exp: undefined, iat: 9e10 } })],
    ['ERR_EXPIRES_BEFORE_ISSUED', 'exp', makeStatement({ claims: { nbf: now, exp: now - 1 } })],
    ['ERR_AUDIENCE_MISMATCH', 'aud', makeStatement({ claims: { aud: 'https://other.example' } })],
  ])('%s: %s', async (code, member, statement) => {
    await expect(verify(statement)).rejects.toMatchObject({ code, member })
  })

  test('ERR_ALGORITHM_NOT_ALLOWED: alg', async () => {
    const trust = trustPublisher({ algorithms: ['EdDSA', 'ES256'] })
    const refusal = { code: 'ERR_ALGORITHM_NOT_ALLOWED', member: 'alg' }
    await expect(verify(makeStatement(), { trust, algorithms: ['ES256'] })).rejects.toMatchObject(refusal)
  })

  test('ERR_AUDIENCE_MISSING: aud', async () => {
    const trust = trustPublisher({ audiencePolicy: 'required' })
    await expect(verify(makeStatement(), { trust })).rejects.toMatchObject({ code: 'ERR_AUDIENCE_MISSING', member: 'aud' })
  })

  test('ERR_LIFETIME_TOO_LONG: exp, ERR_TOO_OLD: iat, and iat where the age is limited', async () => {
    const statement = makeStatement({ claims: { iat: now - 600 } })
    const long = { code: 'ERR_LIFETIME_TOO_LONG', member: 'exp' }
    await expect(verify(statement, { maxLifetime: '1 hour' })).rejects.toMatchObject(long)
    await expect(verify(statement, { maxTokenAge: 60 })).rejects.toMatchObject({ code: 'ERR_TOO_OLD', member: 'iat' })
    const missing = { code: 'ERR_CLAIM_MISSING', member: 'iat' }
    const undated = makeStatement({ claims: { iat: undefined } })
    await expect(verify(undated, { maxTokenAge: 60 })).rejects.toMatchObject(missing)
  })

  test('ERR_REPLAYED: jti', async () => {
    const options = { trust: trustPublisher({ replay: 'once' }), seen: memorySeenStatements() }
    expect(await decideWith({}, options)).toMatchObject({ approved: true })
    expect(await decideWith({}, options)).toMatchObject({ code: 'ERR_REPLAYED', cause: { member: 'jti' } })
  })

  test.each(['exp', 'iat'])('ERR_CLAIM_MISSING: %s, where the lifetime is limited', async (member) => {
    const statement = makeStatement({ claims: { [member]: undefined } })
    const refusal = { code: 'ERR_CLAIM_MISSING', member }
    await expect(verify(statement, { maxLifetime: '90 days' })).rejects.toMatchObject(refusal)
  })

  test('ERR_STATEMENT_REVOKED, and the check of the status has failed', async () => {
    const error: StatementError = await verify(makeStatement(), { status: async () => 'revoked' }).then(
      () => expect.unreachable(),
      (reason) => reason,
    )
    expect(error.checks?.filter(({ outcome }) => outcome === 'fail')).toEqual([
      { check: 'status', outcome: 'fail', clause: 'RFC 7591 5', code: 'ERR_STATEMENT_REVOKED' },
    ])
  })
})
