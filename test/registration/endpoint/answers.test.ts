import { AccessError, TrustUnavailableError } from '@software-statement/core'
import { type ClientStore, createAddressReader, createLimits, memoryClientStore } from '@software-statement/registration'
import { describe, expect, test } from 'vitest'
import { addToken, makeEndpoint, makeRequest, redirect_uris } from '../../support/endpoint.js'
import { issuer, makeStatement } from '../../support/make-jws.js'
import { trustPublisher } from '../../support/registration.js'

/** A store of which one function fails. */
function failing(name: keyof ClientStore, fail: () => Promise<never>): ClientStore {
  return { ...memoryClientStore(), [name]: fail }
}

describe('what goes wrong in the store', () => {
  const outage = async () => Promise.reject(new Error('connection refused at db.internal'))
  test.each<[name: keyof ClientStore, method: string, path: string, mode: 'open' | 'token']>([
    ['admit', 'POST', '/reg', 'open'],
    ['findInitialAccessToken', 'POST', '/reg', 'token'],
    ['find', 'GET', '/reg/x', 'open'],
    ['find', 'PUT', '/reg/x', 'open'],
    ['find', 'DELETE', '/reg/x', 'open'],
  ])('%s, in %s %s: is an outage, and nobody is told why', async (name, method, path, mode) => {
    const { send, lastCode, errors } = makeEndpoint({ store: failing(name, outage), mode })
    const json = method === 'GET' || method === 'DELETE' ? {} : { json: { redirect_uris } }
    const { status, headers, text } = await send(method, path, { token: 'any', ...json })
    expect([status, headers.get('retry-after'), lastCode()]).toEqual([503, '30', 'ERR_STORE_UNAVAILABLE'])
    expect(JSON.parse(text).error).toBe('temporarily_unavailable')
    expect(text).not.toContain('db.internal')
    expect(errors).toEqual([
      expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringContaining('db.internal') }) }),
    ])
  })

  /** An answer that the types rule out: a store may be anybody's. */
  const maybe = async () => 'maybe' as never
  test.each<[name: 'admit' | 'replace' | 'remove', method: string, fail: () => Promise<never>]>([
    ['replace', 'PUT', outage],
    ['remove', 'DELETE', outage],
    ['admit', 'POST', maybe],
    ['replace', 'PUT', maybe],
  ])('%s, in %s: whatever it says instead is an outage', async (name, method, fail) => {
    const good = makeEndpoint()
    const { registration_client_uri, registration_access_token: token, client_id } = await good.register({ redirect_uris })
    const { send, lastCode } = makeEndpoint({ store: { ...good.store, [name]: fail } })
    const json = method === 'DELETE' ? {} : { json: { client_id, redirect_uris } }
    const { status } = await send(method, method === 'POST' ? '/reg' : registration_client_uri, { token, ...json })
    expect([status, lastCode()]).toEqual([503, 'ERR_STORE_UNAVAILABLE'])
  })

  test('says itself when to come back', async () => {
    const full = async () => Promise.reject(new TrustUnavailableError('ERR_REPLAY_UNAVAILABLE', 'full', { retryAfter: 5 }))
    const { send, lastCode } = makeEndpoint({ store: failing('admit', full) })
    expect((await send('POST', '/reg', { json: { redirect_uris } })).headers.get('retry-after')).toBe('5')
    expect(lastCode()).toBe('ERR_REPLAY_UNAVAILABLE')
  })
})

describe('what goes wrong in the server', () => {
  test.each<[what: string, options: Parameters<typeof makeEndpoint>[0]]>([
    [
      'the randomness',
      {
        random: () => {
          throw new Error('no entropy in /dev/urandom')
        },
      },
    ],
    [
      'the address',
      {
        addressOf: () => {
          throw new Error('no proxy at 10.0.0.1')
        },
      },
    ],
    ['the clock', { now: () => new Date(Number.NaN) }],
  ])('%s: is told to the operator only', async (_, options) => {
    const { send, errors, records } = makeEndpoint(options)
    const { status, text } = await send('POST', '/reg', { json: { redirect_uris } })
    expect(status).toBe(500)
    expect(text).toBe('{"error":"server_error","error_description":"The request could not be answered"}')
    expect(errors).toHaveLength(1)
    expect(records).toEqual([expect.objectContaining({ outcome: 'failed', status: 500 })])
    expect(records[0]).not.toHaveProperty('code')
  })

  test.each<[how: string, fail: () => unknown]>([
    [
      'throw',
      () => {
        throw new Error('the log is full')
      },
    ],
    ['reject', async () => Promise.reject(new Error('the log is full'))],
  ])('hooks that %s change no answer', async (_, fail) => {
    const { send } = makeEndpoint({
      onDecision: fail,
      onError: fail,
      store: failing('find', async () => Promise.reject(new Error())),
    })
    expect((await send('POST', '/reg', { json: { redirect_uris } })).status).toBe(201)
    expect((await send('GET', '/reg/x', { token: 'x' })).status).toBe(503)
  })
})

