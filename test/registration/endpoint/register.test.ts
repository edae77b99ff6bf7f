import {
  type AdmissionOutcome,
  type ClientStore,
  createInitialAccessToken,
  memoryClientStore,
} from '@software-statement/registration'
import { describe, expect, test } from 'vitest'
import { digestText } from '../../../packages/registration/src/credentials/credential.js'
import { addToken, makeEndpoint, redirect_uris } from '../../support/endpoint.js'
import { keys } from '../../support/keys.js'
import { issuer, makeStatement, now } from '../../support/make-jws.js'
import { trustPublisher } from '../../support/registration.js'

const base64url = (characters: number) => expect.stringMatching(new RegExp(`^[\\w-]{${characters}}$`))

describe('a registration', () => {
  const request = {
    client_name: 'Oauth client',
    redirect_uris: ['http://localhost:9000/callback'],
    client_uri: 'http://localhost:9000',
    grant_types: ['authorization_code'],
    scope: 'openid',
  }

  test('is answered with everything registered and the credentials', async () => {
    const { send } = makeEndpoint()
    const { status, headers, body } = await send('POST', '/reg', { json: request })
    expect(status).toBe(201)
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-content-type-options': 'nosniff',
    })
    expect(body).toEqual({
      ...request,
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      client_id: base64url(22),
      client_secret: base64url(43),
      client_secret_expires_at: 0,
      client_id_issued_at: now,
      registration_access_token: base64url(43),
      registration_client_uri: `https://as.example/reg/${body.client_id}`,
    })
  })

  test('keeps digests of the credentials and nothing else of them', async () => {
    const { register, store } = makeEndpoint()
    const told = await register(request)
    const stored = await store.find(told.client_id)
    expect(stored).toMatchObject({ clientId: told.client_id, issuedAt: now, version: 1, uniqueKeys: [] })
    expect(stored?.secrets).toEqual([{ digest: await digestText(String(told.client_secret)), issuedAt: now }])
    expect(stored?.tokens).toEqual([{ digest: await digestText(told.registration_access_token), issuedAt: now }])
    expect(JSON.stringify(stored)).not.toContain(told.client_secret)
    expect(JSON.stringify(stored)).not.toContain(told.registration_access_token)
  })

  test('gives each client its own credentials', async () => {
    const { register } = makeEndpoint()
    const all = await Promise.all(Array.from({ length: 20 }, () => register(request)))
    const texts = all.flatMap(({ client_id, client_secret, registration_access_token }) => [
      client_id,
      client_secret,
      registration_access_token,
    ])
    expect(new Set(texts).size).toBe(60)
  })

  test('has URLs of the configured issuer, whatever host the request names', async () => {
    const { send } = makeEndpoint()
    for (const url of ['http://evil.example/reg', 'https://as.example.evil.example:8443/reg']) {
      const { body } = await send('POST', url, { json: request, headers: { 'x-forwarded-host': 'evil.example' } })
      expect(body.registration_client_uri).toBe(`https://as.example/reg/${body.client_id}`)
    }
  })

  test.each([
    ['https://as.example', '/reg', 'https://as.example/reg'],
    ['https://as.example/', '/reg', 'https://as.example/reg'],
    ['https://as.example/tenant', '/reg', 'https://as.example/tenant/reg'],
    ['https://as.example/tenant/', '/oauth2/register', 'https://as.example/tenant/oauth2/register'],
    ['http://127.0.0.1:8080', '/reg', 'http://127.0.0.1:8080/reg'],
  ])('of issuer %s at %s is made at %s', async (name, path, url) => {
    const { send } = makeEndpoint({ issuer: name, path })
    const { status, body } = await send('POST', url, { json: request })
    expect(status).toBe(201)
    expect(body.registration_client_uri).toBe(`${url}/${body.client_id}`)
    expect(
      (await send('GET', String(body.registration_client_uri), { token: String(body.registration_access_token) })).status,
    ).toBe(200)
  })

  test('ignores what only a server says', async () => {
    const { register } = makeEndpoint()
    const chosen = { client_id: 'mine', client_secret: 'mine', registration_access_token: 'mine', client_id_issued_at: 1 }
    const told = await register({ ...request, ...chosen })
    for (const [name, value] of Object.entries(chosen)) expect(told[name]).not.toBe(value)
  })

  test('has no null in its answer, and stores none', async () => {
    const { register, store } = makeEndpoint({ unknownMembers: 'keep' })
    const told = await register({ ...request, x_nothing: null, x_something: { of: null } })
    expect(told).not.toHaveProperty('x_nothing')
    expect(told.x_something).toEqual({ of: null })
    expect((await store.find(told.client_id))?.metadata).not.toHaveProperty('x_nothing')
  })

  test('asks for another client_id if the first is taken', async () => {
    const store = memoryClientStore()
    const outcomes: AdmissionOutcome[] = []
    const counting: ClientStore = {
      ...store,
      async admit(client, admission) {
        const outcome = outcomes.length === 0 ? 'id-taken' : await store.admit(client, admission)
        outcomes.push(outcome)
        return outcome
      },
    }
    const { send } = makeEndpoint({ store: counting })
    expect((await send('POST', '/reg', { json: request })).status).toBe(201)
    expect(outcomes).toEqual(['id-taken', 'admitted'])
  })

  test('ends with a fault of the server where all ids are taken', async () => {
    const { send, errors } = makeEndpoint({ random: (bytes) => bytes.fill(7) })
    expect((await send('POST', '/reg', { json: request })).status).toBe(201)
    const { status, body } = await send('POST', '/reg', { json: request })
    expect([status, body.error]).toEqual([500, 'server_error'])
    expect(errors).toHaveLength(1)
  })
})

