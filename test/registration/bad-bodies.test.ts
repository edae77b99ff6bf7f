import { once } from 'node:events'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { errorCatalogue } from '@software-statement/core'
import {
  createLimits,
  createRegistrationEndpoint,
  type DecisionRecord,
  memoryClientStore,
} from '@software-statement/registration'
import { createNodeServer } from '@software-statement/registration/node'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { brokenValues } from '../support/json-broken-values.js'
import { bytesOfPiece, nameOfPiece, type Piece } from '../support/json-pieces.js'
import { ambiguousValues, brokenUtf8, soundValues } from '../support/json-values.js'
import { exchange, flood, openConnection, type RawAnswer, readAnswers } from '../support/raw-http.js'
import { trustPublisher } from '../support/registration.js'

// One server for all that comes here, and real sockets: what has gone wrong in it goes wrong for the next request.
vi.setConfig({ testTimeout: 60_000 })

const redirect_uris = ['https://mail.example/cb']
const records: DecisionRecord[] = []
const errors: unknown[] = []
const { server, drain } = createNodeServer(
  createRegistrationEndpoint({
    issuer: 'https://as.example',
    store: memoryClientStore(),
    trust: trustPublisher(),
    rateLimits: createLimits({ registrationsPerAddress: 'unlimited' }),
    onDecision: (record) => records.push(record),
    onError: (error) => errors.push(error),
  }),
  { onError: (error) => errors.push(error) },
)
let origin = ''
/** A client that changes its registration in every way it should not. */
let client = { path: '', token: '', id: '' }

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const [answer] = await send('POST', JSON.stringify({ redirect_uris }))
  const { client_id, registration_access_token } = JSON.parse(answer?.body ?? '')
  client = { path: `/reg/${client_id}`, token: registration_access_token, id: client_id }
})

afterAll(async () => {
  await drain(0)
  expect(errors).toEqual([])
})

type Method = 'POST' | 'PUT'
const json = ['Content-Type: application/json']

function writeHead(method: Method, lines: readonly string[]): string {
  const authorization = method === 'PUT' ? [`Authorization: Bearer ${client.token}`] : []
  const path = method === 'PUT' ? client.path : '/reg'
  return [`${method} ${path} HTTP/1.1`, 'Host: as.example', ...authorization, ...lines, '', ''].join('\r\n')
}

/** A body in pieces of that many bytes, whatever characters they cut in two. */
function inChunks(body: Uint8Array, size: number): Buffer {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

/** Sends a body over a connection of its own; all answers that come. A reset is an error. */
async function send(
  method: Method,
  body: Piece,
  lines: readonly string[] = json,
  chunkSize?: number,
): Promise<readonly RawAnswer[]> {
  const bytes = bytesOfPiece(body)
  const framing = chunkSize === undefined ? `Content-Length: ${bytes.length}` : 'Transfer-Encoding: chunked'
  const head = writeHead(method, [...lines, framing, 'Connection: close'])
  const { text, reset } = await exchange(origin, bytesOfPiece(head, chunkSize === undefined ? bytes : inChunks(bytes, chunkSize)))
  if (reset) throw new Error(`the connection was reset after ${JSON.stringify(text)}`)
  return readAnswers(text)
}

const names = ['invalid_client_metadata', 'invalid_redirect_uri', 'invalid_software_statement', 'unapproved_software_statement']
const descriptions = Object.values(errorCatalogue).map(({ description }) => description)

/** What the one answer says, once it is one that a client can read: JSON, not cached, with an error of the table. */
function read(answers: readonly RawAnswer[]): string {
  const [answer] = answers
  if (answer === undefined || answers.length > 1) return `${answers.length} answers`
  const { status, headers, body } = answer
  expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['application/json', 'no-store'])
  const members: Record<string, unknown> = JSON.parse(body)
  if (status === 200 || status === 201) return 'registered'
  expect([400, 413]).toContain(status)
  expect(Object.keys(members)).toEqual(['error', 'error_description'])
  expect(names).toContain(members.error)
  const known = descriptions.some((description) => String(members.error_description).startsWith(description))
  expect(known, String(members.error_description)).toBe(true)
  return String(records.at(-1)?.code)
}

