import { errorCatalogue } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeEndpoint, makeRequest, redirect_uris } from '../../support/endpoint.js'
import { trustPublisher } from '../../support/registration.js'

const sound = JSON.stringify({ redirect_uris })

describe('the media type', () => {
  test.each([
    ['application/json', 'done'],
    ['application/json; charset=utf-8', 'done'],
    ['APPLICATION/JSON;charset="UTF-8"', 'done'],
    ['application/json, text/html', 'ERR_REQUEST_MEDIA_TYPE'],
    ['application/jsonp', 'ERR_REQUEST_MEDIA_TYPE'],
    ['application/jwt', 'ERR_REQUEST_MEDIA_TYPE'],
    ['application/ld+json', 'ERR_REQUEST_MEDIA_TYPE'],
    ['text/plain', 'ERR_REQUEST_MEDIA_TYPE'],
    ['application/x-www-form-urlencoded', 'ERR_REQUEST_MEDIA_TYPE'],
    ['', 'ERR_REQUEST_MEDIA_TYPE'],
  ])('%j is %s', async (type, code) => {
    const { send, lastCode } = makeEndpoint()
    await send('POST', '/reg', { body: sound, headers: { 'content-type': type } })
    expect(lastCode()).toBe(code)
  })

  test.each([
    ['gzip', 'ERR_REQUEST_MEDIA_TYPE'],
    ['identity', 'done'],
  ])('with content encoding %s is %s', async (encoding, code) => {
    const { send, lastCode } = makeEndpoint()
    const { body } = await send('POST', '/reg', { body: sound, headers: { 'content-encoding': encoding } })
    expect(lastCode()).toBe(code)
    if (code !== 'done') expect(body.error_description).toMatch(/application\/json and have no content encoding/)
  })
})

/** A body that counts what is taken of it. */
function countingStream(chunk: Uint8Array, chunks = Number.POSITIVE_INFINITY) {
  const counts = { chunks: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (counts.chunks >= chunks) return controller.close()
        counts.chunks += 1
        controller.enqueue(chunk)
      },
      cancel() {
        counts.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, counts }
}

describe('the size', () => {
  const kilobyte = new Uint8Array(1024).fill(0x20)

  test('of a body that announces too much is refused before anything is read', async () => {
    const { endpoint } = makeEndpoint({ limits: { requestBytes: 4096 } })
    const { stream, counts } = countingStream(kilobyte)
    const response = await endpoint(makeRequest('POST', '/reg', { body: stream, headers: { 'content-length': '4097' } }))
    expect(response.status).toBe(413)
    expect(counts).toEqual({ chunks: 0, cancelled: true })
  })

  test.each([undefined, '17', '0', 'many', '-5'])(
    'of an endless body that announces %s is refused as soon as it is seen',
    async (length) => {
      const { endpoint, lastCode } = makeEndpoint({ limits: { requestBytes: 4096 } })
      const { stream, counts } = countingStream(kilobyte)
      const headers = length === undefined ? {} : { 'content-length': length }
      const response = await endpoint(makeRequest('POST', '/reg', { body: stream, headers }))
      expect(response.status).toBe(413)
      expect(lastCode()).toBe('ERR_REQUEST_TOO_LARGE')
      expect(counts).toEqual({ chunks: 5, cancelled: true })
    },
  )

  test('of a body at the limit is no fault, in however many pieces it comes', async () => {
    const { send, lastCode } = makeEndpoint({ limits: { requestBytes: 4096 } })
    const bytes = new TextEncoder().encode(sound.padEnd(4096))
    for (const size of [1, 7, 1000, 4096]) {
      let at = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= bytes.length) return controller.close()
          controller.enqueue(bytes.slice(at, at + size))
          at += size
        },
      })
      expect((await send('POST', '/reg', { body })).status).toBe(201)
    }
    await send('POST', '/reg', { body: sound.padEnd(4097) })
    expect(lastCode()).toBe('ERR_REQUEST_TOO_LARGE')
  })

  test('of an update is bounded as well', async () => {
    const { send, register, lastCode } = makeEndpoint()
    const told = await register({ redirect_uris })
    const token = told.registration_access_token
    await send('PUT', told.registration_client_uri, { body: ' '.repeat(200_000), token })
    expect(lastCode()).toBe('ERR_REQUEST_TOO_LARGE')
    await send('PUT', told.registration_client_uri, { body: sound, token, headers: { 'content-type': 'text/plain' } })
    expect(lastCode()).toBe('ERR_REQUEST_MEDIA_TYPE')
  })
})

