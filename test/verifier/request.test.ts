import { runInNewContext } from 'node:vm'
import type { RegistrationDecision, RegistrationInput } from '@software-statement/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyPlainObject } from '../../packages/core/src/json/plain-copy.js'
import { makeStatement } from '../support/make-jws.js'
import { approval, codeOf, decide, decideWith } from '../support/registration.js'

const statement = makeStatement()
const request = (members: Readonly<Record<string, unknown>> = {}) => JSON.stringify({ software_statement: statement, ...members })
const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)))

describe('the request', () => {
  test.each<[what: string, given: RegistrationInput, code: string]>([
    ['a text', request(), 'approved'],
    ['bytes', bytes(request()), 'approved'],
    ['a Buffer', Buffer.from(request()), 'approved'],
    ['an object', JSON.parse(request()), 'approved'],
    ['nothing', '', 'ERR_REQUEST_JSON'],
    ['no bytes', bytes(), 'ERR_REQUEST_JSON'],
    ['a form', 'software_statement=a', 'ERR_REQUEST_JSON'],
    ['an array', `[${request()}]`, 'ERR_REQUEST_JSON'],
    ['a statement alone', statement, 'ERR_REQUEST_JSON'],
    ['a byte order mark', `\ufeff${request()}`, 'ERR_REQUEST_JSON'],
    ['the bytes of a byte order mark', bytes([0xef, 0xbb, 0xbf], request()), 'ERR_REQUEST_JSON'],
    ['bytes that are not UTF-8', bytes('{"client_name":"', [0xc3, 0x28], '"}'), 'ERR_REQUEST_UTF8'],
    ['UTF-16', Buffer.from(request(), 'utf16le'), 'ERR_REQUEST_JSON'],
    ['duplicate members', `{"software_statement":"a","software_statement":"${statement}"}`, 'ERR_REQUEST_DUPLICATE_MEMBER'],
    [
      'an escaped duplicate',
      `{"software_statement":"${statement}","software_statemen\\u0074":"a"}`,
      'ERR_REQUEST_DUPLICATE_MEMBER',
    ],
    ['__proto__', `{"software_statement":"${statement}","__proto__":{"scope":"admin"}}`, 'ERR_REQUEST_FORBIDDEN_NAME'],
    ['constructor at depth', request({ jwks: { keys: [{ constructor: 1 }] } }), 'ERR_REQUEST_FORBIDDEN_NAME'],
    ['a lone surrogate', `{"client_name":"\\ud800"}`, 'ERR_REQUEST_VALUE'],
    ['NUL', request({ client_name: 'a\u0000b' }), 'ERR_REQUEST_VALUE'],
    ['an infinite number', '{"default_max_age":1e400}', 'ERR_REQUEST_VALUE'],
    ['an inexact number', '{"default_max_age":9007199254740993}', 'ERR_REQUEST_VALUE'],
    ['deep nesting', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'ERR_REQUEST_LIMIT'],
    ['many items', `{"a":[${'0,'.repeat(50_000)}0]}`, 'ERR_REQUEST_LIMIT'],
    ['a long text', request({ client_name: 'x'.repeat(2049) }), 'ERR_REQUEST_LIMIT'],
    ['a text beyond the size limit', request({ client_name: 'x'.repeat(128 * 1024) }), 'ERR_REQUEST_TOO_LARGE'],
    ['more bytes than characters', `{"client_name":"${'\u20ac'.repeat(60_000)}"}`, 'ERR_REQUEST_TOO_LARGE'],
    ['bytes beyond the size limit', new Uint8Array(128 * 1024 + 1), 'ERR_REQUEST_TOO_LARGE'],
    ['a statement beyond its limit', request({ software_statement: 'x'.repeat(32 * 1024 + 1) }), 'ERR_STATEMENT_TOO_LARGE'],
    ['no statement', '{}', 'ERR_STATEMENT_MISSING'],
    ['a statement of null', request({ software_statement: null }), 'ERR_STATEMENT_NOT_TEXT'],
    ['a statement of another type', request({ software_statement: [statement] }), 'ERR_STATEMENT_NOT_TEXT'],
    ['an empty statement', request({ software_statement: '' }), 'ERR_STATEMENT_SEGMENTS'],
    ['a statement under a tagged name', `{"software_statement#en":"${statement}"}`, 'ERR_STATEMENT_MISSING'],
    ['metadata of a wrong type', request({ scope: ['openid'] }), 'ERR_METADATA_TYPE'],
    ['metadata of null', request({ logo_uri: null }), 'ERR_METADATA_TYPE'],
    ['a bad language tag', request({ 'tos_uri#a b': 'https://mail.example' }), 'ERR_LANGUAGE_TAG'],
    ['an empty array of grants', request({ grant_types: [] }), 'ERR_METADATA_VALUE'],
  ])('%s', async (_, given, code) => {
    expect(await codeOf(decide(given))).toBe(code)
  })

  test.each(['ERR_REQUEST_TOO_LARGE', 'ERR_STATEMENT_TOO_LARGE'])('%s is answered with 413', async (code) => {
    const given = code === 'ERR_REQUEST_TOO_LARGE' ? 'x'.repeat(200_000) : request({ software_statement: 'x'.repeat(40_000) })
    expect(await decide(given)).toMatchObject({ approved: false, code, status: 413 })
  })

  test('limits are those of the options', async () => {
    expect(await codeOf(decide(request(), { limits: { requestBytes: 100 } }))).toBe('ERR_REQUEST_TOO_LARGE')
    expect(await codeOf(decide(request(), { limits: { statementBytes: 100 } }))).toBe('ERR_STATEMENT_TOO_LARGE')
    expect(await codeOf(decide(request({ a: { b: { c: 1 } } }), { limits: { depth: 2 } }))).toBe('ERR_REQUEST_LIMIT')
    expect(
      await codeOf(
        decideWith({}, { claims: { redirect_uris: ['https://a.example', 'https://b.example'] }, limits: { redirectUris: 1 } }),
      ),
    ).toBe('ERR_REDIRECT_URI')
  })
})