const methods: readonly Method[] = ['POST', 'PUT']

/** The codes of a body, sent in every way. */
async function codesOf(makeBody: (method: Method) => Piece): Promise<readonly string[]> {
  const codes = new Set<string>()
  for (const method of methods) {
    for (const size of [undefined, 7]) {
      const body = bytesOfPiece(makeBody(method))
      // A large body in tiny chunks only takes long.
      codes.add(
        read(await send(method, body, json, size === undefined ? undefined : Math.max(size, Math.ceil(body.length / 100)))),
      )
    }
  }
  return [...codes]
}

/** A sound request but for the last value in it. */
const asMember = (value: Piece) => (method: Method) => {
  const id = method === 'PUT' ? { client_id: client.id } : {}
  return bytesOfPiece(`${JSON.stringify({ ...id, redirect_uris }).slice(0, -1)},"other":`, value, '}')
}

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return true
  } catch {
    return false
  }
}

/** Every piece of a table, with its name and kind. */
const flatten = <Value extends Piece>(table: readonly (readonly [kind: string, pieces: readonly Value[]])[]) =>
  table.flatMap(([kind, pieces]) => pieces.map((piece) => [kind, nameOfPiece(piece), piece] as const))

describe('the table', () => {
  test('calls broken what no parser reads, and the rest is JSON', () => {
    const wrongly = (pieces: readonly Piece[], expected: boolean) =>
      pieces
        .filter((piece) => [bytesOfPiece(piece), asMember(piece)('POST')].some((body) => parses(body) !== expected))
        .map(nameOfPiece)
    expect(
      wrongly(
        brokenValues.flatMap(([, pieces]) => pieces),
        false,
      ),
    ).toEqual([])
    expect(
      wrongly(
        brokenUtf8.flatMap(([, pieces]) => pieces),
        false,
      ),
    ).toEqual([])
    expect(
      wrongly(
        ambiguousValues.flatMap(([, pieces]) => pieces),
        true,
      ),
    ).toEqual([])
    expect(wrongly(soundValues, true)).toEqual([])
  })
})

describe('a value that is no JSON', () => {
  test.each(flatten(brokenValues))('(%s) %s is refused, alone and as a member', async (_, __, piece) => {
    expect(await codesOf(() => piece)).toEqual(['ERR_REQUEST_JSON'])
    expect(await codesOf(asMember(piece))).toEqual(['ERR_REQUEST_JSON'])
  })
})

describe('a value that is no UTF-8', () => {
  test.each(flatten(brokenUtf8))('(%s) %s is refused, alone and as a member', async (_, __, piece) => {
    expect(await codesOf(() => piece)).toEqual(['ERR_REQUEST_UTF8'])
    expect(await codesOf(asMember(piece))).toEqual(['ERR_REQUEST_UTF8'])
  })
})

describe('a value that parsers disagree about', () => {
  test.each(flatten(ambiguousValues))('is refused with %s: %s', async (code, _, piece) => {
    expect(await codesOf(asMember(piece))).toEqual([code])
    expect(await codesOf(() => piece)).not.toContain('registered')
  })
})

describe('a value that is JSON', () => {
  test.each(soundValues.map((piece) => [nameOfPiece(piece), piece]))(
    '%s is let pass as a member, and is no request',
    async (_, piece) => {
      expect(await codesOf(asMember(piece))).toEqual(['registered'])
      expect(await codesOf(() => piece)).not.toContain('registered')
    },
  )
})

const good = JSON.stringify({
  redirect_uris,
  client_name: 'Caf\u00e9 \u{1f4e7}',
  contacts: ['ops@mail.example'],
  scope: 'mail openid',
  tags: [1, -2.5e3, true, null],
})
const utf16 = Buffer.from(good, 'utf16le')
const form = new URLSearchParams({ client_name: 'Mail', 'redirect_uris[]': 'https://mail.example/cb' }).toString()

