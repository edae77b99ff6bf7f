import { type ClientStore, memoryClientStore, type StoredClient } from '@software-statement/registration'
import { describe, expect, test } from 'vitest'
import { digestText } from '../../../packages/registration/src/credentials/credential.js'
import { type Members, makeEndpoint, redirect_uris, sendBack } from '../../support/endpoint.js'
import { keys } from '../../support/keys.js'
import { now } from '../../support/make-jws.js'

const request = { redirect_uris, client_name: 'Mail', client_uri: 'https://mail.example', scope: 'openid' }
const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: keys.p256.x, y: keys.p256.y }] }

/** An endpoint with one client. */
async function withClient(options: Parameters<typeof makeEndpoint>[0] = {}, json: Members = request) {
  const server = makeEndpoint(options)
  const told = await server.register(json)
  const uri = told.registration_client_uri
  const token = told.registration_access_token
  return {
    ...server,
    told,
    uri,
    token,
    read: () => server.send('GET', uri, { token }),
    put: (changes: Members = {}, sent: { readonly token?: string } = {}) =>
      server.send('PUT', uri, { json: sendBack(told, changes), token, ...sent }),
    stored: () => server.store.find(told.client_id),
  }
}

describe('reading a registration', () => {
  test('tells all of it but the secret, with the token that was presented, and changes nothing', async () => {
    const { told, read, stored, clock, records } = await withClient()
    const before = await stored()
    clock.at += 100
    const { status, headers, body } = await read()
    const { client_secret, ...rest } = told
    expect(client_secret).toBeDefined()
    expect([status, body]).toEqual([200, rest])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await stored()).toEqual(before)
    expect(records.at(-1)).toMatchObject({ operation: 'read', outcome: 'done', client_id: told.client_id, require_pkce: false })
  })
})

describe('whoever has not the token', () => {
  test('learns nothing: unknown client, malformed client_id and wrong token are answered alike, for the same work', async () => {
    const store = memoryClientStore()
    let questions = 0
    const counting: ClientStore = {
      ...store,
      find: (id) => {
        questions += 1
        return store.find(id)
      },
    }
    const { uri, token, send } = await withClient({ store: counting })
    const shapes = []
    for (const [path, presented] of [
      [uri, 'wrong'],
      [uri, 'x'.repeat(43)],
      ['/reg/AAAAAAAAAAAAAAAAAAAAAA', token],
      ['/reg/unknown', token],
      [`/reg/${'x'.repeat(5000)}`, token],
      ['/reg/%2e%2e%2fetc', token],
      [`${uri}x`, token],
    ] as const) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        questions = 0
        const sent = method === 'PUT' ? { json: request } : {}
        const { status, headers, text } = await send(method, path, {
          token: presented,
          ...sent,
          address: `192.0.2.${shapes.length}`,
        })
        shapes.push(JSON.stringify([status, [...headers], text, questions]))
      }
    }
    expect(new Set(shapes).size).toBe(1)
    expect(JSON.parse(shapes[0] ?? '')).toEqual([
      401,
      expect.arrayContaining([
        [
          'www-authenticate',
          'Bearer realm="registration", error="invalid_token", error_description="The bearer token is not valid"',
        ],
      ]),
      '{"error":"invalid_token","error_description":"The bearer token is not valid"}',
      1,
    ])
  })

  test.each(['GET', 'PUT', 'DELETE'])(
    'and sends none is asked for one, whether there is such a client or not: %s',
    async (method) => {
      const { uri, send } = await withClient()
      const sent = method === 'PUT' ? { json: request } : {}
      const [known, unknown] = [await send(method, uri, sent), await send(method, '/reg/unknown', sent)]
      expect([known.status, known.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="registration"'])
      expect([known.text, [...known.headers]]).toEqual([unknown.text, [...unknown.headers]])
    },
  )

  test('is slowed down after ten failures, others are not', async () => {
    const { uri, token, send } = await withClient()
    for (let failure = 0; failure < 10; failure++) {
      expect((await send('GET', uri, { token: 'wrong', address: '192.0.2.66' })).status).toBe(401)
    }
    const { status, headers } = await send('GET', uri, { token, address: '192.0.2.66' })
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await send('GET', uri, { token, address: '192.0.2.1' })).status).toBe(200)
  })

  test('but that of another client is refused', async () => {
    const { register, uri, send } = await withClient()
    const other = await register(request)
    expect((await send('GET', uri, { token: other.registration_access_token })).status).toBe(401)
  })
})