describe('a request as bytes of any kind', () => {
  const padded = new Uint8Array([0x20, 0xff, ...bytes(request()), 0xff])
  const [start, length] = [2, padded.length - 3]
  const shared = new SharedArrayBuffer(length)
  new Uint8Array(shared).set(bytes(request()))
  test.each<[what: string, given: unknown]>([
    ['a Uint8Array', bytes(request())],
    ['a Buffer', Buffer.from(request())],
    ['a Uint8Array with an offset', padded.subarray(start, start + length)],
    ['a Buffer with an offset', Buffer.from(padded.buffer, start, length)],
    ['a DataView with an offset', new DataView(padded.buffer, start, length)],
    ['an ArrayBuffer', Uint8Array.from(bytes(request())).buffer],
    ['a SharedArrayBuffer', shared],
    ['bytes of another realm', runInNewContext('Uint8Array.from(bytes)', { bytes: bytes(request()) })],
    ['a buffer of another realm', runInNewContext('Uint8Array.from(bytes).buffer', { bytes: bytes(request()) })],
  ])('%s', async (_, given) => {
    // Callers in JavaScript pass what they like.
    const decision = await approval(decide(given as RegistrationInput))
    expect(decision.checks[0]).toMatchObject({ check: 'json', outcome: 'pass' })
  })
})

