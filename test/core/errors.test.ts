import {
  AccessError,
  type ErrorCode,
  type ErrorCodeOf,
  errorAnswer,
  errorCatalogue,
  InvalidMetadataError,
  InvalidStatementError,
  MetadataPolicyError,
  recordChecks,
  StatementError,
  TrustUnavailableError,
  UnapprovedStatementError,
} from '@software-statement/core'
import { describe, expect, test } from 'vitest'

const entries = Object.entries(errorCatalogue)

/** The error a code belongs to. */
function makeError(code: string): StatementError {
  const entry = entries.find(([name]) => name === code)?.[1]
  // The catalogue has just said which class the code belongs to.
  switch (entry?.class) {
    case 'InvalidStatementError':
      return new InvalidStatementError(code as ErrorCodeOf<'InvalidStatementError'>, 'detail')
    case 'UnapprovedStatementError':
      return new UnapprovedStatementError(code as ErrorCodeOf<'UnapprovedStatementError'>, 'detail')
    case 'InvalidMetadataError':
      return new InvalidMetadataError([{ code: code as ErrorCodeOf<'InvalidMetadataError'>, message: 'detail' }])
    case 'TrustUnavailableError':
      return new TrustUnavailableError(code as ErrorCodeOf<'TrustUnavailableError'>, 'detail')
    case 'AccessError':
      return new AccessError(code as ErrorCodeOf<'AccessError'>, 'detail')
    default:
      return new MetadataPolicyError(code as ErrorCodeOf<'MetadataPolicyError'>, 'detail')
  }
}

const answers = {
  InvalidStatementError: [400, 'invalid_software_statement'],
  UnapprovedStatementError: [400, 'unapproved_software_statement'],
  InvalidMetadataError: [400, 'invalid_client_metadata'],
  TrustUnavailableError: [503, 'temporarily_unavailable'],
  MetadataPolicyError: [500, 'server_error'],
} as const

