import { runInNewContext } from 'node:vm'
import { type GuardedFetch, remoteKeys, trustIssuers } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { good, json, kidsOf, respond, serve, set, uri } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { decide, verify } from '../support/registration.js'

describe('what is asked, and of whom', () => {
  test.each([
    'http://publisher.example/jwks',
    'file:///jwks',
    'data:application/json,{}',
    'https://a:b@publisher.example/jwks',
    'jwks',
  ])('%s is refused at construction', (given) => {
    const { fetch, requests } = serve(() => respond(set))
    expect(() => remoteKeys(given, { fetch })).toThrow(TypeError)
    expect(requests).toEqual([])
  })

  test('one GET without following redirects, with a time limit', async () => {
    const { fetch, requests } = serve(() => respond(set))
    expect(await kidsOf(remoteKeys(uri, { fetch }))).toEqual([good.kid])
    expect(requests).toHaveLength(1)
    expect(requests[0]?.[0]).toBe(uri)
    expect(requests[0]?.[1]).toMatchObject({ method: 'GET', redirect: 'manual', signal: expect.any(AbortSignal) })
    expect(requests[0]?.[1].headers.accept).toContain('application/json')
  })

  test('nothing is asked before a statement of the issuer comes', async () => {
    const { fetch, requests } = serve(() => respond(set))
    const trust = trustIssuers([{ issuer, jwksUri: uri }], { fetch })
    expect(await outcomeOfPromise(verify(makeStatement({ claims: { iss: 'https://other.example' } }), { trust }))).toBe(
      'ERR_ISSUER_NOT_TRUSTED',
    )
    expect(await outcomeOfPromise(verify(makeStatement({ header: { typ: 'at+jwt' } }), { trust }))).toBe('ERR_TYP_OTHER')
    expect(await outcomeOfPromise(verify(makeStatement({ header: { typ: 'x+jwt' } }), { trust }))).toBe('ERR_TYP_NOT_ACCEPTED')
    expect(requests).toEqual([])
    expect(await outcomeOfPromise(verify(makeStatement(), { trust }))).toBe('accepted')
    expect(requests).toHaveLength(1)
  })
})

const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024).fill(0x20)) })
const failing = () => new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })

