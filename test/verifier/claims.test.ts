import type { IssuerRules, VerifyOptions } from '@software-statement/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { audience, makeStatement, now } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { at, trustPublisher, verify } from '../support/registration.js'

type Claims = Readonly<Record<string, unknown>>
const outcome = (claims: Claims, rules: IssuerRules = {}, options: VerifyOptions = {}) =>
  outcomeOfPromise(verify(makeStatement({ claims }), { trust: trustPublisher(rules), ...options }))

describe('time', () => {
  test.each<[what: string, claims: Claims, code: string]>([
    ['no times at all', { exp: undefined, iat: undefined }, 'accepted'],
    ['exp in the next second', { exp: now + 1 }, 'accepted'],
    ['exp now', { exp: now }, 'accepted'],
    ['exp just within the tolerance', { exp: now - 59, iat: now - 100 }, 'accepted'],
    ['exp a fraction within the tolerance', { exp: now - 59.5, iat: now - 100 }, 'accepted'],
    ['exp at the tolerance', { exp: now - 60, iat: now - 100 }, 'ERR_EXPIRED'],
    ['exp long ago', { exp: now - 3600, iat: now - 7200 }, 'ERR_EXPIRED'],
    ['nbf at the tolerance', { nbf: now + 60 }, 'accepted'],
    ['nbf beyond the tolerance', { nbf: now + 61 }, 'ERR_NOT_YET_VALID'],
    ['nbf a fraction beyond the tolerance', { nbf: now + 60.5 }, 'ERR_NOT_YET_VALID'],
    ['iat at the tolerance', { iat: now + 60 }, 'accepted'],
    ['iat beyond the tolerance', { iat: now + 61 }, 'ERR_ISSUED_IN_FUTURE'],
    ['exp before iat', { exp: now - 10, iat: now - 5 }, 'ERR_EXPIRES_BEFORE_ISSUED'],
    ['exp at iat', { exp: now + 10, iat: now + 10 }, 'ERR_EXPIRES_BEFORE_ISSUED'],
    ['exp before nbf', { exp: now + 10, nbf: now + 20 }, 'ERR_EXPIRES_BEFORE_ISSUED'],
    ['exp as text', { exp: String(now + 10) }, 'ERR_CLAIM_TYPE'],
    ['exp in milliseconds', { exp: (now + 10) * 1000 }, 'ERR_CLAIM_TYPE'],
    ['exp of null', { exp: null }, 'ERR_CLAIM_TYPE'],
    ['iat of zero', { iat: 0 }, 'ERR_CLAIM_TYPE'],
  ])('%s', async (_, claims, code) => {
    expect(await outcome(claims)).toBe(code)
  })

  test.each<[what: string, rules: IssuerRules, options: VerifyOptions, code: string]>([
    ['neither', {}, {}, 'accepted'],
    ['the issuer', { clockTolerance: 0 }, {}, 'ERR_EXPIRED'],
    ['the caller', {}, { clockTolerance: '10 seconds' }, 'ERR_EXPIRED'],
    ['the issuer narrower than the caller', { clockTolerance: '10 seconds' }, { clockTolerance: '1 hour' }, 'ERR_EXPIRED'],
    ['the caller narrower than the issuer', { clockTolerance: '1 hour' }, { clockTolerance: 0 }, 'ERR_EXPIRED'],
    ['both wide', { clockTolerance: '1 hour' }, { clockTolerance: '1 hour' }, 'accepted'],
  ])('the tolerance is limited by %s', async (_, rules, options, code) => {
    expect(await outcome({ exp: now - 30, iat: now - 100 }, rules, options)).toBe(code)
  })

  test.each<[what: string, claims: Claims, rules: IssuerRules, options: VerifyOptions, code: string]>([
    ['a lifetime at its limit', { iat: now, exp: now + 600 }, { maxLifetime: '10 minutes' }, {}, 'accepted'],
    ['a lifetime beyond it', { iat: now, exp: now + 601 }, { maxLifetime: '10 minutes' }, {}, 'ERR_LIFETIME_TOO_LONG'],
    [
      'a lifetime beyond the limit of the caller',
      { iat: now, exp: now + 601 },
      { maxLifetime: '1 day' },
      { maxLifetime: 600 },
      'ERR_LIFETIME_TOO_LONG',
    ],
    ['a lifetime without exp', { exp: undefined }, { maxLifetime: 600 }, {}, 'ERR_CLAIM_MISSING'],
    ['a lifetime without iat', { iat: undefined }, { maxLifetime: 600 }, {}, 'ERR_CLAIM_MISSING'],
    ['an age at its limit', { iat: now - 360 }, { maxTokenAge: 300 }, {}, 'accepted'],
    ['an age beyond it', { iat: now - 361 }, { maxTokenAge: 300 }, {}, 'ERR_TOO_OLD'],
    ['an age beyond the limit of the caller', { iat: now - 361 }, {}, { maxTokenAge: '5 minutes' }, 'ERR_TOO_OLD'],
    ['an age without iat', { iat: undefined }, {}, { maxTokenAge: 300 }, 'ERR_CLAIM_MISSING'],
  ])('%s', async (_, claims, rules, options, code) => {
    expect(await outcome(claims, rules, options)).toBe(code)
  })

  test('whatever the times, a statement is accepted only within them', async () => {
    const time = fc.option(fc.integer({ min: -200, max: 200 }), { nil: undefined })
    const statements = fc.record({ exp: time, nbf: time, iat: time })
    await fc.assert(
      fc.asyncProperty(statements, async ({ exp, nbf, iat }) => {
        const shift = (offset: number | undefined) => (offset === undefined ? undefined : now + offset)
        const accepted = (await outcome({ exp: shift(exp), nbf: shift(nbf), iat: shift(iat) })) === 'accepted'
        const inTime = (exp ?? 200) > -60 && (nbf ?? 0) <= 60 && (iat ?? 0) <= 60
        expect(accepted).toBe(inTime && (exp === undefined || exp > Math.max(iat ?? -999, nbf ?? -999)))
      }),
      { numRuns: 60 },
    )
  })

  test('a date that is none is the fault of the caller: nothing would ever have expired', async () => {
    await expect(verify(makeStatement({ claims: { exp: 1 } }), { currentDate: new Date(Number.NaN) })).rejects.toThrow(TypeError)
  })

  test('the time is read once', async () => {
    let readings = 0
    const currentDate = at(now)
    const getTime = currentDate.getTime.bind(currentDate)
    currentDate.getTime = () => {
      readings++
      return getTime()
    }
    await verify(makeStatement(), { currentDate })
    expect(readings).toBe(1)
  })
})