describe('the catalogue', () => {
  test.each(entries)('%s has the answer of its class', (code, entry) => {
    const error = makeError(code)
    // Who may not ask is told so in the words of the rule that was broken: the catalogue has them.
    const [status, name] = entry.class === 'AccessError' ? [entry.status, entry.error] : answers[entry.class]
    expect(error.name).toBe(entry.class)
    expect(errorAnswer(error)).toMatchObject({
      status: 'status' in entry ? entry.status : status,
      error: name,
      error_description: entry.description,
    })
  })

  test.each(entries)('%s is described in characters of RFC 6749 5.2', (_, { description }) => {
    expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test('no two codes have one description', () => {
    expect(new Set(entries.map(([, { description }]) => description)).size).toBe(entries.length)
  })

  test('exactly what is too large is answered with 413', () => {
    const tooLarge = entries.filter(([, entry]) => 'status' in entry && entry.status === 413).map(([code]) => code)
    expect(tooLarge).toEqual(['ERR_STATEMENT_TOO_LARGE', 'ERR_REQUEST_TOO_LARGE'])
  })

  test.each<[code: ErrorCodeOf<'AccessError'>, status: number, name: string]>([
    ['ERR_TOKEN_MISSING', 401, 'invalid_token'],
    ['ERR_TOKEN_INVALID', 401, 'invalid_token'],
    ['ERR_CLIENT_AUTHENTICATION', 401, 'invalid_client'],
    ['ERR_CLIENT_REQUEST', 400, 'invalid_request'],
    ['ERR_PATH_UNKNOWN', 404, 'invalid_request'],
    ['ERR_METHOD_NOT_ALLOWED', 405, 'invalid_request'],
    ['ERR_RATE_LIMITED', 429, 'too_many_requests'],
  ])('%s is answered with %i %s', (code, status, name) => {
    expect(errorAnswer(new AccessError(code, 'detail'))).toMatchObject({ status, error: name })
  })
})

describe('the answer to an error', () => {
  const about = (...issues: readonly (readonly [code: ErrorCodeOf<'InvalidMetadataError'>, member?: string])[]) =>
    new InvalidMetadataError(
      issues.map(([code, member]) => ({ code, message: 'detail', ...(member === undefined ? {} : { member }) })),
    )

  test.each<[what: string, error: StatementError, name: string]>([
    ['one redirect URI', about(['ERR_REDIRECT_URI', 'redirect_uris']), 'invalid_redirect_uri'],
    [
      'redirect URIs only',
      about(['ERR_REDIRECT_URI', 'redirect_uris'], ['ERR_MERGE_CONFLICT', 'redirect_uris']),
      'invalid_redirect_uri',
    ],
    ['a redirect URI and more', about(['ERR_REDIRECT_URI', 'redirect_uris'], ['ERR_URI', 'logo_uri']), 'invalid_client_metadata'],
    ['another kind of redirect URI', about(['ERR_REDIRECT_URI', 'post_logout_redirect_uris']), 'invalid_client_metadata'],
    ['no member', about(['ERR_REQUEST_JSON']), 'invalid_client_metadata'],
  ])('%s', (_, error, name) => {
    expect(errorAnswer(error).error).toBe(name)
  })

  test.each([
    ['redirect_uris', ' (redirect_uris)'],
    ['client_name#ja', ' (client_name)'],
    ['client_name#<script>', ' (client_name)'],
    ['no such member\r\nX: y', ''],
    ['__proto__', ''],
    ['toString', ''],
    ['', ''],
  ])('the member %j is told as "%s"', (member, told) => {
    const { error_description } = errorAnswer(new InvalidStatementError('ERR_CLAIM_TYPE', 'detail', { member }))
    expect(error_description).toBe(`${errorCatalogue.ERR_CLAIM_TYPE.description}${told}`)
  })

  const { ERR_MERGE_CONFLICT, ERR_REDIRECT_URI, ERR_URI, ERR_METADATA_UNKNOWN } = errorCatalogue
  test.each<[what: string, error: InvalidMetadataError, description: string]>([
    [
      'two members with one fault',
      about(['ERR_MERGE_CONFLICT', 'redirect_uris'], ['ERR_MERGE_CONFLICT', 'scope']),
      `${ERR_MERGE_CONFLICT.description} (redirect_uris, scope)`,
    ],
    [
      'a member twice, tagged and not',
      about(['ERR_URI', 'logo_uri'], ['ERR_URI', 'logo_uri#ja'], ['ERR_URI', 'logo_uri']),
      `${ERR_URI.description} (logo_uri)`,
    ],
    [
      'two faults',
      about(['ERR_REDIRECT_URI', 'redirect_uris'], ['ERR_URI', 'logo_uri'], ['ERR_REDIRECT_URI', 'redirect_uris']),
      `${ERR_REDIRECT_URI.description} (redirect_uris); ${ERR_URI.description} (logo_uri)`,
    ],
    [
      'members nobody knows',
      about(['ERR_METADATA_UNKNOWN', '<script>'], ['ERR_METADATA_UNKNOWN', 'toString'], ['ERR_METADATA_UNKNOWN']),
      ERR_METADATA_UNKNOWN.description,
    ],
  ])('the description tells of %s', (_, error, description) => {
    expect(errorAnswer(error).error_description).toBe(description)
  })

  test('the message is not told', () => {
    const error = new InvalidStatementError('ERR_EXPIRED', 'secret detail', { cause: new Error('secret cause') })
    expect(JSON.stringify(errorAnswer(error))).not.toContain('secret')
  })

  test('an outage says when to try again', () => {
    expect(errorAnswer(new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'detail')).retryAfter).toBe(30)
    expect(errorAnswer(new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'detail', { retryAfter: 5 })).retryAfter).toBe(5)
    expect(errorAnswer(new InvalidStatementError('ERR_EXPIRED', 'detail')).retryAfter).toBeUndefined()
  })

  test('who asks too often is told when to come back, where that is known', () => {
    expect(errorAnswer(new AccessError('ERR_RATE_LIMITED', 'detail', { retryAfter: 7 })).retryAfter).toBe(7)
    expect('retryAfter' in errorAnswer(new AccessError('ERR_RATE_LIMITED', 'detail'))).toBe(false)
  })
})

