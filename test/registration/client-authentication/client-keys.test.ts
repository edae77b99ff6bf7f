import type { IncomingMessage, ServerResponse } from 'node:http'
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
  ])('a URI %s is not asked', async (_, place) => {
    const { attempt } = await serveClientAt(place())
    expect(await attempt()).toBe('ERR_CLIENT_KEYS_UNAVAILABLE')
    expect(forbidden.counts.connections).toBe(0)
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

describe('however many clients publish keys, what is kept and asked is bounded', () => {
  /** A server with many clients, each with a URI of its own; what is asked for is written down. */
  async function serveMany(clients: number, ready: Promise<void>, options = {}) {
    const asked: string[] = []
    const body = Buffer.from(set)
    const answerLater: GuardedFetch = async (url) => {
      asked.push(new URL(url).pathname)
      await ready
      return { status: 200, headers: new Headers(json), body }
    }
    const it = serveClients({ fetch: answerLater, ...options })
    for (let n = 0; n < clients; n++) {
      await it.admit(`client-${n}`, { token_endpoint_auth_method: method, jwks_uri: `https://clients.example/${n}` })
    }
    const attempt = (n: number) =>
      outcomeOfPromise(it.authenticate(asserted(makeAssertion({ iss: `client-${n}`, sub: `client-${n}` }))))
    return { attempt, asked }
  }

  test('the key sets least recently used are forgotten', async () => {
    const { attempt, asked } = await serveMany(3, Promise.resolve(), { keySets: 2 })
    for (const n of [0, 1, 0, 2, 0, 1]) expect(await attempt(n)).toBe('accepted')
    expect(asked).toEqual(['/0', '/1', '/2', '/1'])
  })

  test('no more than 64 servers are waited for at once', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const { attempt, asked } = await serveMany(70, gate)
    const outcomes = Array.from({ length: 70 }, (_, n) => attempt(n))
    const refused = await Promise.all(outcomes.slice(64))
    expect(refused).toEqual(Array(6).fill('ERR_CLIENT_KEYS_UNAVAILABLE'))
    release()
    expect(await Promise.all(outcomes.slice(0, 64))).toEqual(Array(64).fill('accepted'))
    expect(asked).toHaveLength(64)
  })
})