describe('paths and methods', () => {
  test.each([
    ['GET', '/', 404, null],
    ['POST', '/register', 404, null],
    ['POST', '/reg/', 404, null],
    ['POST', '//reg', 404, null],
    ['POST', '/REG', 404, null],
    ['POST', '/x/../reg', 201, null],
    ['GET', '/reg/a/b', 404, null],
    ['GET', '/reg/a/', 404, null],
    ['GET', '/reg', 405, 'POST'],
    ['PUT', '/reg', 405, 'POST'],
    ['OPTIONS', '/reg', 405, 'POST'],
    ['POST', '/reg/x', 405, 'GET, PUT, DELETE'],
    ['HEAD', '/reg/x', 405, 'GET, PUT, DELETE'],
    ['PATCH', '/reg/x', 405, 'GET, PUT, DELETE'],
    ['POST', '/reg?x=y', 201, null],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const { send } = makeEndpoint()
    const answer = await send(method, path, method === 'POST' ? { json: { redirect_uris } } : {})
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow])
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  test('named like a member of every object are not there', async () => {
    const { endpoint } = makeEndpoint()
    for (const method of ['constructor', 'toString', '__proto__']) {
      const request = new Proxy(makeRequest('GET', '/reg/x'), {
        get: (target, name) => (name === 'method' ? method : Reflect.get(target, name, target)),
      })
      expect((await endpoint(request)).status).toBe(405)
    }
  })
})

