import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ClientStore,
  createRegistrationEndpoint,
  memoryClientStore,
  sqliteClientStore,
} from '@software-statement/registration'
import { trustIssuers } from '@software-statement/verifier'
import { afterAll, describe, expect, test } from 'vitest'
import { answerToken } from '../support/authorization-server.js'
import { type Host, serve } from '../support/http-host.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeJws, vouched } from '../support/make-jws.js'

const folder = mkdtempSync(join(tmpdir(), 'software-statement-registration-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A statement that is valid now: the server has its own clock here. */
function makeStatement(audience: string, claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const header = { alg: 'EdDSA', kid: keys.ed25519.kid, typ: 'software-statement+jwt' }
  const payload = { iss: issuer, aud: audience, iat: now, exp: now + 600, jti: crypto.randomUUID(), ...vouched, ...claims }
  return makeJws({ header, payload })
}

/** An authorization server with its registration endpoint, and a token endpoint that says who asks. */
function makeServer(store: ClientStore) {
  return serve((origin) => {
    const endpoint = createRegistrationEndpoint({
      issuer: origin,
      store,
      mode: 'statement',
      trust: trustIssuers([{ issuer, jwks: { keys: [publicHalf(keys.ed25519)] }, replay: 'once' }]),
      tokenRotation: { overlap: '1 hour' },
    })
    return async (request, info) =>
      new URL(request.url).pathname === '/token' ? answerToken(endpoint, request, info) : endpoint(request, info)
  })
}

async function withServer(store: ClientStore, use: (host: Host) => Promise<void>): Promise<void> {
  const host = await makeServer(store)
  try {
    await use(host)
  } finally {
    await host.close()
    await store.close()
  }
}

const ask = async (method: string, url: string, token: string | undefined, json?: object) => {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await fetch(url, { method, headers: { 'content-type': 'application/json', ...authorization }, ...body })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

describe.each<[name: string, open: () => Promise<ClientStore>]>([
  ['memory', async () => memoryClientStore()],
  ['SQLite', () => sqliteClientStore(join(folder, 'clients.db'))],
])('over HTTP, with a store in %s', (_, open) => {
  test('a client finds the endpoint, registers, authenticates, changes its registration and leaves', async () => {
    await withServer(await open(), async ({ origin }) => {
      const { body: server } = await ask('GET', `${origin}/.well-known/oauth-authorization-server`, undefined)
      expect(server).toMatchObject({ issuer: origin, registration_endpoint: `${origin}/reg` })

      const software_statement = makeStatement(origin)
      const request = { software_statement, grant_types: ['authorization_code', 'client_credentials'], scope: 'mail' }
      const registered = await ask('POST', server.registration_endpoint, undefined, request)
      expect(registered.status).toBe(201)
      expect(registered.body).toMatchObject({ ...vouched, ...request })
      expect((await ask('POST', server.registration_endpoint, undefined, request)).body.error).toBe('invalid_software_statement')

      const { client_id, client_secret, registration_client_uri: uri, registration_access_token: token } = registered.body
      const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`
      const form = new URLSearchParams({ grant_type: 'client_credentials' })
      const granted = await fetch(server.token_endpoint, { method: 'POST', headers: { authorization }, body: form })
      expect(await granted.json()).toMatchObject({ client_id, method: 'client_secret_basic', grant_type: 'client_credentials' })

      expect((await ask('GET', uri, token)).body).toMatchObject({ ...vouched, scope: 'mail', registration_access_token: token })
      const changed = await ask('PUT', uri, token, {
        client_id,
        scope: 'mail contacts',
        redirect_uris: ['https://evil.example/cb'],
      })
      expect(changed).toMatchObject({ status: 200, body: { ...vouched, scope: 'mail contacts', software_statement } })
      const rotated = changed.body.registration_access_token
      expect(rotated).not.toBe(token)

      expect((await ask('DELETE', uri, rotated)).status).toBe(204)
      expect((await ask('GET', uri, rotated)).status).toBe(401)
      const refused = await fetch(server.token_endpoint, { method: 'POST', headers: { authorization }, body: form })
      expect(refused.status).toBe(401)
      expect(await refused.json()).toMatchObject({ error: 'invalid_client' })
    })
  })
})

describe('over HTTP', () => {
  test('a client that goes away in the middle of its request registers nobody, and others are served', async () => {
    await withServer(memoryClientStore(), async ({ origin }) => {
      const { hostname, port } = new URL(origin)
      for (let client = 0; client < 5; client++) {
        const socket = connect(Number(port), hostname)
        socket.write(`POST /reg HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":`)
        await new Promise((resolve) => socket.once('connect', resolve))
        socket.destroy()
      }
      expect((await ask('POST', `${origin}/reg`, undefined, { software_statement: makeStatement(origin) })).status).toBe(201)
    })
  })

  test('an endless body is answered before it ends', async () => {
    await withServer(memoryClientStore(), async ({ origin }) => {
      const { hostname, port } = new URL(origin)
      const socket = connect(Number(port), hostname)
      const head = 'POST /reg HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
      const chunk = `${(64 * 1024).toString(16)}\r\n${' '.repeat(64 * 1024)}\r\n`
      const answer = await new Promise<string>((resolve, reject) => {
        socket.once('data', (data) => resolve(data.toString()))
        socket.once('error', reject)
        // Three pieces are over the limit, and the end never comes.
        socket.write(head + chunk.repeat(3))
      })
      socket.destroy()
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    })
  })
})