describe('a request that somebody has parsed', () => {
  test('says that its form was not checked', async () => {
    const checksOf = async (given: RegistrationInput) => (await approval(decide(given))).checks[0]
    expect(await checksOf(JSON.parse(request()))).toMatchObject({ check: 'json', outcome: 'skip' })
    expect(await checksOf(request())).toMatchObject({ check: 'json', outcome: 'pass' })
    expect(await checksOf(bytes(request()))).toMatchObject({ check: 'json', outcome: 'pass' })
  })

  const circular: Record<string, unknown> = { software_statement: statement }
  circular.self = circular
  const throwing = {
    get software_statement(): string {
      throw new Error('getter')
    },
  }
  const throwingKeys = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('trap')
      },
    },
  )
  test.each<[what: string, given: unknown, code: string]>([
    ['an object without prototype', Object.assign(Object.create(null), JSON.parse(request())), 'approved'],
    [
      'an object with a getter',
      Object.defineProperty({}, 'software_statement', { enumerable: true, get: () => statement }),
      'approved',
    ],
    ['an object whose members are inherited', Object.create({ software_statement: statement }), 'ERR_REQUEST_JSON'],
    ['a Request', new Request('https://as.example/reg', { method: 'POST', body: request() }), 'ERR_REQUEST_JSON'],
    ['a promise of its text', Promise.resolve(request()), 'ERR_REQUEST_JSON'],
    ['a map', new Map(Object.entries(JSON.parse(request()))), 'ERR_REQUEST_JSON'],
    ['form fields', new URLSearchParams({ software_statement: statement }), 'ERR_REQUEST_JSON'],
    ['members that are undefined', { software_statement: statement, logo_uri: undefined }, 'approved'],
    [
      'an own __proto__',
      JSON.parse(`{"software_statement":"${statement}","__proto__":{"scope":"admin"}}`),
      'ERR_REQUEST_FORBIDDEN_NAME',
    ],
    ['toJSON that answers with another request', { toJSON: () => JSON.parse(request()) }, 'approved'],
    ['toJSON that answers with a text', { toJSON: () => request() }, 'ERR_REQUEST_JSON'],
    ['toJSON that answers with nothing', { toJSON: () => undefined }, 'ERR_REQUEST_JSON'],
    ['a getter that throws', throwing, 'ERR_REQUEST_JSON'],
    ['a circle', circular, 'ERR_REQUEST_JSON'],
    ['a number that JSON does not know', { software_statement: statement, default_max_age: 1n }, 'ERR_REQUEST_JSON'],
    ['NaN, which becomes null', { software_statement: statement, default_max_age: Number.NaN }, 'ERR_METADATA_TYPE'],
    ['a proxy that throws', throwingKeys, 'ERR_REQUEST_JSON'],
    ['a date', { software_statement: new Date(0) }, 'ERR_STATEMENT_SEGMENTS'],
    ['a text object', { software_statement: Object(statement) }, 'approved'],
    ['an array', [JSON.parse(request())], 'ERR_REQUEST_JSON'],
    ['null', null, 'ERR_REQUEST_JSON'],
    ['undefined', undefined, 'ERR_REQUEST_JSON'],
    ['a number', 7, 'ERR_REQUEST_JSON'],
    ['a function', () => request(), 'ERR_REQUEST_JSON'],
    ['an array buffer', new ArrayBuffer(8), 'ERR_REQUEST_JSON'],
  ])('%s', async (_, given, code) => {
    // Callers in JavaScript pass what they like.
    expect(await codeOf(decide(given as RegistrationInput))).toBe(code)
  })

  test('is decided like its text, whatever it is made of', async () => {
    const leaf = fc.oneof(
      fc.constantFrom(
        'openid',
        'https://mail.example/',
        '\u0007',
        '\ud800',
        '\u{1f600}',
        'x'.repeat(2049),
        '',
        null,
        true,
        0,
        -1,
      ),
      fc.double(),
    )
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), leaf, { maxKeys: 2 }),
    )
    const names = fc.constantFrom('scope', 'client_uri', 'contacts', 'default_max_age', 'jwks', 'unknown', 'constructor', 'a#b')
    const others = fc.dictionary(names, value, { maxKeys: 4 })
    const statements = fc.constantFrom(statement, `${statement}\u0000`, 'x'.repeat(40_000), undefined)
    await fc.assert(
      fc.asyncProperty(statements, others, async (software_statement, members) => {
        const given = { software_statement, ...members }
        const [ofObject, ofText] = [await decide(given), await decide(JSON.stringify(given))]
        expect(reduce(ofObject)).toEqual(reduce(ofText))
      }),
    )
  })

  /** What was decided, and why, but for the check of the JSON text. */
  const reduce = (decision: RegistrationDecision) => {
    const checks = decision.checks.filter(({ check }) => check !== 'json')
    return decision.approved
      ? { metadata: decision.metadata, provenance: decision.provenance, checks }
      : { code: decision.code, body: decision.body, checks }
  }

  test('is not copied beyond the size limit, however often its parts stand in it', () => {
    let shared: unknown = ['text']
    for (let level = 0; level < 60; level++) shared = [shared, shared]
    expect(copyPlainObject({ shared }, 1000)).toBeUndefined()
    expect(copyPlainObject({ text: 'x'.repeat(100) }, 1000)).toEqual({ text: 'x'.repeat(100) })
  })

  test('is taken by what its arrays hold, whatever they say when they are iterated', async () => {
    const contacts = Object.assign(['a@mail.example'], { [Symbol.iterator]: () => ['b@evil.example'].values() })
    const { metadata } = await approval(decide({ software_statement: statement, contacts, default_max_age: -0 }))
    expect(metadata.contacts).toEqual(['a@mail.example'])
    expect(metadata.default_max_age).toBe(0)
  })

  test('is read once: what a getter answers later does not count', async () => {
    let reads = 0
    const given = Object.defineProperty({ software_statement: statement }, 'scope', {
      enumerable: true,
      get: () => (reads++ === 0 ? 'openid' : 'admin'),
    })
    expect((await approval(decide(given))).metadata.scope).toBe('openid')
    expect(reads).toBe(1)
  })

  test('is not changed, and the result shares nothing with it', async () => {
    const given = { software_statement: statement, contacts: ['a@mail.example'] }
    const { metadata } = await approval(decide(given))
    given.contacts.push('b@mail.example')
    expect(metadata.contacts).toEqual(['a@mail.example'])
  })
})
