import {
  auth,
  discoverAuthorizationServerMetadata,
  type OAuthClientProvider,
  registerClient,
} from '@modelcontextprotocol/sdk/client/auth.js'
import type { OAuthClientInformationMixed, OAuthClientMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { RegistrationEndpointOptions } from '@software-statement/registration'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Setting, settings, startAuthorizationServer } from '../support/authorization-server.js'
import { type Members, sendBack } from '../support/endpoint.js'
import { serve } from '../support/http-host.js'

/** What clients of MCP servers on a user's machine register. */
const metadata = {
  client_name: 'Example Assistant',
  redirect_uris: ['http://localhost:3334/oauth/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
} satisfies OAuthClientMetadata

async function discover(setting: Setting, options: Partial<RegistrationEndpointOptions> = {}) {
  const server = await startAuthorizationServer(setting, options)
  const { issuer } = server
  const told: Members[] = []
  /** The library keeps what it knows of an answer: all of it is kept here. */
  const fetchFn: FetchLike = async (url, init) => {
    const response = await server.fetch(url, init)
    if (response.status === 201) told.push(JSON.parse(await response.clone().text()))
    return response
  }
  const found = await discoverAuthorizationServerMetadata(issuer, { fetchFn })
  if (found === undefined) throw new Error('the library found no metadata')
  return {
    ...server,
    found,
    fetchFn,
    told,
    register: (clientMetadata: OAuthClientMetadata, scope?: string) =>
      registerClient(issuer, { metadata: found, clientMetadata, fetchFn, ...(scope === undefined ? {} : { scope }) }),
  }
}

/** An MCP server that says where its authorization server is (RFC 9728), and a client of it that keeps what it is told in memory. */
async function meet(setting: Setting, clientMetadata: OAuthClientMetadata, changes: Partial<OAuthClientProvider> = {}) {
  const server = await discover(setting)
  const { origin, close } = await serve((resource) => async ({ url }) => {
    const isMetadata = new URL(url).pathname.startsWith('/.well-known/oauth-protected-resource')
    const authorization_servers = [server.found.issuer]
    return isMetadata
      ? Response.json({ resource: `${resource}/mcp`, authorization_servers })
      : new Response(null, { status: 404 })
  })
  onTestFinished(close)
  const kept: { information?: OAuthClientInformationMixed; tokens?: OAuthTokens; sentTo?: URL; verifier?: string } = {}
  const provider: OAuthClientProvider = {
    redirectUrl: clientMetadata.redirect_uris[0],
    clientMetadata,
    clientInformation: () => kept.information,
    saveClientInformation: (information) => void Object.assign(kept, { information }),
    tokens: () => kept.tokens,
    saveTokens: (tokens) => void Object.assign(kept, { tokens }),
    redirectToAuthorization: (sentTo) => void Object.assign(kept, { sentTo }),
    saveCodeVerifier: (verifier) => void Object.assign(kept, { verifier }),
    codeVerifier: () => kept.verifier ?? '',
    invalidateCredentials: () => {
      for (const name of ['information', 'tokens', 'sentTo', 'verifier'] as const) delete kept[name]
    },
    ...changes,
  }
  const authorize = (authorizationCode?: string) =>
    auth(provider, {
      serverUrl: `${origin}/mcp`,
      fetchFn: server.fetchFn,
      ...(authorizationCode === undefined ? {} : { authorizationCode }),
    })
  return { ...server, kept, authorize }
}

const send = async (
  fetchFn: FetchLike,
  { registration_client_uri, registration_access_token }: Members,
  method: string,
  json?: object,
) => {
  const headers = { authorization: `Bearer ${registration_access_token}`, 'content-type': 'application/json' }
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await fetchFn(String(registration_client_uri), { method, headers, ...body })
  const text = await response.text()
  return { status: response.status, members: text === '' ? {} : JSON.parse(text) }
}

describe.each(settings)('the client of the MCP SDK, %s', (_, setting) => {
  test('discovers the server', async () => {
    const { found, issuer } = await discover(setting)
    const base = issuer.href.replace(/\/$/, '')
    expect(found).toMatchObject({
      issuer: base,
      registration_endpoint: `${base}/reg`,
      code_challenge_methods_supported: ['S256'],
    })
  })

  test.each<[string, Partial<OAuthClientMetadata>]>([
    ['public', {}],
    ['with client_secret_post', { token_endpoint_auth_method: 'client_secret_post' }],
    ['with a method by default', { token_endpoint_auth_method: undefined }],
    ['with a scheme of its own', { redirect_uris: ['com.example.assistant:/oauth/callback'] }],
    ['with an address', { redirect_uris: ['http://127.0.0.1:33418/'] }],
    ['with nothing but redirect URIs', { grant_types: undefined, response_types: undefined, client_name: undefined }],
    ['with links', { client_uri: 'https://assistant.example', logo_uri: 'https://assistant.example/logo.png', scope: 'mail' }],
  ])('registers a client that is %s', async (_, changes) => {
    const { register } = await discover(setting)
    const wanted = JSON.parse(JSON.stringify({ ...metadata, ...changes }))
    const client = await register(wanted)
    expect(client).toMatchObject(wanted)
    const hasSecret = wanted.token_endpoint_auth_method !== 'none'
    expect([client.client_secret !== undefined, client.client_secret_expires_at]).toEqual([hasSecret, hasSecret ? 0 : undefined])
  })

  test('registers with a statement, which wins and comes back as it was', async () => {
    const { register, sign } = await discover(setting, { mode: 'statement' })
    const vouched = { software_id: 'assistant', client_name: 'Example Assistant', redirect_uris: metadata.redirect_uris }
    const software_statement = await sign(vouched)
    const redirect_uris = ['https://evil.example/cb']
    const client = await register({ ...metadata, redirect_uris, client_name: 'Other', software_statement }, 'mail')
    expect(client).toMatchObject({ ...vouched, software_statement, scope: 'mail', token_endpoint_auth_method: 'none' })
  })

  test('registers on the way to an authorization request, and once only', async () => {
    const { authorize, kept, told, found } = await meet(setting, metadata)
    expect(await authorize()).toBe('REDIRECT')
    const client_id = kept.information?.client_id
    expect(kept.information).toMatchObject({ ...metadata, client_id_issued_at: expect.any(Number) })
    expect(`${kept.sentTo?.origin}${kept.sentTo?.pathname}`).toBe(found.authorization_endpoint)
    expect(Object.fromEntries(kept.sentTo?.searchParams ?? [])).toMatchObject({
      client_id,
      redirect_uri: metadata.redirect_uris[0],
      code_challenge_method: 'S256',
    })
    expect(await authorize('code')).toBe('AUTHORIZED')
    expect(kept.tokens?.access_token).toMatch(/./)
    expect(await authorize()).toBe('REDIRECT')
    expect(kept.information?.client_id).toBe(client_id)
    expect(told).toHaveLength(1)
  })

  test.each(['client_secret_basic', 'client_secret_post'])('authenticates by %s, as it has registered', async (method) => {
    const { authorize, kept } = await meet(setting, { ...metadata, token_endpoint_auth_method: method })
    expect(await authorize()).toBe('REDIRECT')
    expect(kept.information).toMatchObject({ client_secret: expect.any(String), token_endpoint_auth_method: method })
    expect(await authorize('code')).toBe('AUTHORIZED')
    Object.assign(kept.information ?? {}, { client_secret: 'guessed' })
    await expect(authorize('code')).rejects.toThrow()
  })

  test('registers and gets a token where no user is there', async () => {
    const service = {
      client_name: 'Example Service',
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
    }
    const prepareTokenRequest = () => new URLSearchParams({ grant_type: 'client_credentials' })
    const { authorize, kept } = await meet(setting, service, { redirectUrl: undefined, prepareTokenRequest })
    expect(await authorize()).toBe('AUTHORIZED')
    expect(kept.information).toMatchObject(service)
    expect(kept.tokens).toMatchObject({ token_type: 'Bearer' })
  })

  test('registers again when the server knows it no more', async () => {
    const { authorize, kept, told, store } = await meet(setting, metadata)
    expect(await authorize()).toBe('REDIRECT')
    const first = kept.information
    kept.tokens = { access_token: 'a', token_type: 'Bearer', refresh_token: 'r', issuer: first?.issuer }
    expect(await store.remove(first?.client_id ?? '')).toBe(true)
    expect(await authorize()).toBe('REDIRECT')
    expect(kept.information?.client_id).not.toBe(first?.client_id)
    expect(told).toHaveLength(2)
  })

  test('is managed with what the server said when the library registered', async () => {
    const { register, fetchFn, told } = await discover(setting)
    const { client_id } = await register(metadata)
    const [answer = {}] = told
    expect(await send(fetchFn, answer, 'GET')).toEqual({ status: 200, members: answer })
    const changed = await send(fetchFn, answer, 'PUT', sendBack(answer, { client_name: 'Renamed' }))
    expect(changed).toMatchObject({ status: 200, members: { ...metadata, client_id, client_name: 'Renamed' } })
    expect(await send(fetchFn, answer, 'DELETE')).toEqual({ status: 204, members: {} })
    expect(await send(fetchFn, answer, 'GET')).toMatchObject({ status: 401, members: { error: 'invalid_token' } })
  })

  test.each<[string, Partial<OAuthClientMetadata>, Partial<RegistrationEndpointOptions>, string]>([
    ['a grant that is not supported', { grant_types: ['password'] }, {}, 'InvalidClientMetadataError'],
    ['a missing initial access token', {}, { mode: 'token' }, 'InvalidTokenError'],
    // The library has no class of its own for these errors of RFC 7591 3.2.2, but reads them.
    ['a redirect URI that is none', { redirect_uris: ['javascript:alert(1)'] }, {}, 'ServerError: A redirect URI is not allowed'],
    ['a missing statement', {}, { mode: 'statement' }, 'ServerError: A software statement is required'],
  ])('is told of %s', async (_, changes, options, expected) => {
    const { register } = await discover(setting, options)
    const error: Error = await register({ ...metadata, ...changes }).then(
      () => new Error('no refusal'),
      (fault) => fault,
    )
    expect(`${error.constructor.name}: ${error.message}`).toContain(expected)
  })
})