/** Adds the `client_id` that an update has to have. */
const asUpdate = (method: Method, text = good) => (method === 'PUT' ? text.replace('{', `{"client_id":"${client.id}",`) : text)

describe('a whole body', () => {
  test.each<[string, Piece, string]>([
    ['with a byte order mark', `\ufeff${good}`, 'ERR_REQUEST_JSON'],
    ['in UTF-16', utf16, 'ERR_REQUEST_UTF8'],
    ['in UTF-16 of ASCII', Buffer.from('{"a":1}', 'utf16le'), 'ERR_REQUEST_JSON'],
    ['in UTF-16 with the other end first', Buffer.from(utf16).swap16(), 'ERR_REQUEST_UTF8'],
    ['in UTF-16 with a byte order mark', bytesOfPiece(Buffer.of(0xff, 0xfe), utf16), 'ERR_REQUEST_UTF8'],
    ['in UTF-32', Buffer.from(utf16.toString('latin1').replaceAll(/(..)/gs, '$1\0\0'), 'latin1'), 'ERR_REQUEST_UTF8'],
    ['in UTF-7', good.replaceAll('"', '+ACI-'), 'ERR_REQUEST_JSON'],
    ['in Latin-1', Buffer.from(good.replace('\u{1f4e7}', ''), 'latin1'), 'ERR_REQUEST_UTF8'],
    ['in gzip', gzipSync(good), 'ERR_REQUEST_UTF8'],
    ['in zlib', deflateSync(good), 'ERR_REQUEST_UTF8'],
    ['in deflate', deflateRawSync(good), 'ERR_REQUEST_UTF8'],
    ['in brotli', brotliCompressSync(good), 'ERR_REQUEST_UTF8'],
    ['in CBOR', Buffer.from('a1616101', 'hex'), 'ERR_REQUEST_UTF8'],
    ['in MessagePack', Buffer.from('81a16101', 'hex'), 'ERR_REQUEST_UTF8'],
    ['in base64', Buffer.from(good).toString('base64'), 'ERR_REQUEST_JSON'],
    ['as a text of JSON', JSON.stringify(good), 'ERR_REQUEST_JSON'],
    ['as an item', `[${good}]`, 'ERR_REQUEST_JSON'],
    ['twice', good + good, 'ERR_REQUEST_JSON'],
    ['twice, a line each', `${good}\n${good}\n`, 'ERR_REQUEST_JSON'],
    ['in a sequence', `\u001e${good}\n`, 'ERR_REQUEST_JSON'],
    ['with a brace too much', `${good}}`, 'ERR_REQUEST_JSON'],
    ['with a comma behind it', `${good},`, 'ERR_REQUEST_JSON'],
    ['with a NUL behind it', `${good}\0`, 'ERR_REQUEST_JSON'],
    ['with a word behind it', `${good} true`, 'ERR_REQUEST_JSON'],
    ['as a call', `callback(${good})`, 'ERR_REQUEST_JSON'],
    ['behind a guard', `)]}',\n${good}`, 'ERR_REQUEST_JSON'],
    ['as a form', form, 'ERR_REQUEST_JSON'],
    ['as parts', `--a\r\nContent-Disposition: form-data; name="b"\r\n\r\n${good}\r\n--a--\r\n`, 'ERR_REQUEST_JSON'],
    ['as XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'ERR_REQUEST_JSON'],
    ['as YAML', 'redirect_uris:\n  - https://mail.example/cb\n', 'ERR_REQUEST_JSON'],
    ['as a JWT', 'eyJhbGciOiJub25lIn0.e30.', 'ERR_REQUEST_JSON'],
    ['of nothing but spaces', ' '.repeat(100_000), 'ERR_REQUEST_JSON'],
    ['of nothing but NULs', Buffer.alloc(100_000), 'ERR_REQUEST_JSON'],
    ['of nothing but quotes', '"'.repeat(100_001), 'ERR_REQUEST_JSON'],
    ['of nothing but backslashes', `{"${'\\'.repeat(100_001)}":1}`, 'ERR_REQUEST_JSON'],
    ['of nothing but open arrays', '['.repeat(100_000), 'ERR_REQUEST_JSON'],
    ['of nothing but open objects', '{"":'.repeat(30_000), 'ERR_REQUEST_JSON'],
    ['that is too large', `{"a":"${'a'.repeat(128 * 1024)}"}`, 'ERR_REQUEST_TOO_LARGE'],
    ['that is too large, of spaces', ' '.repeat(128 * 1024 + 1), 'ERR_REQUEST_TOO_LARGE'],
  ])('%s is refused', async (_, body, code) => {
    expect(await codesOf(() => body)).toEqual([code])
  })

  test('is sound whatever JSON lets stand around it', async () => {
    expect(await codesOf((method) => `\r\n\t ${asUpdate(method)} \t\r\n`)).toEqual(['registered'])
  })

  test.each(methods)('that ends too soon, wherever it does, is refused (%s)', async (method) => {
    const bytes = bytesOfPiece(asUpdate(method))
    const codes = new Set<string>()
    for (let length = 0; length < bytes.length; length++) codes.add(read(await send(method, bytes.subarray(0, length))))
    expect([...codes].sort()).toEqual(['ERR_REQUEST_JSON', 'ERR_REQUEST_UTF8'])
  })

  test.each(methods)('is sound in chunks of any size (%s)', async (method) => {
    for (const size of [1, 2, 3, 5, 64, 1000]) expect(read(await send(method, asUpdate(method), json, size))).toBe('registered')
  })
})

describe('a body of JSON that is no metadata', () => {
  test.each<[string, object, string]>([
    ['many members', Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [at, 0])), 'ERR_REQUEST_LIMIT'],
    [
      'many redirect URIs',
      { redirect_uris: Array.from({ length: 1000 }, (_, at) => `https://a.example/${at}`) },
      'ERR_REDIRECT_URI',
    ],
    ['texts for everything', { redirect_uris: 'x', grant_types: 'x', jwks: 'x', contacts: 1, scope: [] }, 'ERR_METADATA_TYPE'],
  ])('with %s is refused', async (_, members, code) => {
    expect(await codesOf((method) => asUpdate(method, JSON.stringify(members)))).toEqual([code])
  })
})