describe('web pages', () => {
  const origin = 'https://app.example'
  const preflight = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }

  test.each<[cors: boolean | readonly string[], from: string, allowed: string | null, vary: string | null]>([
    [false, origin, null, null],
    [true, origin, '*', null],
    [[origin], origin, origin, 'Origin'],
    [[origin], 'https://evil.example', null, 'Origin'],
    [[origin], `${origin}.evil.example`, null, 'Origin'],
    [[origin], 'null', null, 'Origin'],
    [[], origin, null, 'Origin'],
  ])('with cors %j: a page of %s is allowed %s', async (cors, from, allowed, vary) => {
    const { send } = makeEndpoint({ cors })
    const first = await send('OPTIONS', '/reg', { headers: { ...preflight, origin: from } })
    expect(first.status).toBe(allowed === null ? 405 : 204)
    expect(first.headers.get('access-control-allow-methods')).toBe(allowed === null ? null : 'POST')
    expect(first.headers.get('access-control-allow-headers')).toBe(allowed === null ? null : 'Authorization, Content-Type, *')
    for (const answer of [
      first,
      await send('POST', '/reg', { json: { redirect_uris }, headers: { origin: from } }),
      await send('POST', '/reg', { body: 'x', headers: { origin: from } }),
      await send('GET', '/.well-known/oauth-authorization-server', { headers: { origin: from } }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      expect(answer.headers.get('vary')).toBe(vary)
    }
  })

  test('ask for what is there, and what is no question of a page is answered as ever', async () => {
    const { send } = makeEndpoint({ cors: true })
    const { headers } = await send('OPTIONS', '/reg/x', { headers: preflight })
    expect(headers.get('access-control-allow-methods')).toBe('GET, PUT, DELETE')
    expect((await send('OPTIONS', '/nowhere', { headers: preflight })).status).toBe(404)
    expect((await send('OPTIONS', '/reg', { headers: { origin } })).status).toBe(405)
    expect((await send('GET', '/.well-known/oauth-authorization-server')).headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('the limits', () => {
  test('of registrations count by the address of the connection, before anything else is looked at', async () => {
    const { send, lastCode } = makeEndpoint({ rateLimits: createLimits({ registrationsPerAddress: 2 }) })
    const from = (address: string, forwarded = '') =>
      send('POST', '/reg', { body: 'no JSON', address, headers: { 'x-forwarded-for': forwarded } })
    for (const status of [400, 400, 429]) expect((await from('192.0.2.1', '198.51.100.1')).status).toBe(status)
    expect(lastCode()).toBe('ERR_RATE_LIMITED')
    expect((await from('192.0.2.2')).status).toBe(400)
  })

  test('count by the address that a proxy of ours writes down, where that is configured', async () => {
    const { send } = makeEndpoint({
      rateLimits: createLimits({ registrationsPerAddress: 1 }),
      addressOf: createAddressReader({ trustedProxies: ['10.0.0.0/8'] }),
    })
    const from = (client: string) =>
      send('POST', '/reg', { json: { redirect_uris }, address: '10.0.0.1', headers: { 'x-forwarded-for': client } })
    const statuses = []
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) statuses.push((await from(client)).status)
    expect(statuses).toEqual([201, 201, 429])
  })

  test('of one software count what a statement vouches for, and nothing else', async () => {
    const { send } = makeEndpoint({ trust: trustPublisher(), rateLimits: createLimits({ registrationsPerSoftware: 1 }) })
    const statuses = []
    for (const json of [
      { redirect_uris, software_id: 'mail' },
      { redirect_uris, software_id: 'mail' },
      { software_statement: makeStatement() },
      { software_statement: makeStatement({ claims: { software_id: 'calendar' } }) },
      { software_statement: makeStatement() },
    ]) {
      statuses.push((await send('POST', '/reg', { json })).status)
    }
    expect(statuses).toEqual([201, 201, 201, 201, 429])
  })

  test('of initial access tokens slow down who guesses', async () => {
    const { send } = makeEndpoint({ mode: 'token', rateLimits: createLimits({ failures: 3 }) })
    const statuses = []
    for (let guess = 0; guess < 4; guess++) {
      const sent = { json: { redirect_uris }, token: `guess-${guess}`, address: '192.0.2.1' }
      statuses.push((await send('POST', '/reg', sent)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 429])
  })

  test('that refuse say when to come back, in whole seconds', async () => {
    const tooSoon = async () => {
      throw new AccessError('ERR_RATE_LIMITED', 'too many', { retryAfter: 1.2 })
    }
    const { send } = makeEndpoint({ rateLimits: { ...createLimits(), countRegistration: tooSoon } })
    expect((await send('POST', '/reg', { json: {} })).headers.get('retry-after')).toBe('2')
  })
})

describe('the record of a decision', () => {
  test('says what was decided, about whom, and how long it took', async () => {
    const ticks = [1_795_262_400_000, 1_795_262_400_007]
    const { send, records } = makeEndpoint({
      mode: 'statement',
      trust: trustPublisher(),
      now: () => new Date(ticks.shift() ?? Number.NaN),
    })
    const { body } = await send('POST', '/reg', { json: { software_statement: makeStatement() } })
    expect(records).toEqual([
      {
        operation: 'register',
        outcome: 'done',
        status: 201,
        mode: 'statement',
        latency: 7,
        client_id: body.client_id,
        issuer,
        statementDigest: expect.stringMatching(/^[\w-]{43}$/),
        clientType: 'confidential',
        clientProfile: 'web',
        require_pkce: false,
        checks: expect.arrayContaining([expect.objectContaining({ check: 'signature', outcome: 'pass' })]),
      },
    ])
  })

  test('of a refusal says why, with the digest of the statement and no issuer that it only claims', async () => {
    const { send, records } = makeEndpoint({ mode: 'statement', trust: trustPublisher() })
    const software_statement = makeStatement({ claims: { iss: 'https://other.example' } })
    await send('POST', '/reg', { json: { software_statement } })
    expect(records[0]).toMatchObject({ outcome: 'refused', code: 'ERR_ISSUER_NOT_TRUSTED', statementDigest: expect.any(String) })
    expect(records[0]).not.toHaveProperty('issuer')
    expect(records[0]).not.toHaveProperty('client_id')
  })

  test('is made of what was not found as well, and not of documents', async () => {
    const { send, records } = makeEndpoint()
    await send('GET', '/nowhere')
    await send('PATCH', '/reg')
    await send('GET', '/.well-known/oauth-authorization-server')
    expect(records.map(({ operation, code }) => [operation, code])).toEqual([
      [undefined, 'ERR_PATH_UNKNOWN'],
      [undefined, 'ERR_METHOD_NOT_ALLOWED'],
    ])
  })

  test('holds no secret, no token and no statement, whatever is asked', async () => {
    const { send, register, records, store, errors } = makeEndpoint({ mode: 'statement-or-token', trust: trustPublisher() })
    await addToken(store, 'initial-access-token')
    const software_statement = makeStatement()
    const told = await register({ software_statement }, { token: 'initial-access-token' })
    const { registration_client_uri: uri, registration_access_token: token, client_secret } = told
    await send('GET', uri, { token })
    await send('PUT', uri, { token, json: { client_id: told.client_id, client_secret, redirect_uris } })
    await send('PUT', uri, { token, json: { client_id: told.client_id, client_secret: `${client_secret}x` } })
    await send('GET', uri, { token: `${token}x` })
    await send('POST', '/reg', { json: { software_statement: `${software_statement}x` } })
    await send('POST', '/reg', { json: { software_statement: makeStatement({ claims: { exp: 1 } }) } })
    await send('DELETE', uri, { token })
    expect(records).toHaveLength(8)
    const text = JSON.stringify([records, errors])
    for (const secret of [software_statement.split('.')[1], token, client_secret, 'initial-access-token']) {
      expect(text).not.toContain(secret)
    }
  })
})
