import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { post, serveEveryMethod, tokenEndpoint } from '../../support/client-server.js'
import { outcomeOfPromise } from '../../support/outcomes.js'

const { authenticate, postSecret } = await serveEveryMethod()
const sound = `client_id=client_secret_post&client_secret=${postSecret}`
const type = { 'content-type': 'application/x-www-form-urlencoded' }
const judge = (request: Request) => outcomeOfPromise(authenticate(request))
const send = (body: string | Uint8Array<ArrayBuffer> | ReadableStream, headers = {}) =>
  new Request(tokenEndpoint, { method: 'POST', body, headers: { ...type, ...headers }, duplex: 'half' } as RequestInit) // as streams need it

/** A body that comes in pieces, and counts those that were asked for. */
function inPieces(pieces: (n: number) => unknown, most = Number.POSITIVE_INFINITY) {
  const asked = { pieces: 0, cancelled: false }
  const body = new ReadableStream(
    {
      pull(controller) {
        if (asked.pieces >= most) controller.close()
        else controller.enqueue(pieces(asked.pieces++))
      },
      cancel: () => {
        asked.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, asked }
}

describe('the body of a request is a form', () => {
  test.each([
    ['as it is', sound],
    ['with percent-encoding where none is needed', sound.replaceAll('_', '%5F')],
    ['with empty pairs', `&${sound}&&`],
    ['with a name without a value', `${sound}&scope`],
    ['with texts of all the world', `${sound}&state=${encodeURIComponent('\u{1f511} \u00e9')}+%2B`],
    ['with parameters that other specifications repeat', `${sound}&resource=a&resource=a&audience=b&audience=c`],
  ])('%s', async (_, body) => {
    expect(await judge(send(body))).toBe('accepted')
  })

  test.each<[string, Request]>([
    ['of no media type', new Request(tokenEndpoint, { method: 'POST', body: Buffer.from(sound) })],
    ['of JSON', post(JSON.stringify({ client_id: 'none' }), { 'content-type': 'application/json' })],
    ['of a media type that begins in the same way', send(sound, { 'content-type': `${type['content-type']}ed` })],
    ['of another charset', send(sound, { 'content-type': `${type['content-type']}; charset=utf-16` })],
    ['of two media types', send(sound, { 'content-type': `${type['content-type']}, application/json` })],
    ['with percent-encoding that is broken off', send(`${sound}&scope=a%2`)],
    ['with percent-encoding that is none', send(`${sound}&scope=%zz`)],
    ['with percent-encoding that is not UTF-8', send(`${sound}&scope=%ff`)],
    ['with an overlong NUL', send(`${sound}&scope=%c0%80`)],
    ['with half a surrogate pair', send(`${sound}&scope=%ed%a0%80`)],
    ['with a name whose percent-encoding is broken', send(`${sound}&%=a`)],
    ['that is not UTF-8', send(Buffer.from(`${sound}&scope=\u00e9`, 'latin1'))],
    ['with a byte order mark before its name', send(`client_secret=x&\ufeffclient_id=none`)],
    ['with a content encoding', send(gzipSync(sound), { 'content-encoding': 'gzip' })],
    ['that says it is longer than it may be', send(sound, { 'content-length': '65537' })],
    ['that is longer than it may be', send(`${sound}&state=${'a'.repeat(65_536)}`)],
  ])('%s it is refused', async (_, request) => {
    expect(await judge(request)).toBe('ERR_CLIENT_REQUEST')
  })

  test.each(['GET', 'PUT', 'DELETE', 'HEAD'])('a request of method %s is refused', async (method) => {
    expect(await judge(new Request(tokenEndpoint, { method }))).toBe('ERR_METHOD_NOT_ALLOWED')
  })

  test('it may be as long as the option says, to the byte', async () => {
    const { authenticate: narrow, postSecret: secret } = await serveEveryMethod({ maxBytes: 200 })
    const body = `client_id=client_secret_post&client_secret=${secret}&state=`
    expect(await outcomeOfPromise(narrow(send(body.padEnd(200, 'a'))))).toBe('accepted')
    expect(await outcomeOfPromise(narrow(send(body.padEnd(201, 'a'))))).toBe('ERR_CLIENT_REQUEST')
  })
})

describe('the body is read as far as it may be long, and no further', () => {
  test('one that comes byte by byte is read', async () => {
    const bytes = Buffer.from(sound)
    const { body } = inPieces((n) => bytes.subarray(n, n + 1), bytes.length)
    expect(await judge(send(body))).toBe('accepted')
  })

  test('one without an end is left', async () => {
    const { body, asked } = inPieces(() => Buffer.alloc(16_384, 'a'))
    expect(await judge(send(body))).toBe('ERR_CLIENT_REQUEST')
    expect(asked).toEqual({ pieces: 5, cancelled: true })
  })

  test('one that breaks off is refused', async () => {
    const { body } = inPieces(() => {
      throw new Error('reset')
    })
    expect(await judge(send(body))).toBe('ERR_CLIENT_REQUEST')
  })

  test('one that the server gives up on is refused at once', async () => {
    const over = new AbortController()
    const silent = new ReadableStream({ pull: () => over.abort(new Error('too slow')), cancel: () => new Promise(() => {}) })
    const request = new Request(send(silent), { signal: over.signal })
    expect(await judge(request)).toBe('ERR_CLIENT_REQUEST')
  })

  test('one of something else than bytes is refused', async () => {
    const { body } = inPieces(() => sound, 1)
    expect(await judge(send(body))).toBe('ERR_CLIENT_REQUEST')
  })

  test('one that somebody has read before is a mistake of the program', async () => {
    const request = send(sound)
    await request.text()
    await expect(authenticate(request)).rejects.toThrow(TypeError)
  })
})
