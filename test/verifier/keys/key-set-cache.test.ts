import { type KeyCacheOptions, remoteKeys, TrustUnavailableError, trustIssuers } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { good, header, json, kidsOf, respond, serve, set, uri } from '../../support/key-server.js'
import { keys, publicHalf } from '../../support/keys.js'
import { issuer, makeStatement } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'
import { verify } from '../../support/registration.js'

const minute = 60
const other = publicHalf(keys.other)
const both = JSON.stringify({ keys: [good, other] })
const onlyOther = JSON.stringify({ keys: [other] })

/** A source with a clock that is set by hand, and a server that answers as it is told. */
function open(answer: Parameters<typeof serve>[0], keyCache: KeyCacheOptions = {}) {
  let seconds = 1_800_000_000
  const { fetch, requests } = serve(answer)
  const source = remoteKeys(uri, { fetch, keyCache, now: () => new Date(seconds * 1000) })
  const pass = (more: number) => {
    seconds += more
  }
  return { source, requests, pass }
}

const answerWith = (headers: Readonly<Record<string, string>>) => () => respond(set, { headers: { ...json, ...headers } })

describe('how long a set is used', () => {
  test.each<[what: string, headers: Readonly<Record<string, string>>, keyCache: KeyCacheOptions, seconds: number]>([
    ['ten minutes where the server says nothing', {}, {}, 600],
    ['as long as the server says', { 'cache-control': 'public, max-age=900' }, {}, 900],
    ['less the age it has', { 'cache-control': 'max-age=900', age: '300' }, {}, 600],
    ['until it expires', { expires: new Date(1_800_000_900_000).toUTCString() }, {}, 900],
    ['an hour at most', { 'cache-control': 'max-age=31536000, immutable' }, {}, 3600],
    ['a minute at least', { 'cache-control': 'no-store' }, {}, 60],
    ['a minute where its age is more than its time', { 'cache-control': 'max-age=60', age: '61' }, {}, 60],
    ['the longest time of the options', { 'cache-control': 'max-age=900' }, { maxAge: '5 minutes' }, 300],
    ['the shortest time of the options', { 'cache-control': 'no-cache' }, { minAge: '5 minutes' }, 300],
    ['the time of the options where the server says nothing', {}, { defaultAge: '3 minutes' }, 180],
  ])('%s', async (_, headers, keyCache, seconds) => {
    const { source, requests, pass } = open(answerWith(headers), keyCache)
    await source(header(good.kid))
    pass(seconds - 1)
    await source(header(good.kid))
    expect(requests).toHaveLength(1)
    pass(1)
    await source(header(good.kid))
    expect(requests).toHaveLength(2)
  })

  test('a clock that is set back makes no set younger', async () => {
    const { source, requests, pass } = open(() => respond(set))
    await source(header(good.kid))
    pass(-7200)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(requests).toHaveLength(2)
  })

  test('a clock that was ahead by a day makes no set usable for a day when its server is out', async () => {
    const { source, pass } = open((request) => (request === 1 ? respond(set) : respond(null, { status: 500 })))
    await source(header(good.kid))
    pass(-60 * minute + 1)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(-1)
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
  })

  test('a set that has not changed need not be sent again', async () => {
    const { source, requests, pass } = open((request, init) => {
      const headers = { ...json, etag: '"a"', 'cache-control': 'max-age=300' }
      if (request === 1) return respond(set, { headers })
      return init.headers['if-none-match'] === '"a"' ? new Response(null, { status: 304, headers }) : respond(onlyOther)
    })
    const [first] = await source(header(good.kid))
    pass(300)
    expect(await source(header(good.kid))).toEqual([first])
    pass(299)
    await source(header(good.kid))
    expect(requests).toHaveLength(2)
  })

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, number]>([
    ['nothing', { 'cache-control': 'max-age=3600' }, {}, 3600],
    ['nothing, as it did before', {}, {}, 600],
    ['nothing, and its clock goes on', { expires: new Date(1_800_000_300_000).toUTCString() }, {}, 60],
    ['another time', { 'cache-control': 'max-age=3600' }, { 'cache-control': 'max-age=900' }, 900],
    ['no age any more', { 'cache-control': 'max-age=900', age: '300' }, {}, 900],
  ])('one that has not changed is used as long as before, where its server says %s', async (_, before, after, seconds) => {
    const { source, requests, pass } = open((request) =>
      request === 1
        ? respond(set, { headers: { ...json, etag: '"a"', ...before } })
        : new Response(null, { status: 304, headers: after }),
    )
    await source(header(good.kid))
    pass(3600)
    await source(header(good.kid))
    pass(seconds - 1)
    await source(header(good.kid))
    expect(requests).toHaveLength(2)
    pass(1)
    await source(header(good.kid))
    expect(requests).toHaveLength(3)
  })

  test('the tag of the newest set is the one that is asked with', async () => {
    const tags: (string | undefined)[] = []
    const { source, pass } = open((request, init) => {
      tags.push(init.headers['if-none-match'])
      return respond(request === 2 ? both : set, { headers: { ...json, ...(request < 3 && { etag: `"${request}"` }) } })
    })
    for (let i = 0; i < 4; i++) {
      await source(header(good.kid))
      pass(10 * minute)
    }
    expect(tags).toEqual([undefined, '"1"', '"2"', undefined])
  })

  test.each(['"b"', 'W/"b"'])('a server that confirms another set, %s, is asked for that one', async (etag) => {
    const tags: (string | undefined)[] = []
    const { source, pass } = open((request, init) => {
      tags.push(init.headers['if-none-match'])
      if (request === 1) return respond(set, { headers: { ...json, etag: '"a"' } })
      if (request === 2) return new Response(null, { status: 304, headers: { etag } })
      return respond(onlyOther, { headers: { ...json, etag: '"b"' } })
    })
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(10 * minute)
    expect(await kidsOf(source, other.kid)).toEqual([other.kid])
    expect(tags).toEqual([undefined, '"a"', undefined])
  })

  test('a server may confirm a set by its tag in weak form', async () => {
    const { source, requests, pass } = open((request) =>
      request === 1
        ? respond(set, { headers: { ...json, etag: '"a"' } })
        : new Response(null, { status: 304, headers: { etag: 'W/"a"' } }),
    )
    for (let i = 1; i < 4; i++) {
      expect(await kidsOf(source, good.kid)).toEqual([good.kid])
      expect(requests).toHaveLength(i)
      pass(10 * minute)
    }
  })

  test.each(['*', '"a", "b"', 'a', '"a', `"${'a'.repeat(257)}"`, '""a"', 'w/"a"', ''])(
    'what is no entity tag, %s, is not asked with',
    async (etag) => {
      const tags: (string | undefined)[] = []
      const { source, pass } = open((_, init) => {
        tags.push(init.headers['if-none-match'])
        return respond(set, { headers: { ...json, etag } })
      })
      for (let i = 0; i < 2; i++) {
        expect(await kidsOf(source, good.kid)).toEqual([good.kid])
        pass(10 * minute)
      }
      expect(tags).toEqual([undefined, undefined])
    },
  )

  test.each([400, 412, 431, 500])('a server that answers %d to a tag is asked without one the next time', async (status) => {
    const { source, requests, pass } = open((_, init) =>
      init.headers['if-none-match'] === undefined
        ? respond(set, { headers: { ...json, etag: '"a"' } })
        : respond(null, { status }),
    )
    for (const seconds of [10 * minute, 30, 10 * minute, 30]) {
      expect(await kidsOf(source, good.kid)).toEqual([good.kid])
      pass(seconds)
    }
    expect(requests.map(([, init]) => init.headers['if-none-match'])).toEqual([undefined, '"a"', undefined, '"a"'])
  })

  test('a server that says "not modified" of nothing is out of order', async () => {
    expect(await kidsOf(open(() => new Response(null, { status: 304 })).source, good.kid)).toBe('unavailable')
  })

  test('a key that is in the next set too stays the same object, imported already', async () => {
    const { source, pass } = open((request) => respond(request === 1 ? set : both))
    const [first] = await source(header(good.kid))
    pass(10 * minute)
    const [again, added] = await source(header(good.kid))
    expect(again).toBe(first)
    expect(added?.kid).toBe(other.kid)
  })

  test('a key that was taken away is gone with the next set', async () => {
    const { source, pass } = open((request) => respond(request === 1 ? both : onlyOther))
    expect(await kidsOf(source, good.kid)).toEqual([good.kid, other.kid])
    pass(10 * minute)
    expect(await kidsOf(source, good.kid)).toEqual([other.kid])
  })

  test.each<[what: string, keyCache: KeyCacheOptions]>([
    ['bounds that contradict each other', { minAge: 61, maxAge: 60 }],
    ['a duration that is none', { cooldown: 'soon' }],
    ['a negative duration', { staleIfError: -1 }],
  ])('%s is refused at construction', (_, keyCache) => {
    expect(() => remoteKeys(uri, { keyCache })).toThrow(TypeError)
  })
})