describe('answers that are an outage', () => {
  test.each<[what: string, answer: () => Response]>([
    ['a redirect', () => respond(null, { status: 302, headers: { location: 'https://evil.example/jwks' } })],
    [
      'a redirect with a key set',
      () => respond(set, { status: 301, headers: { ...json, location: 'https://evil.example/jwks' } }),
    ],
    ['not found', () => respond(set, { status: 404 })],
    ['a server error', () => respond(set, { status: 500 })],
    ['no content', () => respond(null, { status: 204 })],
    ['partial content', () => respond(set, { status: 206 })],
    ['plain text', () => respond(set, { headers: { 'content-type': 'text/plain' } })],
    ['HTML', () => respond('<html>', { headers: { 'content-type': 'text/html' } })],
    ['no media type', () => respond(Buffer.from(set), { headers: {} })],
    ['a media type that only begins well', () => respond(set, { headers: { 'content-type': 'application/jsonp' } })],
    ['nothing', () => respond('')],
    ['half a document', () => respond(set.slice(0, -10))],
    ['an array', () => respond(`[${set}]`)],
    ['no array of keys', () => respond('{"key":[]}')],
    ['an empty set', () => respond('{"keys":[]}')],
    ['a set without a public key for signatures', () => respond(JSON.stringify({ keys: [keys.oct, { ...good, use: 'enc' }] }))],
    ['keys that are no array', () => respond('{"keys":{}}')],
    ['duplicate members', () => respond(`{"keys":[],"keys":${JSON.stringify([good])}}`)],
    ['a forbidden name', () => respond('{"keys":[],"__proto__":{}}')],
    ['another encoding', () => respond(Uint8Array.from([...Buffer.from('{"keys":[],"a":"'), 0xff, ...Buffer.from('"}')]))],
    ['an endless body', () => respond(endless())],
    ['an endless body that claims to be short', () => respond(endless(), { headers: { ...json, 'content-length': '10' } })],
    ['a body of 256 KiB and one byte', () => respond(set + ' '.repeat(256 * 1024 + 1 - set.length))],
    ['a body that breaks off', () => respond(failing())],
  ])('%s', async (_, answer) => {
    expect(await kidsOf(remoteKeys(uri, { fetch: serve(answer).fetch }))).toBe('unavailable')
  })

  test('a fetch that answers with a stream of any length is not taken for a guarded one', async () => {
    const plain = (async () => respond(set)) as unknown as GuardedFetch
    const trust = trustIssuers([{ issuer, jwksUri: uri }], { fetch: plain })
    const fault = await verify(makeStatement(), { trust }).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE', cause: expect.any(TypeError) })
  })

  test.each([204, 304, 404, 500])('a fetch that lets %d pass is not taken for a guarded one', async (status) => {
    let seconds = 1_800_000_000
    const answers = [status, 200, status].map((each) => ({ status: each, headers: new Headers(), body: Buffer.from(set) }))
    const fetch = (async () => answers.shift()) as unknown as GuardedFetch
    const source = remoteKeys(uri, { fetch, now: () => new Date(seconds * 1000), keyCache: { staleIfError: 0 } })
    for (const expected of ['unavailable', [good.kid], 'unavailable']) {
      expect(await kidsOf(source, good.kid)).toEqual(expected)
      seconds += 3600
    }
  })

  test.each([new TypeError('fetch failed'), new Error('refused'), 'text', undefined, null])(
    'a fetch that fails with %s',
    async (failure) => {
      const { fetch } = serve(() => {
        throw failure
      })
      expect(await kidsOf(remoteKeys(uri, { fetch }))).toBe('unavailable')
    },
  )

  test('a reading of a body stops at its limit', async () => {
    let pulled = 0
    const counted = new ReadableStream({
      pull: (controller) => {
        pulled += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const { fetch } = serve(() => respond(counted))
    expect(await kidsOf(remoteKeys(uri, { fetch }))).toBe('unavailable')
    expect(pulled).toBeLessThan(10 * 65_536)
  })

  test('an answer that does not come in time, whether or not the fetch heeds its signal', async () => {
    const heeding = serve(
      (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const deaf = serve(() => new Promise(() => undefined))
    const stalled = serve(() => respond(new ReadableStream({ pull: () => new Promise(() => undefined) })))
    const outcomes = await Promise.all([heeding, deaf, stalled].map(({ fetch }) => kidsOf(remoteKeys(uri, { fetch }))))
    expect(outcomes).toEqual(['unavailable', 'unavailable', 'unavailable'])
  })

  test('a client is told to come back, and not that its statement is wrong', async () => {
    const trust = trustIssuers([{ issuer, jwksUri: uri }], { fetch: serve(() => respond(null, { status: 500 })).fetch })
    const decision = await decide({ software_statement: makeStatement() }, { trust })
    expect(decision).toMatchObject({
      approved: false,
      status: 503,
      error: 'temporarily_unavailable',
      code: 'ERR_KEYS_UNAVAILABLE',
    })
    expect(decision.approved ? {} : decision.headers).toMatchObject({ 'Retry-After': '30' })
  })
})

describe('answers that are a key set', () => {
  test.each([
    ['application/json; charset=utf-8', set],
    ['APPLICATION/JSON', set],
    ['application/jwk-set+json', set],
    ['application/json', `${set}${' '.repeat(256 * 1024 - set.length)}`],
    ['application/json', JSON.stringify({ keys: [good], anything: { else: 1 } })],
    ['application/json', JSON.stringify({ keys: [{ ...good, x5c: ['MIIB\r\nAAAA\n'] }] })],
    [
      'application/json',
      JSON.stringify({
        keys: [
          { ...good, x5c: ['A'.repeat(50_000)] },
          { kty: 'AKP', pub: 'A'.repeat(50_000) },
        ],
      }),
    ],
  ])('%s', async (mediaType, body) => {
    const { fetch } = serve(() => respond(body, { headers: { 'content-type': mediaType } }))
    expect(await kidsOf(remoteKeys(uri, { fetch }))).toEqual([good.kid])
  })

  test('as bytes of another realm, from a fetch of the caller', async () => {
    const bytes = [...Buffer.from(set)]
    const fetch: GuardedFetch = async () => {
      return { status: 200, headers: new Headers(json), body: runInNewContext('Uint8Array.from(bytes)', { bytes }) }
    }
    expect(await kidsOf(remoteKeys(uri, { fetch }))).toEqual([good.kid])
  })

  test('private, symmetric and foreign keys in it do not count', async () => {
    const { d: _, ...withoutD } = keys.rsa
    const foreign = [null, 'a', [good], { kty: 'EC' }, { ...good, kid: 'enc', use: 'enc' }, { kty: 'toString', kid: 'other' }]
    const body = JSON.stringify({ keys: [keys.p256, keys.oct, withoutD, ...foreign, good] })
    const { fetch } = serve(() => respond(body))
    expect(await kidsOf(remoteKeys(uri, { fetch }))).toEqual([good.kid])
  })

  test('a MAC with a symmetric key that stands in a public set is refused', async () => {
    const trust = trustIssuers([{ issuer, jwksUri: uri }], {
      fetch: serve(() => respond(JSON.stringify({ keys: [keys.oct, good] }))).fetch,
    })
    expect(await outcomeOfPromise(verify(makeStatement({ key: keys.oct, alg: 'HS256' }), { trust }))).toBe('ERR_KEY_NOT_FOUND')
  })

  test('a weak key in it verifies nothing', async () => {
    const trust = trustIssuers([{ issuer, jwksUri: uri }], {
      fetch: serve(() => respond(JSON.stringify({ keys: [publicHalf(keys.weakRsa)] }))).fetch,
    })
    expect(await outcomeOfPromise(verify(makeStatement({ key: keys.weakRsa, alg: 'RS256' }), { trust }))).toBe(
      'ERR_KEY_UNSUITABLE',
    )
  })
})