describe('credentials are those that the client type needs (RFC 6749 2)', () => {
  const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: keys.p256.x, y: keys.p256.y, kid: 'a' }] }
  test.each<[method: string, members: object, secret: boolean, kind: object]>([
    ['client_secret_basic', {}, true, { clientType: 'confidential', clientProfile: 'web', require_pkce: false }],
    ['client_secret_post', {}, true, { clientType: 'confidential', clientProfile: 'web', require_pkce: false }],
    ['private_key_jwt', { jwks }, false, { clientType: 'confidential', clientProfile: 'web', require_pkce: false }],
    ['none', {}, false, { clientType: 'public', clientProfile: 'user-agent-based', require_pkce: true }],
    [
      'none',
      { application_type: 'native', redirect_uris: ['com.example.mail:/cb'] },
      false,
      { clientType: 'public', clientProfile: 'native', require_pkce: true },
    ],
  ])('%s %j: a secret is %s', async (token_endpoint_auth_method, members, secret, kind) => {
    const { register, records, store } = makeEndpoint()
    const told = await register({ redirect_uris, token_endpoint_auth_method, ...members })
    expect('client_secret' in told).toBe(secret)
    expect(told.client_secret_expires_at).toBe(secret ? 0 : undefined)
    expect((await store.find(told.client_id))?.secrets).toHaveLength(secret ? 1 : 0)
    expect(records.at(-1)).toMatchObject(kind)
  })

  // No method is client_secret_basic (RFC 7591 2), for native clients too: credentials of one instance (RFC 8252 8.4).
  test.each<[method: string, metadata: object, secret: boolean, kind: object]>([
    ['client_secret_basic', {}, true, { clientType: 'confidential', clientProfile: 'native', require_pkce: true }],
    [
      'none',
      { token_endpoint_auth_methods_supported: ['none'] },
      false,
      { clientType: 'public', clientProfile: 'native', require_pkce: true },
    ],
  ])('a native client that names no method has %s where the server says %j', async (method, metadata, secret, kind) => {
    const { register, records } = makeEndpoint({ metadata })
    const native = { application_type: 'native', redirect_uris: ['com.example.mail:/cb'] }
    const [first, second] = [await register(native), await register(native)]
    expect(first.token_endpoint_auth_method).toBe(method)
    expect('client_secret' in first).toBe(secret)
    if (secret) expect(first.client_secret).not.toBe(second.client_secret)
    expect(records.at(-1)).toMatchObject(kind)
  })

  test('a secret expires when the server says so', async () => {
    const { register } = makeEndpoint({ secretLifetime: '30 days' })
    expect(await register({ redirect_uris })).toMatchObject({ client_secret_expires_at: now + 30 * 86_400 })
  })

  test('each native instance registers for itself with one statement', async () => {
    const { register } = makeEndpoint({ mode: 'statement', trust: trustPublisher() })
    const software_statement = makeStatement({
      claims: { application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: ['com.example.mail:/cb'] },
    })
    const first = await register({ software_statement })
    const second = await register({ software_statement })
    expect(first.client_id).not.toBe(second.client_id)
    expect(first).not.toHaveProperty('client_secret')
  })
})