describe('an unknown kid', () => {
  test('is looked for at once, however fresh the set is', async () => {
    const { source, requests } = open((request) => respond(request === 1 ? set : both))
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(await kidsOf(source, other.kid)).toEqual([good.kid, other.kid])
    expect(requests).toHaveLength(2)
  })

  test('that is not there is refused, not called an outage', async () => {
    const { fetch } = serve(() => respond(set))
    const trust = trustIssuers([{ issuer, jwksUri: uri }], { fetch })
    const unknown = makeStatement({ header: { kid: 'unknown' } })
    expect(await outcomeOfPromise(verify(unknown, { trust }))).toBe('ERR_KEY_NOT_FOUND')
    expect(await outcomeOfPromise(verify(makeStatement(), { trust }))).toBe('accepted')
    expect(await outcomeOfPromise(verify(unknown, { trust }))).toBe('ERR_KEY_NOT_FOUND')
  })

  test('makes two requests in a cool-down at most; then it is neither there nor not', async () => {
    const { source, requests, pass } = open(() => respond(set))
    await source(header(good.kid))
    for (const kid of ['a', 'b']) expect(await kidsOf(source, kid)).toEqual([good.kid])
    for (const kid of ['c', 'd', 'e']) expect(await kidsOf(source, kid)).toBe('unavailable')
    expect(requests).toHaveLength(3)
    pass(12)
    const fault: unknown = await source(header('f')).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(TrustUnavailableError)
    expect(fault).toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE', retryAfter: 18 })
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(18)
    expect(await kidsOf(source, 'f')).toEqual([good.kid])
    expect(requests).toHaveLength(4)
  })

  test('a storm of unknown kids makes two requests, and all of them get an answer', async () => {
    const { source, requests } = open(() => respond(set))
    await source(header(good.kid))
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, index) => kidsOf(source, `kid-${index}`)))
    expect(new Set(answers.map(String))).toEqual(new Set([good.kid]))
    expect(requests).toHaveLength(3)
  })

  test('that comes while an older question is under way is asked for anew', async () => {
    let release = () => {}
    const { source, requests } = open(async (request) => {
      if (request > 1) return respond(both)
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return respond(set)
    })
    const early = kidsOf(source, good.kid)
    // The server has answered the first question in its mind, and publishes a key now.
    const late = kidsOf(source, other.kid)
    await new Promise(setImmediate)
    release()
    expect(await early).toEqual([good.kid])
    expect(await late).toEqual([good.kid, other.kid])
    expect(requests).toHaveLength(2)
  })
})