describe('an update', () => {
  test('replaces everything, keeps the credentials and tells no secret', async () => {
    const { told, put, read, stored, clock } = await withClient()
    clock.at += 100
    const { status, body } = await put({ client_name: 'Post', client_uri: undefined, scope: 'openid mail' })
    const { client_secret, client_uri, ...rest } = told
    expect([client_secret, client_uri]).toEqual([expect.any(String), 'https://mail.example'])
    expect([status, body]).toEqual([200, { ...rest, client_name: 'Post', scope: 'openid mail' }])
    expect((await read()).body).toEqual(body)
    expect(await stored()).toMatchObject({ version: 2, issuedAt: now, secrets: [expect.anything()], tokens: [expect.anything()] })
  })

  test.each<[changes: Members, code: string]>([
    [{ client_id: undefined }, 'ERR_METADATA_VALUE'],
    [{ client_id: null }, 'ERR_METADATA_VALUE'],
    [{ client_id: 'another' }, 'ERR_METADATA_VALUE'],
    [{ client_id: 7 }, 'ERR_METADATA_VALUE'],
    [{ registration_access_token: 'mine' }, 'ERR_METADATA_FORBIDDEN'],
    [{ registration_client_uri: 'https://as.example/reg/x' }, 'ERR_METADATA_FORBIDDEN'],
    [{ client_secret_expires_at: 0 }, 'ERR_METADATA_FORBIDDEN'],
    [{ client_id_issued_at: now }, 'ERR_METADATA_FORBIDDEN'],
    [{ client_secret: 'one that I choose' }, 'ERR_METADATA_VALUE'],
    [{ client_secret: 7 }, 'ERR_METADATA_VALUE'],
    [{ client_secret: { toString: 'x' } }, 'ERR_METADATA_VALUE'],
    [{ client_secret: undefined }, 'done'],
    [{ client_secret: null }, 'done'],
    [{}, 'done'],
    [{ client_name: null, client_uri: null, software_statement: null }, 'done'],
    [{ redirect_uris: null }, 'ERR_REDIRECT_URI_MISSING'],
    [{ redirect_uris: ['http://mail.example/cb'] }, 'ERR_REDIRECT_URI'],
    [{ grant_types: ['authorization_code', 'password'] }, 'ERR_METADATA_UNSUPPORTED'],
    [{ software_statement: 'a.b.c' }, 'ERR_STATEMENT_NOT_PROCESSED'],
  ])('with %j is %s', async (changes, code) => {
    const { put, stored, lastCode } = await withClient()
    const before = await stored()
    await put(changes)
    expect(lastCode()).toBe(code)
    if (code !== 'done') expect(await stored()).toEqual(before)
  })

  test('with the secret in something that is no text is refused', async () => {
    const { told, put, lastCode } = await withClient()
    await put({ client_secret: [told.client_secret] })
    expect(lastCode()).toBe('ERR_METADATA_VALUE')
  })

  test('with the secret of another client is refused', async () => {
    const { register, put, lastCode } = await withClient()
    await put({ client_secret: (await register(request)).client_secret })
    expect(lastCode()).toBe('ERR_METADATA_VALUE')
  })

  test('names every member that must not be there', async () => {
    const { put } = await withClient()
    const { body } = await put({ client_id: 'x', client_id_issued_at: 1, client_secret: 'x' })
    expect(body.error).toBe('invalid_client_metadata')
    for (const member of ['client_id', 'client_id_issued_at', 'client_secret']) {
      expect(body.error_description).toContain(member)
    }
  })

  test('is read before it is decided who may, but for what is in the way of reading', async () => {
    const { send, uri, lastCode } = await withClient()
    await send('PUT', uri, { body: 'no JSON', token: 'wrong' })
    expect(lastCode()).toBe('ERR_TOKEN_INVALID')
  })
})

