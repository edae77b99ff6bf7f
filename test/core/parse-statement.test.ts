import { defaultLimits, headerSegmentOf, InvalidStatementError, parseJws, parseStatement } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { issuer, makeClaims, makeJws, makeStatement } from '../support/make-jws.js'
import { outcomeOf } from '../support/outcomes.js'

const header = { alg: 'EdDSA', typ: 'JWT' }
const statement = makeStatement()
const [head = '', body = '', signature = ''] = statement.split('.')
const withPayload = (payload: object | string | Uint8Array) => makeJws({ header, payload })
const withHeader = (bytes: string | Uint8Array) => makeJws({ header: bytes, payload: makeClaims(), alg: 'EdDSA' })

describe('what a statement must look like', () => {
  test('a sound statement is parsed, and kept as it came', () => {
    const parsed = parseStatement(statement)
    expect(parsed.compact).toBe(statement)
    expect(parsed.header).toEqual({ alg: 'EdDSA', kid: 'test-ed25519', typ: 'software-statement+jwt' })
    expect(parsed.claims.iss).toBe(issuer)
    expect(Buffer.from(parsed.signingInput).toString()).toBe(`${head}.${body}`)
    expect(Buffer.from(parsed.signature).toString('base64url')).toBe(signature)
  })

  test.each<[what: string, given: unknown, code: string]>([
    ['nothing', undefined, 'ERR_STATEMENT_NOT_TEXT'],
    ['null', null, 'ERR_STATEMENT_NOT_TEXT'],
    ['a number', 7, 'ERR_STATEMENT_NOT_TEXT'],
    ['an array of one statement', [statement], 'ERR_STATEMENT_NOT_TEXT'],
    ['a text object', Object(statement), 'ERR_STATEMENT_NOT_TEXT'],
    ['bytes', Buffer.from(statement), 'ERR_STATEMENT_NOT_TEXT'],
    ['the JSON serialization', { payload: body, protected: head, signature }, 'ERR_STATEMENT_NOT_TEXT'],
    ['something that turns into a statement', { toString: () => statement }, 'ERR_STATEMENT_NOT_TEXT'],
    ['an empty text', '', 'ERR_STATEMENT_SEGMENTS'],
    ['one segment', head, 'ERR_STATEMENT_SEGMENTS'],
    ['two segments', `${head}.${body}`, 'ERR_STATEMENT_SEGMENTS'],
    ['four segments', `${statement}.${signature}`, 'ERR_STATEMENT_SEGMENTS'],
    ['five segments', `${head}.${head}.${body}.${body}.${signature}`, 'ERR_STATEMENT_ENCRYPTED'],
    ['five empty segments', '....', 'ERR_STATEMENT_ENCRYPTED'],
    ['six segments', `${statement}.${statement}`, 'ERR_STATEMENT_SEGMENTS'],
    ['thousands of segments', '.'.repeat(30_000), 'ERR_STATEMENT_SEGMENTS'],
    ['an SD-JWT', `${statement}~`, 'ERR_STATEMENT_BASE64URL'],
    ['a JSON text', '{"payload":"Zm9v"}', 'ERR_STATEMENT_SEGMENTS'],
    ['a statement with a trailing line break', `${statement}\n`, 'ERR_STATEMENT_BASE64URL'],
    ['a statement with a leading space', ` ${statement}`, 'ERR_STATEMENT_BASE64URL'],
    ['a padded statement', `${statement}==`, 'ERR_STATEMENT_BASE64URL'],
    ['a bearer token', `Bearer ${statement}`, 'ERR_STATEMENT_BASE64URL'],
    ['an empty header', `.${body}.${signature}`, 'ERR_STATEMENT_JSON'],
    ['an empty payload', `${head}..${signature}`, 'ERR_STATEMENT_JSON'],
  ])('%s is refused', (_, given, code) => {
    expect(outcomeOf(() => parseStatement(given))).toBe(code)
  })

  test('a statement at the limit is measured, not parsed, first', () => {
    const limit = defaultLimits.statementBytes
    expect(outcomeOf(() => parseStatement('.'.repeat(limit)))).toBe('ERR_STATEMENT_SEGMENTS')
    expect(outcomeOf(() => parseStatement('.'.repeat(limit + 1)))).toBe('ERR_STATEMENT_TOO_LARGE')
    expect(outcomeOf(() => parseStatement(statement, { ...defaultLimits, statementBytes: statement.length }))).toBe('accepted')
    expect(outcomeOf(() => parseStatement(statement, { ...defaultLimits, statementBytes: statement.length - 1 }))).toBe(
      'ERR_STATEMENT_TOO_LARGE',
    )
  })

  test('the last character has one spelling: the three others that decode alike are refused', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const bytes = Buffer.from(signature, 'base64url')
    const alike = [...alphabet]
      .map((last) => signature.slice(0, -1) + last)
      .filter((text) => Buffer.from(text, 'base64url').equals(bytes))
    expect(alike.length).toBeGreaterThan(1)
    const accepted = alike.filter((text) => outcomeOf(() => parseStatement(`${head}.${body}.${text}`)) === 'accepted')
    expect(accepted).toEqual([signature])
  })
})