describe('who may register', () => {
  const statement = makeStatement()
  const json = { none: { redirect_uris }, statement: { software_statement: statement } } as const
  test.each<
    [
      mode: 'open' | 'token' | 'statement' | 'statement-or-token',
      sent: keyof typeof json,
      token: string | undefined,
      code: string,
    ]
  >([
    ['open', 'none', undefined, 'done'],
    ['open', 'statement', undefined, 'done'],
    ['open', 'none', 'anything', 'done'],
    ['token', 'none', undefined, 'ERR_TOKEN_MISSING'],
    ['token', 'statement', undefined, 'ERR_TOKEN_MISSING'],
    ['token', 'none', 'wrong', 'ERR_TOKEN_INVALID'],
    ['token', 'none', 'good', 'done'],
    ['token', 'statement', 'good', 'done'],
    ['token', 'none', 'expired', 'ERR_TOKEN_INVALID'],
    ['token', 'none', 'used', 'ERR_TOKEN_INVALID'],
    ['statement', 'none', undefined, 'ERR_STATEMENT_MISSING'],
    ['statement', 'none', 'good', 'ERR_STATEMENT_MISSING'],
    ['statement', 'statement', undefined, 'done'],
    ['statement', 'statement', 'wrong', 'done'],
    ['statement-or-token', 'none', undefined, 'ERR_STATEMENT_MISSING'],
    ['statement-or-token', 'statement', undefined, 'done'],
    ['statement-or-token', 'none', 'good', 'done'],
    ['statement-or-token', 'statement', 'good', 'done'],
    ['statement-or-token', 'none', 'wrong', 'ERR_TOKEN_INVALID'],
    ['statement-or-token', 'statement', 'wrong', 'ERR_TOKEN_INVALID'],
  ])('mode %s, %s, token %s: %s', async (mode, sent, token, code) => {
    const { send, store, lastCode } = makeEndpoint({ mode, trust: trustPublisher() })
    await addToken(store, 'good')
    await addToken(store, 'expired', { expiresAt: now })
    await addToken(store, 'used', { uses: 0 })
    await send('POST', '/reg', { json: json[sent], ...(token === undefined ? {} : { token }) })
    expect(lastCode()).toBe(code)
  })

  test.each([
    ['Basic dXNlcjpwYXNz', 'ERR_TOKEN_MISSING'],
    ['good', 'ERR_TOKEN_MISSING'],
    ['Bearer', 'ERR_TOKEN_INVALID'],
    ['Bearer good good', 'ERR_TOKEN_INVALID'],
    ['Bearer good, Bearer good', 'ERR_TOKEN_INVALID'],
    ['Bearer "good"', 'ERR_TOKEN_INVALID'],
    ['bEARER good', 'done'],
    ['Bearer  good', 'done'],
    ['Digest bearer good', 'ERR_TOKEN_MISSING'],
  ])('Authorization: %s is %s', async (authorization, code) => {
    const { send, store, lastCode } = makeEndpoint({ mode: 'token' })
    await addToken(store, 'good')
    await send('POST', '/reg', { json: { redirect_uris }, headers: { authorization } })
    expect(lastCode()).toBe(code)
  })

  test('a token counts in the header only', async () => {
    const { send, store, lastCode } = makeEndpoint({ mode: 'token' })
    await addToken(store, 'good')
    await send('POST', '/reg?access_token=good', { json: { redirect_uris, access_token: 'good' } })
    expect(lastCode()).toBe('ERR_TOKEN_MISSING')
  })

  test('a token for three registrations is good for three, however many ask at once', async () => {
    const { send, store } = makeEndpoint({ mode: 'token' })
    await addToken(store, 'three', { uses: 3 })
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => send('POST', '/reg', { json: { redirect_uris }, token: 'three' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(3).fill(201), ...Array(9).fill(401)])
  })

  test('a token that is created counts as often and as long as it was created for', async () => {
    const { send, store, clock } = makeEndpoint({ mode: 'token' })
    const options = { now: () => new Date(clock.at * 1000) }
    const once = await createInitialAccessToken(store, options)
    const hour = await createInitialAccessToken(store, { uses: 'unlimited', expiresIn: '1 hour', ...options })
    const statuses = []
    for (const token of [once, once, hour, hour])
      statuses.push((await send('POST', '/reg', { json: { redirect_uris }, token })).status)
    clock.at += 3600
    statuses.push((await send('POST', '/reg', { json: { redirect_uris }, token: hour })).status)
    expect(statuses).toEqual([201, 401, 201, 201, 401])
  })

  test.each([
    { uses: 0 },
    { uses: 1.5 },
    { uses: '1' },
    { uses: 'any' },
    { expiresIn: 'soon' },
    { expiresIn: 0 },
    { expires: 7 },
  ])('a token cannot be created with %j', async (options) => {
    const creation = createInitialAccessToken(memoryClientStore(), options as { uses?: number })
    await expect(creation).rejects.toThrow(TypeError)
  })

  test('a refused registration uses up nothing', async () => {
    const { send, store } = makeEndpoint({ mode: 'token' })
    await addToken(store, 'one', { uses: 1 })
    expect((await send('POST', '/reg', { json: { redirect_uris: ['ftp://x'] }, token: 'one' })).status).toBe(400)
    expect((await send('POST', '/reg', { json: { redirect_uris }, token: 'one' })).status).toBe(201)
    expect((await send('POST', '/reg', { json: { redirect_uris }, token: 'one' })).status).toBe(401)
  })

  test.each(['wrong', 'expired', 'used'])('the token is looked at before the body is: %s', async (token) => {
    const { send, store, lastCode } = makeEndpoint({ mode: 'token' })
    await addToken(store, 'expired', { expiresAt: now })
    await addToken(store, 'used', { uses: 0 })
    await send('POST', '/reg', { body: 'no JSON', token })
    expect(lastCode()).toBe('ERR_TOKEN_INVALID')
  })
})