describe('a secret', () => {
  test.each<[from: Members, to: Members, created: boolean, secrets: number]>([
    [{}, { token_endpoint_auth_method: 'client_secret_post' }, false, 1],
    [{ token_endpoint_auth_method: 'none' }, { token_endpoint_auth_method: 'client_secret_basic' }, true, 1],
    [{ token_endpoint_auth_method: 'none' }, { token_endpoint_auth_method: 'private_key_jwt', jwks }, false, 0],
    [{}, { token_endpoint_auth_method: 'none', client_secret: undefined }, false, 0],
    [{}, { token_endpoint_auth_method: 'private_key_jwt', jwks, client_secret: undefined }, false, 0],
  ])('from %j to %j: a new one is %s', async (from, to, created, secrets) => {
    const { put, stored } = await withClient({}, { ...request, ...from })
    const { status, body } = await put(to)
    expect(status).toBe(200)
    expect('client_secret' in body).toBe(created)
    expect('client_secret_expires_at' in body).toBe(secrets > 0)
    expect((await stored())?.secrets).toHaveLength(secrets)
    if (created) expect((await stored())?.secrets[0]?.digest).toBe(await digestText(String(body.client_secret)))
  })

  test('that has expired is replaced with the next update, and proves nothing', async () => {
    const { told, put, stored, clock, lastCode } = await withClient({ secretLifetime: '1 day' })
    clock.at += 86_400
    await put()
    expect(lastCode()).toBe('ERR_METADATA_VALUE')
    const { body } = await put({ client_secret: undefined })
    expect(body.client_secret).not.toBe(told.client_secret)
    expect(body.client_secret_expires_at).toBe(now + 2 * 86_400)
    expect((await stored())?.secrets).toHaveLength(1)
  })
})

describe('the registration access token', () => {
  test('stays as it is by default', async () => {
    const { put, token } = await withClient()
    expect((await put()).body.registration_access_token).toBe(token)
  })

  test('is a new one after an update where the server rotates, and the old one counts until the overlap is over', async () => {
    const { put, read, send, uri, token, clock, stored } = await withClient({ tokenRotation: { overlap: '1 hour' } })
    expect((await read()).body.registration_access_token).toBe(token)
    const renewed = String((await put()).body.registration_access_token)
    expect(renewed).not.toBe(token)
    clock.at += 3599
    expect((await read()).status).toBe(200)
    clock.at += 1
    expect((await read()).status).toBe(401)
    expect((await send('GET', uri, { token: renewed })).status).toBe(200)
    expect((await stored())?.tokens[0]?.expiresAt).toBeUndefined()
  })

  test('that is old counts no longer because of another update, and is forgotten when it has expired', async () => {
    const { put, read, clock, stored } = await withClient({ tokenRotation: { overlap: '1 hour' } })
    const second = String((await put()).body.registration_access_token)
    clock.at += 3000
    const third = String((await put({}, { token: second })).body.registration_access_token)
    expect((await stored())?.tokens.map(({ expiresAt }) => expiresAt)).toEqual([undefined, now + 6600, now + 3600])
    clock.at += 600
    expect((await read()).status).toBe(401)
    await put({}, { token: third })
    expect((await stored())?.tokens).toHaveLength(3)
  })

  test('is one of few, however often a client is updated', async () => {
    const { put, send, uri, stored } = await withClient({ tokenRotation: { overlap: '1 hour' } })
    let newest = ''
    for (let update = 0; update < 8; update++) {
      const { body } = await put({}, newest === '' ? {} : { token: newest })
      newest = String(body.registration_access_token)
    }
    expect((await stored())?.tokens).toHaveLength(5)
    expect((await send('GET', uri, { token: newest })).status).toBe(200)
  })
})