describe('a bad answer', () => {
  const bad: [what: string, answer: () => Response][] = [
    ['no server', () => Response.error()],
    ['a server error', () => respond(null, { status: 503 })],
    ['a redirect', () => respond(null, { status: 302, headers: { location: 'https://evil.example/' } })],
    ['HTML', () => respond('<html></html>', { headers: { 'content-type': 'text/html' } })],
    ['HTML that says it is JSON', () => respond('<html></html>')],
    ['half a set', () => respond(set.slice(0, -3))],
    ['no key set', () => respond('{"error":"nothing"}')],
    ['an empty set', () => respond('{"keys":[]}')],
    ['a set of keys for other uses', () => respond(JSON.stringify({ keys: [{ ...good, use: 'enc' }] }))],
    ['a set with a key that lacks a member', () => respond(JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256' }] }))],
    ['a set with a key that is cut', () => respond(JSON.stringify({ keys: [{ ...good, x: 'AAAA' }] }))],
    ['a set with an RSA key without a modulus', () => respond('{"keys":[{"kty":"RSA"}]}')],
    ['a set with a weak key', () => respond('{"keys":[{"kty":"RSA","n":"gAAB","e":"AQAB"}]}')],
    ['a set that is too long', () => respond(set + ' '.repeat(256 * 1024))],
  ]

  test.each(bad)('%s takes no good key away, within a limit', async (_, answer) => {
    const { source, requests, pass } = open((request) => (request === 1 ? respond(set) : answer()))
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(10 * minute)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(await kidsOf(source)).toEqual([good.kid])
    expect(await kidsOf(source, 'unknown')).toBe('unavailable')
    expect(requests).toHaveLength(2)
    pass(60 * minute - 1)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(1)
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
  })

  test.each(bad)('%s to the question for an unknown kid takes no good key away', async (_, answer) => {
    const { source, requests } = open((request) => (request === 1 ? respond(set) : answer()))
    await source(header(good.kid))
    expect(await kidsOf(source, 'unknown')).toBe('unavailable')
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(requests).toHaveLength(2)
  })

  test('leaves the server alone while the clock is set back, too', async () => {
    const { source, requests, pass } = open(() => respond(null, { status: 500 }))
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
    pass(-10)
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
    expect(requests).toHaveLength(1)
    pass(-20)
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
    expect(requests).toHaveLength(2)
  })

  test('leaves the server alone for the cool-down, and is forgotten when a good one comes', async () => {
    const { source, requests, pass } = open((request) => (request < 3 ? respond(null, { status: 500 }) : respond(set)))
    for (const [later, asked, outcome] of [
      [0, 1, 'unavailable'],
      [0, 1, 'unavailable'],
      [29, 1, 'unavailable'],
      [1, 2, 'unavailable'],
      [30, 3, [good.kid]],
    ] as const) {
      pass(later)
      expect(await kidsOf(source, good.kid)).toEqual(outcome)
      expect(requests).toHaveLength(asked)
    }
  })

  test('says why, and when to come back', async () => {
    const { source, pass } = open(() => respond(null, { status: 500 }))
    await kidsOf(source)
    pass(10)
    const fault: unknown = await source(header()).catch((error: unknown) => error)
    expect(fault).toMatchObject({ retryAfter: 20, cause: { name: 'GuardedFetchError', reason: 'status', status: 500 } })
  })

  test('without a cool-down and without patience is an outage each time, and one request each', async () => {
    const keyCache = { cooldown: 0, minAge: 0, defaultAge: 0, staleIfError: 0 }
    const { source, requests } = open((request) => (request === 2 ? respond(set) : respond(null, { status: 500 })), keyCache)
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
    expect(requests).toHaveLength(3)
  })
})

describe('a fetch that throws TrustUnavailableError', () => {
  test('has asked nobody: the next question is a new request, and keys that are held are of use', async () => {
    let seconds = 1_800_000_000
    let hasRoom = false
    const { fetch, requests } = serve(() => respond(set))
    const busy = new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'there is no room', { retryAfter: 5 })
    const source = remoteKeys(uri, {
      fetch: async (...request) => {
        if (!hasRoom) throw busy
        return fetch(...request)
      },
      now: () => new Date(seconds * 1000),
    })
    for (let n = 0; n < 3; n++) await expect(source(header(good.kid))).rejects.toBe(busy)
    hasRoom = true
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    hasRoom = false
    seconds += 15 * minute
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    for (let n = 0; n < 3; n++) await expect(source(header('unknown'))).rejects.toBe(busy)
    hasRoom = true
    expect(await kidsOf(source, 'unknown')).toEqual([good.kid])
    expect(requests).toHaveLength(2)
  })
})