describe('errors', () => {
  test('each is an Error and a StatementError with its name in the stack', () => {
    for (const [code] of entries) {
      const error = makeError(code)
      expect(error).toBeInstanceOf(Error)
      expect(error).toBeInstanceOf(StatementError)
      expect(error.code).toBe(code satisfies string as ErrorCode)
      expect(error.message).toBe('detail')
      expect('member' in error || 'cause' in error || 'checks' in error).toBe(false)
    }
  })

  test('metadata errors have the first issue in front and all messages', () => {
    const error = new InvalidMetadataError([
      { code: 'ERR_URI', member: 'logo_uri', message: 'one' },
      { code: 'ERR_JWKS', member: 'jwks', message: 'two' },
    ])
    expect([error.code, error.member, error.message]).toEqual(['ERR_URI', 'logo_uri', 'one; two'])
  })

  test('a metadata error without an issue is nonsense', () => {
    expect(() => new InvalidMetadataError([])).toThrow(TypeError)
  })

  test('the cause is kept', () => {
    const cause = new Error('underneath')
    expect(new InvalidStatementError('ERR_EXPIRED', 'detail', { cause }).cause).toBe(cause)
    expect(new InvalidMetadataError([{ code: 'ERR_URI', message: 'detail' }], { cause }).cause).toBe(cause)
  })
})

describe('errors as plain data', () => {
  const checks = [{ check: 'time', outcome: 'fail', clause: 'RFC 7519 4.1.4', code: 'ERR_EXPIRED' }] as const

  test.each(entries)('%s survives JSON and structuredClone', (code) => {
    const error = makeError(code)
    const plain = { name: error.name, code, message: 'detail' }
    expect(error.toJSON()).toMatchObject(plain)
    expect(JSON.parse(JSON.stringify(error))).toEqual(error.toJSON())
    expect(structuredClone(error.toJSON())).toEqual(error.toJSON())
  })

  test('with everything but the cause', () => {
    const secret = { cause: new Error('underneath') }
    const invalid = new InvalidStatementError('ERR_EXPIRED', 'detail', { member: 'exp', ...secret })
    recordChecks(invalid, checks)
    expect(invalid.toJSON()).toEqual({
      name: 'InvalidStatementError',
      code: 'ERR_EXPIRED',
      message: 'detail',
      member: 'exp',
      checks,
    })

    const issues = [{ code: 'ERR_URI', member: 'logo_uri', path: [0], message: 'one' }] as const
    expect(new InvalidMetadataError(issues, secret).toJSON()).toEqual({
      name: 'InvalidMetadataError',
      code: 'ERR_URI',
      message: 'one',
      member: 'logo_uri',
      issues,
    })
    expect(new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'detail', { retryAfter: 5, ...secret }).toJSON()).toEqual({
      name: 'TrustUnavailableError',
      code: 'ERR_KEYS_UNAVAILABLE',
      message: 'detail',
      retryAfter: 5,
    })
    expect(new AccessError('ERR_RATE_LIMITED', 'detail', { retryAfter: 5, ...secret }).toJSON()).toEqual({
      name: 'AccessError',
      code: 'ERR_RATE_LIMITED',
      message: 'detail',
      retryAfter: 5,
    })
  })

  test('checks are for verifiers to write', () => {
    const error: StatementError = makeError('ERR_EXPIRED')
    // @ts-expect-error checks are read-only
    error.checks = checks
    expect(error.checks).toBe(checks)
  })
})