describe('updates at once', () => {
  test('are all decided on what is there, and none is lost', async () => {
    const { send, uri, token, told, stored } = await withClient()
    const names = ['a', 'b', 'c', 'd']
    const answers = await Promise.all(
      names.map((client_name) => send('PUT', uri, { json: sendBack(told, { client_name }), token })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await stored())?.version).toBe(5)
  })

  test('that overtake again and again are an outage in the end', async () => {
    const store = memoryClientStore()
    let attempts = 0
    const overtaken: ClientStore = {
      ...store,
      replace: async () => {
        attempts += 1
        return 'changed'
      },
    }
    const { put, lastCode } = await withClient({ store: overtaken })
    const { status, headers } = await put()
    expect([status, lastCode(), attempts]).toEqual([503, 'ERR_STORE_UNAVAILABLE', 10])
    expect(headers.get('retry-after')).toBe('2')
  })

  test.each<[what: string, change: (client: StoredClient) => StoredClient | undefined, status: number]>([
    ['the client is gone', () => undefined, 401],
    ['its token is another', (client) => ({ ...client, tokens: [{ digest: 'x'.repeat(43), issuedAt: now }] }), 401],
    ['nothing of importance', (client) => client, 200],
  ])('after which %s', async (_, change, status) => {
    const store = memoryClientStore()
    let meddled = false
    const meddling: ClientStore = {
      ...store,
      async replace(client, admission) {
        if (meddled) return store.replace(client, admission)
        meddled = true
        const found = await store.find(client.clientId)
        const changed = found && change(found)
        if (changed === undefined) await store.remove(client.clientId)
        else await store.replace({ ...changed, version: changed.version + 1 }, admission)
        return store.replace(client, admission)
      },
    }
    const { put } = await withClient({ store: meddling })
    expect((await put()).status).toBe(status)
  })
})

describe('deleting', () => {
  test('removes the client, its secret and its token', async () => {
    const { send, uri, token, read, put, stored, endpoint, told } = await withClient()
    const { status, text, headers } = await send('DELETE', uri, { token })
    expect([status, text, headers.get('cache-control'), headers.get('content-type')]).toEqual([204, '', 'no-store', null])
    expect(await stored()).toBeUndefined()
    expect((await read()).status).toBe(401)
    expect((await put()).status).toBe(401)
    expect((await send('DELETE', uri, { token })).status).toBe(401)
    const authorization = `Basic ${Buffer.from(`${told.client_id}:${told.client_secret}`).toString('base64')}`
    const headersOfForm = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const form = new Request('https://as.example/token', { method: 'POST', headers: headersOfForm, body: 'a=b' })
    await expect(endpoint.authenticateClient(form)).rejects.toMatchObject({ code: 'ERR_CLIENT_AUTHENTICATION' })
  })
})

describe('deleting at once', () => {
  test('removes a client once', async () => {
    const { send, uri, token } = await withClient()
    const answers = await Promise.all([send('DELETE', uri, { token }), send('DELETE', uri, { token })])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401])
  })
})

describe('the credentials that were told', () => {
  test('authenticate the client at other endpoints', async () => {
    const { endpoint, told } = await withClient({}, { grant_types: ['client_credentials'] })
    const authorization = `Basic ${Buffer.from(`${told.client_id}:${told.client_secret}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const form = new Request('https://as.example/token', { method: 'POST', headers, body: 'grant_type=client_credentials' })
    const { client, authenticated, form: parameters } = await endpoint.authenticateClient(form)
    expect([client.clientId, authenticated, parameters.get('grant_type')]).toEqual([told.client_id, true, 'client_credentials'])
  })

  test('are counted apart: who guesses the token keeps no client from using its secret', async () => {
    const { endpoint, told, send, uri } = await withClient({}, { grant_types: ['client_credentials'] })
    const address = '192.0.2.66'
    for (let failure = 0; failure < 11; failure++) await send('GET', uri, { token: 'wrong', address })
    expect((await send('GET', uri, { token: 'wrong', address })).status).toBe(429)
    const authorization = `Basic ${Buffer.from(`${told.client_id}:${told.client_secret}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const form = new Request('https://as.example/token', { method: 'POST', headers, body: 'a=b' })
    expect((await endpoint.authenticateClient(form, { address })).authenticated).toBe(true)
  })

  test('authenticate nobody by a method that the server does not support', async () => {
    const { endpoint } = makeEndpoint({ metadata: { token_endpoint_auth_methods_supported: ['tls_client_auth'] } })
    const form = new Request('https://as.example/token', { method: 'POST', body: new URLSearchParams({ client_id: 'x' }) })
    await expect(endpoint.authenticateClient(form)).rejects.toMatchObject({ code: 'ERR_CLIENT_AUTHENTICATION' })
  })
})
