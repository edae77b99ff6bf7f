import { type StatusCheck, type StatusSubject, TrustUnavailableError } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { issuer, makeStatement, now } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { codeOf, decide, decideWith, verify } from '../support/registration.js'

const statement = makeStatement()
const fail =
  (failure: unknown): StatusCheck =>
  async () => {
    throw failure
  }

describe('the status of a statement', () => {
  test.each<[what: string, status: StatusCheck, code: string]>([
    ['valid', async () => 'valid', 'accepted'],
    ['revoked', async () => 'revoked', 'ERR_STATEMENT_REVOKED'],
    ['an error', fail(new Error('down')), 'ERR_STATUS_UNAVAILABLE'],
    ['a TypeError, as fetch throws without a network', fail(new TypeError('fetch failed')), 'ERR_STATUS_UNAVAILABLE'],
    ['a text', fail('down'), 'ERR_STATUS_UNAVAILABLE'],
    ['nothing', fail(undefined), 'ERR_STATUS_UNAVAILABLE'],
    [
      'an outage with its own time',
      fail(new TrustUnavailableError('ERR_STATUS_UNAVAILABLE', 'down', { retryAfter: 7 })),
      'ERR_STATUS_UNAVAILABLE',
    ],
    [
      'an error thrown at once',
      () => {
        throw new Error('down')
      },
      'ERR_STATUS_UNAVAILABLE',
    ],
  ])('%s', async (_, status, code) => {
    expect(await outcomeOfPromise(verify(statement, { status }))).toBe(code)
  })

  test.each([undefined, null, true, '', 'VALID', 'good', { status: 'valid' }])('an answer of %j is none', async (answer) => {
    // Sources in JavaScript answer what they like.
    const status = async () => answer as 'valid'
    expect(await outcomeOfPromise(verify(statement, { status }))).toBe('ERR_STATUS_UNAVAILABLE')
  })

  test('it is told the statement, whole and parsed', async () => {
    const asked: StatusSubject[] = []
    const status: StatusCheck = async (subject) => {
      asked.push(subject)
      return 'valid'
    }
    await verify(statement, { status })
    expect(asked).toMatchObject([{ statement, issuer, header: { alg: 'EdDSA' }, claims: { jti: 'statement-1' } }])
  })

  test('it is asked of sound statements only', async () => {
    let asked = 0
    const status: StatusCheck = async () => {
      asked++
      return 'valid'
    }
    const unsound = [
      'a.b.c',
      makeStatement({ claims: { iss: 'https://other.example' } }),
      `${statement.slice(0, -8)}AAAAAAAA`,
      makeStatement({ claims: { exp: now - 1000, iat: now - 2000 } }),
      makeStatement({ claims: { aud: 'https://other.example' } }),
    ]
    for (const given of unsound) {
      await outcomeOfPromise(verify(given, { status }))
      await outcomeOfPromise(verify(given, { status, checkAll: true }))
    }
    expect(asked).toBe(0)
  })

  test('an outage is answered with 503 and when to come back, never with a verdict', async () => {
    const status = fail(new TrustUnavailableError('ERR_STATUS_UNAVAILABLE', 'down', { retryAfter: 7 }))
    const decision = await decide({ software_statement: statement }, { status })
    expect(decision).toMatchObject({
      approved: false,
      status: 503,
      error: 'temporarily_unavailable',
      headers: { 'Retry-After': '7' },
    })
    expect(await codeOf(decideWith({}, { status: fail(new TypeError('fetch failed')) }))).toBe('ERR_STATUS_UNAVAILABLE')
  })
})
