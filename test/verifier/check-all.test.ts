import type { Check, StatementError, VerifyOptions } from '@software-statement/verifier'
import { trustIssuers } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { respond, serve, uri } from '../support/key-server.js'
import { audience, issuer, makeJws, makeStatement, now } from '../support/make-jws.js'
import { type DecideOptions, decide, trustPublisher, verify } from '../support/registration.js'

async function checksOf(statement: string, options: VerifyOptions & { trust?: DecideOptions['trust'] } = {}) {
  const { trust, ...others } = options
  try {
    return summary((await verify(statement, { ...others, ...(trust === undefined ? {} : { trust }) })).checks)
  } catch (error) {
    // What verification throws has the checks that led to it.
    return summary((error as StatementError).checks ?? [])
  }
}

const summary = (checks: readonly Check[]) => ({
  pass: checks.filter(({ outcome }) => outcome === 'pass').map(({ check }) => check),
  fail: checks.filter(({ outcome }) => outcome === 'fail').map(({ check, code }) => `${check} ${code}`),
})

const rotten = makeStatement({ claims: { exp: now - 9000, iat: now - 10_000, aud: 'https://other.example', client_id: 'a' } })
const forgedAndRotten = `${rotten.slice(0, -8)}AAAAAAAA`

describe('without checkAll', () => {
  test('the first failure ends the examination', async () => {
    expect(await checksOf(forgedAndRotten)).toEqual({
      pass: ['form', 'kind', 'issuer', 'algorithm', 'typ', 'x5c'],
      fail: ['signature ERR_SIGNATURE_INVALID'],
    })
  })
})