describe('a body that breaks off', () => {
  test('registers nobody', async () => {
    const { send, lastCode } = makeEndpoint()
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(sound))
        controller.error(new Error('the connection was reset'))
      },
    })
    expect((await send('POST', '/reg', { body })).status).toBe(400)
    expect(lastCode()).toBe('ERR_REQUEST_JSON')
  })

  test('because the request is given up ends the request', async () => {
    const { endpoint, lastCode } = makeEndpoint()
    const abort = new AbortController()
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(sound)),
    })
    const request = new Request(makeRequest('POST', '/reg', { body }), { signal: abort.signal })
    const answer = endpoint(request)
    abort.abort()
    expect((await answer).status).toBe(400)
    expect(lastCode()).toBe('ERR_REQUEST_JSON')
  })

  test('or is none at all is refused', async () => {
    const { send, lastCode } = makeEndpoint()
    expect((await send('POST', '/reg')).status).toBe(400)
    expect(lastCode()).toBe('ERR_REQUEST_JSON')
  })
})

/** What makes JSON parsers disagree, and what is JSON but no request. */
const bodies: readonly (readonly [body: string | Uint8Array<ArrayBuffer>, code: string])[] = [
  ['', 'ERR_REQUEST_JSON'],
  ['null', 'ERR_REQUEST_JSON'],
  ['[]', 'ERR_REQUEST_JSON'],
  ['"text"', 'ERR_REQUEST_JSON'],
  ['{', 'ERR_REQUEST_JSON'],
  ['{}{}', 'ERR_REQUEST_JSON'],
  ["{'redirect_uris':[]}", 'ERR_REQUEST_JSON'],
  ['{"redirect_uris":[],}', 'ERR_REQUEST_JSON'],
  ['{"redirect_uris":NaN}', 'ERR_REQUEST_JSON'],
  ['{/*c*/}', 'ERR_REQUEST_JSON'],
  ['{"a":1,"a":2}', 'ERR_REQUEST_DUPLICATE_MEMBER'],
  ['{"__proto__":{}}', 'ERR_REQUEST_FORBIDDEN_NAME'],
  ['{"client_name":"\\ud800"}', 'ERR_REQUEST_VALUE'],
  ['{"a":1e400}', 'ERR_REQUEST_VALUE'],
  [`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'ERR_REQUEST_LIMIT'],
  [Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d), 'ERR_REQUEST_JSON'],
  [Uint8Array.of(0xff, 0xfe, 0x7b, 0x00), 'ERR_REQUEST_UTF8'],
  ['{}', 'ERR_REDIRECT_URI_MISSING'],
  ['{"redirect_uris":"https://mail.example/cb"}', 'ERR_METADATA_TYPE'],
  ['{"redirect_uris":["javascript:alert(1)"]}', 'ERR_REDIRECT_URI'],
  ['{"redirect_uris":null}', 'ERR_METADATA_TYPE'],
  ['{"redirect_uris":["https://mail.example/cb"],"software_statement":"a.b.c"}', 'ERR_STATEMENT_BASE64URL'],
]

describe('a bad body', () => {
  test.each(bodies)('%j is refused with %s', async (body, code) => {
    const { send, lastCode } = makeEndpoint({ trust: trustPublisher() })
    const { status, body: answer } = await send('POST', '/reg', { body })
    expect(status).toBe(400)
    expect(lastCode()).toBe(code)
    expect(Object.keys(answer)).toEqual(['error', 'error_description'])
  })

  const names = ['redirect_uris', 'grant_types', 'scope', 'jwks', 'token_endpoint_auth_method', 'software_statement', 'client_id']
  const json = fc.oneof(
    fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 })).map((value) => JSON.stringify(value)),
    fc.json(),
    fc.string({ unit: 'binary' }),
  )

  test('of whatever kind is answered with an error of the table, on registration and update', async () => {
    const { send, register } = makeEndpoint({ trust: trustPublisher() })
    const told = await register({ redirect_uris })
    const token = told.registration_access_token
    await fc.assert(
      fc.asyncProperty(json, fc.constantFrom('POST', 'PUT'), async (body, method) => {
        const path = method === 'POST' ? '/reg' : told.registration_client_uri
        const { status, body: answer } = await send(method, path, { body, token })
        if (status === 201 || status === 200) return
        expect([400, 413]).toContain(status)
        expect(answer.error).toMatch(
          /^invalid_(client_metadata|redirect_uri|software_statement)$|^unapproved_software_statement$/,
        )
        const descriptions = Object.values(errorCatalogue).map(({ description }) => description)
        const known = descriptions.some((description) => String(answer.error_description).startsWith(description))
        expect(known, String(answer.error_description)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