describe('what its segments must hold', () => {
  const bom = Uint8Array.from([0xef, 0xbb, 0xbf, ...Buffer.from('{"alg":"EdDSA"}')])
  test.each<[what: string, given: string, code: string]>([
    ['a payload that is a text', withPayload('"iss"'), 'ERR_STATEMENT_JSON'],
    ['a payload that is an array', withPayload('[{"iss":"a"}]'), 'ERR_STATEMENT_JSON'],
    ['a payload that is null', withPayload('null'), 'ERR_STATEMENT_JSON'],
    ['a payload that is a statement', withPayload(statement), 'ERR_STATEMENT_JSON'],
    ['a payload that is not UTF-8', withPayload(Uint8Array.from([0x7b, 0xff, 0x7d])), 'ERR_STATEMENT_UTF8'],
    ['a payload with duplicate members', withPayload('{"iss":"a","iss":"b"}'), 'ERR_STATEMENT_DUPLICATE_MEMBER'],
    ['a payload with an escaped duplicate', withPayload('{"iss":"a","\\u0069ss":"b"}'), 'ERR_STATEMENT_DUPLICATE_MEMBER'],
    ['a payload with __proto__', withPayload('{"iss":"a","__proto__":{"aud":"x"}}'), 'ERR_STATEMENT_FORBIDDEN_NAME'],
    ['a payload with a lone surrogate', withPayload('{"iss":"\\ud800"}'), 'ERR_STATEMENT_VALUE'],
    ['a payload with NUL', withPayload('{"iss":"https://a.example\\u0000.evil.example"}'), 'ERR_STATEMENT_VALUE'],
    ['a payload with an infinite exp', withPayload('{"iss":"a","exp":1e400}'), 'ERR_STATEMENT_VALUE'],
    ['a payload with an inexact exp', withPayload('{"iss":"a","exp":9007199254740993}'), 'ERR_STATEMENT_VALUE'],
    ['a payload that is too deep', withPayload(`{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`), 'ERR_STATEMENT_LIMIT'],
    ['a header that is an array', withHeader('["EdDSA"]'), 'ERR_STATEMENT_JSON'],
    ['a header with a byte order mark', withHeader(bom), 'ERR_STATEMENT_JSON'],
    ['a header in UTF-16', withHeader(Buffer.from('{"alg":"EdDSA"}', 'utf16le')), 'ERR_STATEMENT_JSON'],
    ['a header that is not UTF-8', withHeader(Uint8Array.from([0x7b, 0x22, 0xc0, 0x22, 0x7d])), 'ERR_STATEMENT_UTF8'],
    ['a header with two algs', withHeader('{"alg":"EdDSA","\\u0061lg":"none"}'), 'ERR_STATEMENT_DUPLICATE_MEMBER'],
    ['a header with constructor at depth', withHeader('{"alg":"EdDSA","a":{"constructor":1}}'), 'ERR_STATEMENT_FORBIDDEN_NAME'],
    ['a header without alg', withHeader('{}'), 'ERR_HEADER_TYPE'],
    ['a header without alg that inherits one', withHeader('{"toString":"EdDSA"}'), 'ERR_HEADER_TYPE'],
  ])('%s is refused', (_, given, code) => {
    expect(outcomeOf(() => parseStatement(given))).toBe(code)
  })

  test('claims with names that objects inherit are claims like others', () => {
    const { claims } = parseStatement(withPayload('{"iss":"a","toString":"x","hasOwnProperty":1,"valueOf":null}'))
    expect(claims).toEqual({ iss: 'a', toString: 'x', hasOwnProperty: 1, valueOf: null })
  })

  test('parseJws leaves the payload alone', () => {
    expect(Buffer.from(parseJws(withPayload('no JSON')).payload).toString()).toBe('no JSON')
  })

  test('messages hold nothing of the statement', () => {
    const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ'
    for (const given of [
      `${secret}.${secret}.${secret}`,
      `${head}.${secret}.${secret}`,
      withPayload(`{"${secret}":1,"${secret}":2}`),
    ]) {
      const thrown = (() => {
        try {
          return parseStatement(given)
        } catch (error) {
          return error
        }
      })()
      expect(thrown).toBeInstanceOf(InvalidStatementError)
      expect(String(thrown)).not.toContain(secret)
    }
  })
})