describe('a statement', () => {
  test('is echoed byte for byte, and stored with its issuer and the time', async () => {
    const { register, store, records } = makeEndpoint({ mode: 'statement', trust: trustPublisher() })
    const software_statement = makeStatement()
    const told = await register({ software_statement, client_name: 'Another', scope: 'mail' })
    expect(told).toMatchObject({ software_statement, client_name: 'Example Mail', scope: 'mail', software_id: 'mail' })
    const stored = await store.find(told.client_id)
    expect(stored?.statement).toEqual({ compact: software_statement, issuer, acceptedAt: now })
    expect(stored?.provenance).toMatchObject({
      client_name: { source: 'statement', rule: 'override', lost: 'Another' },
      scope: { source: 'request' },
    })
    expect(records.at(-1)).toMatchObject({ issuer, statementDigest: await digestText(software_statement) })
  })

  test.each([
    ['https://as.example', 'done'],
    ['https://as.example/reg', 'done'],
    ['https://as.example/', 'ERR_AUDIENCE_MISMATCH'],
    ['https://other.example', 'ERR_AUDIENCE_MISMATCH'],
  ])('for %s is %s: issuer and endpoint are names of the server', async (aud, code) => {
    const { send, lastCode } = makeEndpoint({ mode: 'statement', trust: trustPublisher() })
    await send('POST', '/reg', { json: { software_statement: makeStatement({ claims: { aud } }) } })
    expect(lastCode()).toBe(code)
  })

  test('that counts once admits one of many clients at once, and a refused request does not use it up', async () => {
    const { send, lastCode } = makeEndpoint({ mode: 'statement', trust: trustPublisher({ replay: 'once' }) })
    const software_statement = makeStatement()
    const refused = { software_statement, grant_types: ['password'] }
    expect((await send('POST', '/reg', { json: refused })).status).toBe(400)
    expect(lastCode()).toBe('ERR_METADATA_UNSUPPORTED')
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('POST', '/reg', { json: { software_statement } })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(400)])
    expect(lastCode()).toBe('ERR_REPLAYED')
  })

  test.each<[what: string, json: object, onUnprocessed: 'reject' | 'strip', code: string]>([
    ['sound', { software_statement: makeStatement() }, 'reject', 'ERR_STATEMENT_NOT_PROCESSED'],
    ['no statement at all', { software_statement: 7 }, 'reject', 'ERR_STATEMENT_NOT_PROCESSED'],
    ['sound, stripped', { software_statement: makeStatement() }, 'strip', 'done'],
    ['no statement, stripped', { software_statement: 7 }, 'strip', 'done'],
  ])('that nobody can verify: %s', async (_, json, onUnprocessed, code) => {
    for (const mode of ['open', 'token'] as const) {
      const { send, store, lastCode } = makeEndpoint({ mode, onUnprocessed })
      await addToken(store, 'good')
      const { body } = await send('POST', '/reg', { json: { redirect_uris, ...json }, token: 'good' })
      expect(lastCode()).toBe(code)
      expect(body).not.toHaveProperty('software_statement')
      expect(body).not.toHaveProperty('software_id')
      if (onUnprocessed === 'reject') expect(body.error).toBe('invalid_software_statement')
    }
  })
})

