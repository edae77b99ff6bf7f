import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ClientAuthenticationOptions, createLimits } from '@software-statement/registration'
import { createGuardedFetch, type GuardedFetch } from '@software-statement/verifier'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asserted, makeAssertion, serveClients } from '../../support/client-server.js'
import { makeCertificates, startServer, type TestServer } from '../../support/https-server.js'
import { set } from '../../support/key-server.js'
import { keys, publicHalf } from '../../support/keys.js'
import { now } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'

// Keys behind jwks_uri, from real servers with real certificates where it is about the way to them.

const method = 'private_key_jwt'
const json = { 'content-type': 'application/json' }
const jwks = (...published: (typeof keys)['ed25519'][]) => JSON.stringify({ keys: published.map(publicHalf) })

let certificates: Awaited<ReturnType<typeof makeCertificates>>
let keyServer: TestServer
let forbidden: TestServer
let answer: (request: IncomingMessage, response: ServerResponse) => void
let fetch: GuardedFetch

beforeAll(async () => {
  certificates = await makeCertificates()
  keyServer = await startServer((request, response) => answer(request, response), certificates)
  forbidden = await startServer((_, response) => response.writeHead(200, json).end(set), certificates)
  fetch = createGuardedFetch({ ca: certificates.ca, allowHosts: [`localhost:${keyServer.port}`], timeout: 2 })
})

afterAll(async () => {
  await keyServer.close()
  await forbidden.close()
})

beforeEach(() => {
  answer = (_, response) => void response.writeHead(200, json).end(set)
  keyServer.counts.requests = 0
})

/** A server with one client that publishes its keys at a path of the key server, or at any URI. */
async function serveClientAt(place: string, options = {}) {
  const it = serveClients({ fetch, ...options })
  const jwks_uri = place.startsWith('/') ? `https://localhost:${keyServer.port}${place}` : place
  await it.admit(method, { token_endpoint_auth_method: method, jwks_uri })
  return { ...it, attempt: (assertion = makeAssertion()) => outcomeOfPromise(it.authenticate(asserted(assertion))) }
}

/** Waits for what happens by itself. */
async function until(holds: () => boolean) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1))
}

describe('keys behind jwks_uri', () => {
  test('are fetched once for many assertions, also for those that come at once', async () => {
    const { attempt } = await serveClientAt('/jwks')
    expect(await Promise.all(Array.from({ length: 10 }, () => attempt()))).toEqual(Array(10).fill('accepted'))
    expect(await attempt()).toBe('accepted')
    expect(keyServer.counts.requests).toBe(1)
  })

  test('are fetched again for a key that the client has taken into use', async () => {
    const { attempt } = await serveClientAt('/jwks')
    expect(await attempt()).toBe('accepted')
    answer = (_, response) => void response.writeHead(200, json).end(jwks(keys.ed25519, keys.other))
    expect(await attempt(makeAssertion({}, { key: keys.other }))).toBe('accepted')
    expect(keyServer.counts.requests).toBe(2)
  })

  test('outlive an outage of their server, for a time', async () => {
    const { attempt, clock } = await serveClientAt('/jwks', { keyCache: { maxAge: '1 hour', staleIfError: '1 hour' } })
    expect(await attempt()).toBe('accepted')
    answer = (_, response) => void response.writeHead(500, json).end()
    clock.seconds = now + 3700
    const later = () => makeAssertion({ iat: clock.seconds, exp: clock.seconds + 60 })
    expect(await attempt(later())).toBe('accepted')
    clock.seconds = now + 3600 * 3
    expect(await attempt(later())).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
  })

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['that cannot be found', (_, response) => response.writeHead(404, json).end()],
    ['of another media type', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(set)],
    ['that are none', (_, response) => response.writeHead(200, json).end('[]')],
    ['that are more than anybody needs', (_, response) => response.writeHead(200, json).end(' '.repeat(300_000))],
    ['that are elsewhere', (_, response) => response.writeHead(302, { location: `https://localhost:${forbidden.port}/` }).end()],
    ['that are private', (_, response) => response.writeHead(200, json).end(JSON.stringify({ keys: [keys.ed25519] }))],
  ])('%s are an outage, and are not asked for again at once', async (_, wrong) => {
    answer = wrong
    const { attempt, clock, authenticate } = await serveClientAt('/jwks')
    expect([await attempt(), await attempt(), await attempt()]).toEqual(Array(3).fill('ERR_CLIENT_KEYS_UNAVAILABLE'))
    expect(keyServer.counts.requests).toBe(1)
    const error = await authenticate(asserted(makeAssertion())).catch((refusal) => refusal)
    expect(error).toMatchObject({ retryAfter: 30 })
    clock.seconds = now + 31
    answer = (_, response) => void response.writeHead(200, json).end(set)
    expect(await attempt()).toBe('accepted')
    expect(forbidden.counts.requests).toBe(0)
  })

  test.each([
    ['on this machine', () => `https://127.0.0.1:${forbidden.port}/jwks`],
    ['on this machine by its name', () => `https://localhost:${forbidden.port}/jwks`],
    ['in a private network', () => 'https://10.0.0.1/jwks'],
    ['among the services of a cloud', () => 'https://169.254.169.254/jwks'],
    ['behind IPv4 in IPv6', () => 'https://[::ffff:127.0.0.1]/jwks'],
    ['behind credentials', () => 'https://user:password@mail.example/jwks'],
    ['without TLS', () => 'http://mail.example/jwks'],
    ['nowhere', () => 'no URI'],
  ])('a URI %s is not asked, and is no outage', async (_, place) => {
    const { attempt } = await serveClientAt(place())
    expect([await attempt(), await attempt()]).toEqual(Array(2).fill('ERR_CLIENT_AUTHENTICATION'))
    expect(forbidden.counts.connections).toBe(0)
  })

  test('a URI that may not be asked counts as a failure of the client', async () => {
    const { attempt } = await serveClientAt('https://10.0.0.1/jwks', { limits: createLimits({ failures: 2 }) })
    const outcomes = [await attempt(), await attempt(), await attempt()]
    expect(outcomes).toEqual(['ERR_CLIENT_AUTHENTICATION', 'ERR_CLIENT_AUTHENTICATION', 'ERR_RATE_LIMITED'])
  })

  test('nobody is asked for an assertion that is refused without a key', async () => {
    const { attempt } = await serveClientAt('/jwks')
    const wrong = [
      makeAssertion({ aud: 'https://evil.example' }),
      makeAssertion({ exp: now - 100 }),
      makeAssertion({ sub: 'nobody' }),
    ]
    for (const assertion of [...wrong, makeAssertion({}, { key: keys.oct, alg: 'HS256' })]) {
      expect(await attempt(assertion)).toBe('ERR_CLIENT_AUTHENTICATION')
    }
    expect(keyServer.counts.requests).toBe(0)
  })

  test('an unknown kid is looked for twice in a cool-down, whoever invents how many of them', async () => {
    const { attempt } = await serveClientAt('/jwks')
    expect(await attempt()).toBe('accepted')
    for (let n = 0; n < 20; n++) {
      const outcome = await attempt(makeAssertion({}, { header: { kid: `invented-${n}` } }))
      expect(outcome).toBe(n < 2 ? 'ERR_CLIENT_AUTHENTICATION' : 'ERR_CLIENT_KEYS_UNAVAILABLE')
    }
    expect(await attempt()).toBe('accepted')
    expect(keyServer.counts.requests).toBe(3)
  })
})