describe('audience', () => {
  const other = 'https://other.example'
  test.each<[what: string, aud: unknown, rules: IssuerRules, own: readonly string[], code: string]>([
    ['none, where none is asked for', undefined, {}, [audience], 'accepted'],
    ['none, where one is required', undefined, { audiencePolicy: 'required' }, [audience], 'ERR_AUDIENCE_MISSING'],
    ['its own', audience, { audiencePolicy: 'required' }, [audience], 'accepted'],
    ['its own in an array', [other, audience], {}, [audience], 'accepted'],
    ['one of its own', audience, {}, [other, audience], 'accepted'],
    ['another', other, {}, [audience], 'ERR_AUDIENCE_MISMATCH'],
    ['others', [other, `${audience}/reg`], {}, [audience], 'ERR_AUDIENCE_MISMATCH'],
    ['with a final slash', `${audience}/`, {}, [audience], 'ERR_AUDIENCE_MISMATCH'],
    ['in capitals', audience.toUpperCase(), {}, [audience], 'ERR_AUDIENCE_MISMATCH'],
    ['a list in a text', `${audience} ${other}`, {}, [audience], 'ERR_AUDIENCE_MISMATCH'],
    ['any, where the server has not said who it is', audience, {}, [], 'ERR_AUDIENCE_MISMATCH'],
    ['none, where the server has not said who it is', undefined, {}, [], 'accepted'],
    ['another, where it is ignored', other, { audiencePolicy: 'ignore' }, [audience], 'accepted'],
    ['a malformed one, where it is ignored', [7], { audiencePolicy: 'ignore' }, [audience], 'ERR_CLAIM_TYPE'],
    ['an empty array', [], {}, [audience], 'ERR_CLAIM_TYPE'],
    ['a nested array', [[audience]], {}, [audience], 'ERR_CLAIM_TYPE'],
    ['an object', { [audience]: true }, {}, [audience], 'ERR_CLAIM_TYPE'],
  ])('%s', async (_, aud, rules, own, code) => {
    expect(await outcome({ aud }, rules, { audience: own })).toBe(code)
  })

  test('that it was ignored is written down', async () => {
    const { checks } = await verify(makeStatement({ claims: { aud: other } }), {
      trust: trustPublisher({ audiencePolicy: 'ignore' }),
    })
    expect(checks.find(({ check }) => check === 'audience')).toMatchObject({ outcome: 'skip' })
  })
})