describe('a header', () => {
  test.each<[readonly string[], Piece, string]>([
    [[], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type:'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: json'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: */*'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: text/json'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: text/plain'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/jwt'], 'a.b.c', 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/jsonx'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/json+x'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/merge-patch+json'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/json charset=utf-8'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/json, text/plain'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: "application/json"'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/json\xe9'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, ...json], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, 'Content-Type: text/plain'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/x-www-form-urlencoded'], form, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: multipart/form-data; boundary=a'], '--a--\r\n', 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/cbor'], Buffer.from('a0', 'hex'), 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/xml'], '<a/>', 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, 'Content-Encoding: gzip'], gzipSync(good), 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, 'Content-Encoding: gzip'], gzipSync(Buffer.alloc(50_000_000)), 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, 'Content-Encoding: br'], brotliCompressSync(good), 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, 'Content-Encoding: identity, gzip'], gzipSync(good), 'ERR_REQUEST_MEDIA_TYPE'],
    [[...json, 'Content-Encoding: x'], good, 'ERR_REQUEST_MEDIA_TYPE'],
    [['Content-Type: application/json; charset=utf-16'], utf16, 'ERR_REQUEST_UTF8'],
    [
      ['Content-Type: application/json; charset=iso-8859-1'],
      Buffer.from('{"client_name":"\u00e9"}', 'latin1'),
      'ERR_REQUEST_UTF8',
    ],
    // JSON has one encoding and knows no such parameter (RFC 8259 8.1 and 11).
    [['Content-Type: application/json; charset=utf-16'], good, 'registered'],
    [['Content-Type: application/json;;; charset'], good, 'registered'],
    [['Content-Type:\tApplication/JSON \t; a="b;c"'], good, 'registered'],
    [[...json, 'Content-Encoding: identity'], good, 'registered'],
    [[...json, 'Accept: text/html', 'Accept-Encoding: gzip', 'Accept-Charset: utf-16'], good, 'registered'],
  ])('%j decides what is read', async (lines, body, code) => {
    for (const method of methods) {
      const sent = typeof body === 'string' && body === good ? asUpdate(method) : body
      expect(read(await send(method, sent, lines))).toBe(code)
      expect(read(await send(method, sent, lines, 1000))).toBe(code)
    }
  })
})

describe('a body that nobody reads', () => {
  test.each([
    ['of another media type', 'POST', ['Content-Type: text/plain']],
    ['in another encoding', 'POST', [...json, 'Content-Encoding: gzip']],
    ['with a wrong token', 'PUT', [...json, 'Authorization: Bearer wrong']],
  ] as const)(
    '%s, is thrown away, so that the answer is read by a client that sends all of it first',
    async (_, method, lines) => {
      const connection = await openConnection(origin)
      const { socket, send, end } = connection
      socket.pause()
      const piece = Buffer.alloc(64 * 1024, 0x20)
      send(writeHead(method, [...lines, `Content-Length: ${piece.length * 1000}`]))
      expect(await flood(connection, piece, piece.length * 1000)).toBe(piece.length * 1000)
      socket.resume()
      const { text, reset } = await end
      expect({ reset, status: readAnswers(text).map(({ status }) => status) }).toEqual({
        reset: false,
        status: [method === 'PUT' ? 401 : 400],
      })
    },
  )
})

describe('on one connection', () => {
  test('bad bodies are answered in their order, and a good one behind them', async () => {
    const bodies = [...brokenValues, ...brokenUtf8]
      .flatMap<Piece>(([, pieces]) => pieces.slice(0, 3))
      .map((piece) => bytesOfPiece(piece))
    const requests = [...bodies, bytesOfPiece(good)].map((body, at) => {
      const last = at === bodies.length ? ['Connection: close'] : []
      return bytesOfPiece(writeHead('POST', [...json, `Content-Length: ${body.length}`, ...last]), body)
    })
    const { text, reset } = await exchange(origin, Buffer.concat(requests))
    expect(reset).toBe(false)
    expect(readAnswers(text).map(({ status }) => status)).toEqual([...bodies.map(() => 400), 201])
  })
})

describe('a body that has been changed somewhere', () => {
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...bytesOfPiece('{}[]",:\\\0 0-+.eutn\ufeff')))
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.oneof(fc.constant(0), fc.constant(1), fc.nat({ max: 30 })),
    added: fc.oneof(
      fc.array(byte, { maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(...brokenValues.flatMap(([, pieces]) => pieces), ...soundValues).map((piece) => bytesOfPiece(piece)),
    ),
  })

  test('is registered if it is JSON that may be, and refused as the error of the table says', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      async (method, changes, chunkSize) => {
        const body = changes.reduce(
          (bytes, { at, removed, added }) => {
            const start = Math.floor(at * bytes.length)
            return Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)])
          },
          bytesOfPiece(asUpdate(method)),
        )
        // Nobody waits a minute for a value of 100,000 bytes in chunks of one.
        fc.pre(body.length < 20_000)
        const code = read(await send(method, body, json, chunkSize))
        if (parses(body)) expect(code).not.toMatch(/^ERR_REQUEST_UTF8$/)
        else expect(code).toMatch(/^ERR_REQUEST_(JSON|UTF8)$/)
      },
    )
    await fc.assert(property, { numRuns: 500 })
  })
})