const minute = 60

describe('however many clients publish keys, what is kept and asked is bounded', () => {
  const honest = '198.51.100.1'

  /** A server with many clients, each with a URI and a host of its own; hosts in `slow` answer when they are released. */
  async function serveMany(clients: number, options: Partial<ClientAuthenticationOptions> = {}, hostOf = (n: number) => `${n}`) {
    const asked: string[] = []
    const slow = new Map<string, Promise<void>>()
    const broken = new Set<string>()
    const body = Buffer.from(set)
    const answerLater: GuardedFetch = async (url) => {
      const { pathname } = new URL(url)
      asked.push(pathname)
      await slow.get(pathname)
      if (broken.has(pathname)) throw new Error('there is no answer')
      return { status: 200, headers: new Headers(json), body }
    }
    const it = serveClients({ fetch: answerLater, ...options })
    for (let n = 0; n < clients; n++) {
      const jwks_uri = `https://clients-${hostOf(n)}.example/${n}`
      await it.admit(`client-${n}`, { token_endpoint_auth_method: method, jwks_uri })
    }
    const attempt = (n: number, address?: string, changes: Parameters<typeof makeAssertion>[1] = {}) => {
      const { seconds } = it.clock
      const claims = { iss: `client-${n}`, sub: `client-${n}`, iat: seconds, exp: seconds + 60 }
      const request = asserted(makeAssertion(claims, changes))
      return outcomeOfPromise(it.authenticate(request, address === undefined ? {} : { address }))
    }
    /** Has these clients' servers answer nothing before the answer is called. */
    const hold = (numbers: readonly number[]) => {
      let release = () => {}
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      for (const n of numbers) slow.set(`/${n}`, gate)
      return () => release()
    }
    const breakDown = (n: number) => broken.add(`/${n}`)
    return { ...it, attempt, asked, hold, breakDown }
  }

  const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => n + from)

  test('the key sets least recently used are forgotten', async () => {
    const { attempt, asked } = await serveMany(3, { keySets: 2 })
    for (const n of [0, 1, 0, 2, 0, 1]) expect(await attempt(n)).toBe('accepted')
    expect(asked).toEqual(['/0', '/1', '/2', '/1'])
  })

  test('a key set that has verified nothing has none forgotten that has', async () => {
    const { attempt, asked } = await serveMany(5, { keySets: 2 })
    expect(await attempt(0)).toBe('accepted')
    for (const n of [1, 2, 3, 4]) expect(await attempt(n, undefined, { key: keys.other })).toBe('ERR_CLIENT_AUTHENTICATION')
    expect(await attempt(0)).toBe('accepted')
    expect(asked.filter((path) => path === '/0')).toHaveLength(1)
  })

  test('an address that waits for 16 servers keeps itself out and nobody else, not even for its cool-down', async () => {
    const { attempt, asked, hold } = await serveMany(20)
    const release = hold(upTo(16))
    const waiting = upTo(16).map((n) => attempt(n, '192.0.2.66'))
    await until(() => asked.length === 16)
    const busy = 'ERR_CLIENT_KEYS_UNAVAILABLE'
    expect(await attempt(16, '192.0.2.66')).toBe(busy)
    expect(await attempt(16, honest)).toBe('accepted')
    expect(await attempt(16, '192.0.2.66')).toBe('accepted')
    release()
    expect(await Promise.all(waiting)).toEqual(Array(16).fill('accepted'))
    expect(await attempt(17, '192.0.2.66')).toBe('accepted')
  })

  test('an IPv6 address counts by its /64', async () => {
    const { attempt, asked, hold } = await serveMany(17)
    const release = hold(upTo(16))
    const waiting = upTo(16).map((n) => attempt(n, `2001:db8::${n + 1}`))
    await until(() => asked.length === 16)
    expect(await attempt(16, '2001:db8::ffff')).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    expect(await attempt(16, '2001:db8:0:1::1')).toBe('accepted')
    release()
    await Promise.all(waiting)
  })

  test('many networks of one site keep nobody else out', async () => {
    const { attempt, asked, hold } = await serveMany(257)
    const release = hold(upTo(256))
    const waiting = upTo(256).map((n) => attempt(n, `2001:db8:0:${n.toString(16)}::1`))
    await until(() => asked.length === 32)
    expect(await attempt(256, honest)).toBe('accepted')
    release()
    expect((await Promise.all(waiting)).filter((outcome) => outcome === 'accepted')).toHaveLength(32)
  })

  test('where half of the room is taken, there is one request for an address', async () => {
    const { attempt, asked, hold } = await serveMany(150)
    const release = hold(upTo(150))
    const waiting = upTo(128).map((n) => attempt(n, `192.0.2.${Math.floor(n / 16)}`))
    await until(() => asked.length === 128)
    const more = [attempt(128, '198.51.100.9'), attempt(129, '198.51.100.10')]
    await until(() => asked.length === 130)
    expect(await attempt(130, '192.0.2.0')).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    expect(await attempt(131, '198.51.100.9')).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    release()
    expect(await Promise.all([...waiting, ...more])).toEqual(Array(130).fill('accepted'))
  })

  test('who has no room for a request uses up no search for a key that is new', async () => {
    const { attempt, asked, hold } = await serveMany(17)
    expect(await attempt(16, honest)).toBe('accepted')
    const release = hold(upTo(16))
    const waiting = upTo(16).map((n) => attempt(n, '192.0.2.66'))
    await until(() => asked.length === 17)
    const invented = (n: number) => ({ header: { kid: `invented-${n}` } })
    for (const n of upTo(5)) expect(await attempt(16, '192.0.2.66', invented(n))).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    expect(await attempt(16, honest, invented(6))).toBe('ERR_CLIENT_AUTHENTICATION')
    expect(asked.filter((path) => path === '/16')).toHaveLength(2)
    release()
    await Promise.all(waiting)
  })

  test.each<[what: string, most: number, hostOf: (n: number) => string]>([
    ['64 key sets of one host', 64, () => 'same'],
    ['256 key sets', 256, String],
  ])(
    'no more than %s are waited for at once; known keys are of use meanwhile, beyond their time as well',
    async (_, most, hostOf) => {
      const { attempt, asked, hold, clock } = await serveMany(most + 2, {}, hostOf)
      expect(await attempt(most, honest)).toBe('accepted')
      const release = hold(upTo(most))
      const waiting = upTo(most).map((n) => attempt(n, n < 128 ? `192.0.2.${Math.floor(n / 16)}` : `192.0.2.${n}`))
      await until(() => asked.length === most + 1)
      expect(await attempt(most + 1, honest)).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
      clock.seconds += 11 * minute
      expect(await attempt(most, honest)).toBe('accepted')
      expect(asked).toHaveLength(most + 1)
      release()
      await Promise.all(waiting)
      expect(await attempt(most + 1, honest)).toBe('accepted')
    },
  )

  test('an address that has servers asked in vain is slowed down, and no other; who only hears of it is not', async () => {
    const limits = createLimits({ failuresPerAddress: 3 })
    const { attempt, breakDown, asked } = await serveMany(6, { limits })
    for (const n of upTo(4)) breakDown(n)
    expect(await attempt(0, honest)).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    for (const _ of upTo(5)) expect(await attempt(0, honest)).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    expect(await attempt(5, honest)).toBe('accepted')
    const attacker = '192.0.2.66'
    for (const n of [1, 2, 3]) expect(await attempt(n, attacker)).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    expect(await attempt(5, attacker)).toBe('ERR_RATE_LIMITED')
    expect(asked).toHaveLength(5)
    expect(await attempt(5, honest)).toBe('accepted')
  })
})