describe('with checkAll', () => {
  test('independent checks are run past the first failure, which stays the failure', async () => {
    await expect(verify(forgedAndRotten, { checkAll: true })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_INVALID' })
    const { fail } = await checksOf(forgedAndRotten, { checkAll: true, requiredClaims: ['org_id'] })
    expect(fail).toEqual([
      'signature ERR_SIGNATURE_INVALID',
      'time ERR_EXPIRED',
      'audience ERR_AUDIENCE_MISMATCH',
      'forbidden-claims ERR_CLAIM_FORBIDDEN',
      'required-claims ERR_CLAIM_MISSING',
    ])
  })

  test('a sound statement has nothing to add', async () => {
    expect(await checksOf(makeStatement(), { checkAll: true })).toEqual(await checksOf(makeStatement()))
  })

  test('the rules of an issuer nobody trusts are not said to be kept', async () => {
    const { pass, fail } = await checksOf(makeStatement({ claims: { iss: 'https://other.example' } }), { checkAll: true })
    expect(fail).toEqual(['issuer ERR_ISSUER_NOT_TRUSTED'])
    expect(pass).toEqual([
      'form',
      'kind',
      'claims',
      'time',
      'audience',
      'vouched-metadata',
      'forbidden-claims',
      'required-claims',
    ])
  })

  test('limits of a trusted issuer are looked at', async () => {
    const trust = trustPublisher({ mayAssert: { software_id: ['other'] } })
    expect((await checksOf(forgedAndRotten, { checkAll: true, trust })).fail).toContain('may-assert ERR_SOFTWARE_ID_NOT_ALLOWED')
  })

  test('an audience that is ignored is not looked at', async () => {
    const trust = trustPublisher({ audiencePolicy: 'ignore' })
    const { pass, fail } = await checksOf(forgedAndRotten, { checkAll: true, trust })
    expect([...pass, ...fail].filter((check) => check.startsWith('audience'))).toEqual([])
  })

  test('a statement that cannot be parsed has nothing more to say', async () => {
    expect(await checksOf('a.b', { checkAll: true })).toEqual({ pass: [], fail: ['form ERR_STATEMENT_SEGMENTS'] })
  })

  test('claims of wrong types are written down where they are met', async () => {
    const statement = makeJws({ header: { alg: 'EdDSA', typ: 'JWT' }, payload: { iss: issuer, exp: 'never', scope: 7 } })
    expect((await checksOf(`${statement.slice(0, -8)}AAAAAAAA`, { checkAll: true })).fail).toContain('claims ERR_CLAIM_TYPE')
  })

  test('the signature is looked at although the header was refused', async () => {
    const other = makeStatement({ header: { typ: 'unknown+jwt' } })
    expect((await checksOf(other, { checkAll: true })).pass).toContain('signature')
    const forged = `${other.slice(0, -8)}AAAAAAAA`
    expect((await checksOf(forged, { checkAll: true })).fail).toEqual([
      'typ ERR_TYP_NOT_ACCEPTED',
      'signature ERR_SIGNATURE_INVALID',
    ])
  })

  test('another kind of JWT is examined to its end', async () => {
    const { pass, fail } = await checksOf(makeStatement({ header: { typ: 'at+jwt' } }), { checkAll: true })
    expect(fail).toEqual(['kind ERR_TYP_OTHER', 'typ ERR_TYP_NOT_ACCEPTED'])
    expect(pass).toEqual(expect.arrayContaining(['issuer', 'signature', 'time', 'vouched-metadata']))
  })

  test('what rests on something that cannot be read is not said to be at fault', async () => {
    const unreadable = makeStatement({ claims: { exp: 'soon', aud: audience, client_name: 5 } })
    const trust = trustPublisher({ mayAssert: { software_id: ['mail'] } })
    const { pass, fail } = await checksOf(`${unreadable.slice(0, -8)}AAAAAAAA`, { checkAll: true, trust })
    expect(fail).toEqual(['signature ERR_SIGNATURE_INVALID', 'claims ERR_CLAIM_TYPE', 'vouched-metadata ERR_CLAIM_TYPE'])
    for (const check of ['time', 'audience', 'may-assert']) expect(pass).not.toContain(check)
  })

  test('every rule for the header is looked at, whichever was broken first', async () => {
    const trust = trustPublisher({ algorithms: ['ES256', 'EdDSA'] })
    const statement = makeStatement({ header: { typ: 'at+jwt', x5c: ['MII'] } })
    expect((await checksOf(statement, { checkAll: true, trust, algorithms: ['ES256'] })).fail).toEqual([
      'kind ERR_TYP_OTHER',
      'algorithm ERR_ALGORITHM_NOT_ALLOWED',
      'typ ERR_TYP_NOT_ACCEPTED',
      'x5c ERR_X5C_NOT_ACCEPTED',
    ])
    expect((await checksOf(makeStatement({ header: { typ: 'at+jwt' } }), { checkAll: true })).pass).toEqual(
      expect.arrayContaining(['algorithm', 'x5c', 'may-assert', 'required-claims', 'audience']),
    )
  })

  test('another kind of JWT of an issuer nobody trusts has both faults, and metadata that cannot be read a third', async () => {
    const claims = { iss: 'https://other.example', client_name: 7 }
    expect((await checksOf(makeStatement({ header: { typ: 'at+jwt' }, claims }), { checkAll: true })).fail).toEqual([
      'kind ERR_TYP_OTHER',
      'issuer ERR_ISSUER_NOT_TRUSTED',
      'vouched-metadata ERR_CLAIM_TYPE',
    ])
  })

  test('nothing is fetched for an issuer nobody trusts, and nobody is asked for the status of a forged statement', async () => {
    let asked = 0
    const keys = async () => {
      asked++
      return []
    }
    const status = async () => {
      asked++
      return 'valid' as const
    }
    await checksOf(makeStatement({ claims: { iss: 'https://other.example' } }), {
      checkAll: true,
      trust: async () => ({ issuer, keys }),
    })
    await checksOf(forgedAndRotten, { checkAll: true, status })
    expect(asked).toBe(0)
  })

  test('for a request the metadata is looked at as well, for the record only', async () => {
    const request = { software_statement: forgedAndRotten, logo_uri: 'javascript:x', scope: 'admin' }
    const options: DecideOptions = { merge: { scope: 'ceiling' }, checkAll: true }
    const decision = await decide(request, options)
    expect(decision).toMatchObject({ approved: false, code: 'ERR_SIGNATURE_INVALID', error: 'invalid_software_statement' })
    expect(summary(decision.checks).fail).toContain('merge ERR_MERGE_CONFLICT')
    expect(summary((await decide(request, { ...options, merge: {} })).checks).fail).toContain('metadata ERR_URI')
    expect(summary((await decide(request, { ...options, checkAll: false })).checks).fail).toEqual([
      'signature ERR_SIGNATURE_INVALID',
    ])
  })
})

describe('every refusal', () => {
  const { fetch } = serve(() => respond(null, { status: 500 }))
  const trust = trustIssuers([{ issuer, jwksUri: uri }], { fetch })
  test.each<[what: string, request: string | object, options: DecideOptions]>([
    ['of the request', '{', {}],
    ['of a request without statement', {}, {}],
    ['of the statement', { software_statement: 'a.b.c' }, {}],
    ['of the issuer', { software_statement: makeStatement({ claims: { iss: 'a' } }) }, {}],
    ['of its claims', { software_statement: rotten }, {}],
    ['of the metadata', { software_statement: makeStatement(), logo_uri: 'a' }, {}],
    ['of the merge', { software_statement: makeStatement(), scope: 'a' }, { merge: { scope: 'ceiling' } }],
    ['for an outage', { software_statement: makeStatement() }, { trust }],
  ])('%s has exactly one check that failed, with its code', async (_, request, options) => {
    const decision = await decide(typeof request === 'string' ? request : JSON.stringify(request), options)
    const failed = decision.checks.filter(({ outcome }) => outcome === 'fail')
    expect(failed).toMatchObject([{ code: decision.approved ? '' : decision.code }])
  })
})

describe('of the metadata the checks say', () => {
  const outcomesOf = async (members: Readonly<Record<string, unknown>>, options: DecideOptions) => {
    const { checks } = await decide({ software_statement: makeStatement(), ...members }, options)
    const names = ['request-metadata', 'unknown-members', 'merge', 'metadata-policy', 'metadata']
    return names.map((name) => checks.find(({ check }) => check === name)?.outcome)
  }
  const metadata_policy = { scope: { subset_of: ['openid'] } }

  test.each<[what: string, members: Readonly<Record<string, unknown>>, options: DecideOptions, outcomes: readonly string[]]>([
    ['that all is well', {}, { metadata_policy, unknownMembers: 'refuse' }, ['pass', 'pass', 'pass', 'pass', 'pass']],
    ['what was not asked for', {}, {}, ['pass', 'skip', 'pass', 'skip', 'pass']],
    ['where the request is faulty', { scope: 7 }, { metadata_policy }, ['fail', 'skip', 'skip', 'skip', 'skip']],
    ['where nobody knows a member', { hat: 1 }, { unknownMembers: 'refuse' }, ['pass', 'fail', 'skip', 'skip', 'skip']],
    ['where the merge ends it', { scope: 'a' }, { merge: { scope: 'ceiling' } }, ['pass', 'skip', 'fail', 'skip', 'skip']],
    ['where the policy ends it', { scope: 'a' }, { metadata_policy }, ['pass', 'skip', 'pass', 'fail', 'skip']],
    ['where what is merged is faulty', { logo_uri: 'a' }, { metadata_policy }, ['pass', 'skip', 'pass', 'pass', 'fail']],
  ])('%s', async (_, members, options, outcomes) => {
    expect(await outcomesOf(members, options)).toEqual(outcomes)
  })

  test('no more to an auditor', async () => {
    const forged = { software_statement: forgedAndRotten, scope: 'a' }
    expect(await outcomesOf(forged, { checkAll: true, merge: { scope: 'ceiling' } })).toEqual([
      'pass',
      'skip',
      'fail',
      'skip',
      'skip',
    ])
  })
})