describe('claims that must or must not be there', () => {
  test.each<[what: string, claims: Claims, rules: IssuerRules, options: VerifyOptions, code: string]>([
    ['one the caller requires', {}, {}, { requiredClaims: ['org_id'] }, 'ERR_CLAIM_MISSING'],
    ['one the issuer entry requires', {}, { requiredClaims: ['org_id'] }, {}, 'ERR_CLAIM_MISSING'],
    ['one of two', { org_id: 'a' }, { requiredClaims: ['org_id'] }, { requiredClaims: ['org_name'] }, 'ERR_CLAIM_MISSING'],
    ['both', { org_id: 'a', org_name: 'b' }, { requiredClaims: ['org_id'] }, { requiredClaims: ['org_name'] }, 'accepted'],
    ['one that every object has', {}, {}, { requiredClaims: ['toString'] }, 'ERR_CLAIM_MISSING'],
    ['jti for one use', { jti: undefined }, { replay: 'once' }, {}, 'ERR_CLAIM_MISSING'],
    ['exp for one use until then', { exp: undefined }, { replay: 'until-exp' }, {}, 'ERR_CLAIM_MISSING'],
    ['no exp for one use', { exp: undefined }, { replay: 'once' }, {}, 'accepted'],
    ['client_id', { client_id: 'a' }, {}, {}, 'ERR_CLAIM_FORBIDDEN'],
    ['client_secret', { client_secret: 'a' }, {}, {}, 'ERR_CLAIM_FORBIDDEN'],
    ['client_secret of null', { client_secret: null }, {}, {}, 'ERR_CLAIM_FORBIDDEN'],
    ['a nested statement', { software_statement: makeStatement() }, {}, {}, 'ERR_CLAIM_FORBIDDEN'],
    ['registration_access_token', { registration_access_token: 'a' }, {}, {}, 'ERR_CLAIM_FORBIDDEN'],
    ['the claims of an ID token', { nonce: 'a', at_hash: 'b' }, {}, {}, 'ERR_CLAIMS_OTHER'],
    ['the claims of a security event', { events: {} }, {}, {}, 'ERR_CLAIMS_OTHER'],
    ['vouched metadata of a wrong type', { redirect_uris: 'https://mail.example/cb' }, {}, {}, 'ERR_CLAIM_TYPE'],
    ['vouched metadata of null', { client_name: null }, {}, {}, 'ERR_CLAIM_TYPE'],
  ])('%s', async (_, claims, rules, options, code) => {
    expect(await outcome(claims, rules, options)).toBe(code)
  })
})

describe('options that make no sense', () => {
  test.each<[object]>([
    [{ audience: '' }],
    [{ audience: [7] }],
    [{ clockTolerance: -1 }],
    [{ clockTolerance: 'a while' }],
    [{ maxTokenAge: Number.NaN }],
    [{ limits: { depth: 0 } }],
    [{ limits: { unknown: 1 } }],
  ])('%j', async (options) => {
    await expect(verify(makeStatement(), options)).rejects.toThrow(TypeError)
  })
})