describe('an error says what is wrong, and where', () => {
  const small = { ...defaultLimits, depth: 2, members: 3, items: 3, stringBytes: 30 }
  const payload = (text: string | Uint8Array) => makeJws({ header: { alg: 'EdDSA' }, payload: text })

  test.each<[message: string, given: unknown]>([
    ['the statement is not a string', 7],
    ['the statement has more than 32768 bytes', 'a'.repeat(32_769)],
    ['five segments: the statement is encrypted (JWE)', '....'],
    ['the statement does not have three segments', 'a.b'],
    ['the header is not canonical base64url', `=.${body}.${signature}`],
    ['the payload is not canonical base64url', `${head}.=.${signature}`],
    ['the signature is not canonical base64url', `${head}.${body}.=`],
    ['header: not a JSON document', `AAAA.${body}.${signature}`],
    ['payload: not a JSON document', payload('{')],
    ['payload: not valid UTF-8', payload(Uint8Array.of(0x7b, 0xff, 0x7d))],
    ['payload: the outermost JSON value is not an object', payload('[]')],
    ['payload: duplicate member name', payload('{"a":1,"a":2}')],
    ['payload: forbidden member name __proto__', payload('{"__proto__":1}')],
    ['payload: more than 3 members', payload('{"a":1,"b":2,"c":3,"d":4}')],
    ['payload: more than 3 array items', payload('{"a":[1,2,3,4]}')],
    ['payload: nested deeper than 2 levels', payload('{"a":{"b":{}}}')],
    ['payload: a number is beyond exact range', payload('{"a":1e300}')],
    ['payload: a text is too long', payload(JSON.stringify({ a: 'x'.repeat(31) }))],
    ['payload: a member name is too long', payload(JSON.stringify({ ['x'.repeat(31)]: 1 }))],
    ['payload: a text holds a control character', payload('{"a":"\\u0007"}')],
    ['payload: a text holds a lone surrogate', payload('{"a":"\\ud800"}')],
  ])('%s', (message, given) => {
    const limits = typeof given === 'string' && given.length > 30_000 ? defaultLimits : { ...small, statementBytes: 32_768 }
    let error: unknown
    try {
      parseStatement(given, limits)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(InvalidStatementError)
    expect(error).toHaveProperty('message', message)
    if (message.includes(': ') && !message.startsWith('five')) expect(error).toHaveProperty('cause.name', 'JsonFault')
  })

  test('the segment of the header is what stands before the first period', () => {
    expect(headerSegmentOf(statement)).toBe(head)
  })
})