describe('what may be registered once', () => {
  const trust = trustPublisher()
  const other = makeStatement({ claims: { jti: 'statement-2', redirect_uris: ['https://mail.example/other'] } })
  test.each<[uniqueness: 'none' | 'software_id' | 'duplicateKey', first: object, second: object, code: string]>([
    ['none', { redirect_uris }, { redirect_uris }, 'done'],
    ['software_id', { software_statement: makeStatement() }, { software_statement: other }, 'ERR_ALREADY_REGISTERED'],
    ['duplicateKey', { software_statement: makeStatement() }, { software_statement: other }, 'done'],
    ['duplicateKey', { software_statement: makeStatement() }, { software_statement: makeStatement() }, 'ERR_ALREADY_REGISTERED'],
    ['duplicateKey', { redirect_uris }, { redirect_uris }, 'ERR_ALREADY_REGISTERED'],
    // Who only claims to be a software takes nobody's place.
    ['software_id', { redirect_uris, software_id: 'mail' }, { redirect_uris, software_id: 'mail' }, 'done'],
    ['software_id', { redirect_uris, software_id: 'mail' }, { software_statement: makeStatement() }, 'done'],
  ])('%s: %j and then %j', async (uniqueness, first, second, code) => {
    const { send, lastCode, register } = makeEndpoint({ trust, uniqueness })
    await register(first)
    await send('POST', '/reg', { json: second })
    expect(lastCode()).toBe(code)
  })

  test('frees its place when the client is deleted', async () => {
    const { send, register } = makeEndpoint({ trust, uniqueness: 'software_id' })
    const told = await register({ software_statement: makeStatement() })
    await send('DELETE', told.registration_client_uri, { token: told.registration_access_token })
    await register({ software_statement: makeStatement() })
  })
})
