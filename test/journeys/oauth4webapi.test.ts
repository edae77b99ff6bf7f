import { createInitialAccessToken, type RegistrationEndpointOptions } from '@software-statement/registration'
import type { SignOptions } from '@software-statement/signer'
import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import { type Setting, settings, startAuthorizationServer } from '../support/authorization-server.js'
import { sendBack } from '../support/endpoint.js'
import { refusalOf } from '../support/library-refusal.js'

type Client = oauth.OmitSymbolProperties<oauth.Client>

const redirect_uris = ['https://mail.example/cb']
const vouched = { software_id: 'mail', client_name: 'Example Mail', redirect_uris }
const grant_types = ['authorization_code', 'client_credentials']

/** A server that the library has discovered, and what the library does with it. */
async function discover(
  setting: Setting,
  options: Partial<RegistrationEndpointOptions> = {},
  algorithm: 'oauth2' | 'oidc' = 'oauth2',
) {
  const server = await startAuthorizationServer(setting, options)
  // The library speaks http only where it is told to.
  const io = { [oauth.customFetch]: server.fetch, [oauth.allowInsecureRequests]: server.issuer.protocol === 'http:' }
  const as = await oauth.processDiscoveryResponse(
    server.issuer,
    await oauth.discoveryRequest(server.issuer, { ...io, algorithm }),
  )
  return {
    ...server,
    as,
    async register(metadata: Partial<Client>, initialAccessToken = ''): Promise<Client> {
      const sent = oauth.dynamicClientRegistrationRequest(as, metadata, { ...io, initialAccessToken })
      return oauth.processDynamicClientRegistrationResponse(await sent)
    },
    /** To the library a client configuration endpoint is a resource, and the registration access token its access token. */
    async manage(client: Client, method: string, members?: object): Promise<{ status: number; members: Client }> {
      const url = new URL(String(client.registration_client_uri))
      const headers = new Headers(members === undefined ? {} : { 'content-type': 'application/json' })
      const body = members === undefined ? null : JSON.stringify(members)
      const token = String(client.registration_access_token)
      const response = await oauth.protectedResourceRequest(token, method, url, headers, body, io)
      const text = await response.text()
      return { status: response.status, members: text === '' ? {} : JSON.parse(text) }
    },
    async grant(client: Client, authentication: oauth.ClientAuth) {
      const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: 'mail' }, io)
      return oauth.processClientCredentialsResponse(as, client, response)
    },
    async refresh(client: Client, authentication: oauth.ClientAuth) {
      const response = await oauth.refreshTokenGrantRequest(as, client, authentication, 'refresh-token', io)
      return oauth.processRefreshTokenResponse(as, client, response)
    },
  }
}

const secretOf = ({ client_secret }: Client) => String(client_secret)

describe.each(settings)('oauth4webapi, %s', (_, setting) => {
  test('discovers what the server has', async () => {
    const { as, issuer } = await discover(setting)
    expect(as).toMatchObject({
      issuer: issuer.href.replace(/\/$/, ''),
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
    })
  })

  test('discovers an OpenID provider', async () => {
    const metadata = {
      jwks_uri: 'https://as.example/jwks',
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    }
    const { as, register } = await discover(setting, { metadata }, 'oidc')
    expect(as).toMatchObject(metadata)
    const client = await register({ redirect_uris, id_token_signed_response_alg: 'ES256', subject_type: 'public' })
    expect(client).toMatchObject({ id_token_signed_response_alg: 'ES256', subject_type: 'public' })
  })

  test.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ] as const)('registers and authenticates by %s', async (token_endpoint_auth_method, authenticateWith) => {
    const { register, grant } = await discover(setting)
    const client = await register({ redirect_uris, grant_types, token_endpoint_auth_method, client_name: 'Post & Brief' })
    expect(client).toMatchObject({
      redirect_uris,
      grant_types,
      token_endpoint_auth_method,
      client_name: 'Post & Brief',
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
    })
    expect(await grant(client, authenticateWith(secretOf(client)))).toMatchObject({
      client_id: client.client_id,
      method: token_endpoint_auth_method,
      token_type: 'bearer',
    })
    expect(await refusalOf(grant(client, authenticateWith('guessed')))).toBe('401 basic')
    expect(await refusalOf(grant({ client_id: 'nobody' }, authenticateWith(secretOf(client))))).toBe('401 basic')
  })

  test('is refused by another method than the one it has registered', async () => {
    const { register, grant } = await discover(setting)
    const client = await register({ redirect_uris, grant_types })
    expect(await refusalOf(grant(client, oauth.ClientSecretPost(secretOf(client))))).toBe('401 basic')
    expect(await refusalOf(grant(client, oauth.None()))).toBe('401 basic')
  })

  test.each(['ES256', 'PS256', 'RS256', 'Ed25519'])('registers and authenticates by private_key_jwt with %s', async (alg) => {
    const { register, grant } = await discover(setting)
    const { publicKey, privateKey } = await oauth.generateKeyPair(alg, { extractable: true })
    const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', publicKey)
    const jwk = JSON.parse(JSON.stringify({ kid: 'mine', kty, crv, x, y, n, e }))
    const metadata = { redirect_uris, grant_types, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }
    const client = await register(metadata)
    expect(client).toMatchObject(metadata)
    expect(client).not.toHaveProperty('client_secret')
    const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'mine' })
    expect(await grant(client, authentication)).toMatchObject({ client_id: client.client_id, method: 'private_key_jwt' })
    const { privateKey: stranger } = await oauth.generateKeyPair(alg)
    expect(await refusalOf(grant(client, oauth.PrivateKeyJwt({ key: stranger, kid: 'mine' })))).toBe('401 basic')
  })

  test('sends an assertion once', async () => {
    const { register, grant } = await discover(setting)
    const { publicKey, privateKey } = await oauth.generateKeyPair('ES256', { extractable: true })
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
    const jwks = JSON.parse(JSON.stringify({ keys: [{ kty, crv, x, y }] }))
    const client = await register({ redirect_uris, grant_types, token_endpoint_auth_method: 'private_key_jwt', jwks })
    const authentication = oauth.PrivateKeyJwt(privateKey, {
      [oauth.modifyAssertion](_, payload) {
        payload.jti = 'the same again'
      },
    })
    expect(await grant(client, authentication)).toMatchObject({ client_id: client.client_id })
    expect(await refusalOf(grant(client, authentication))).toBe('401 basic')
  })

  test('registers as a public client, which gets no secret and is only identified', async () => {
    const { register, refresh } = await discover(setting)
    const metadata = {
      redirect_uris: ['com.example.mail:/callback', 'http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    }
    const client = await register(metadata)
    expect(client).toMatchObject(metadata)
    expect(client).not.toHaveProperty('client_secret')
    expect(client).not.toHaveProperty('client_secret_expires_at')
    expect(await refresh(client, oauth.None())).toMatchObject({ client_id: client.client_id, method: 'none' })
  })

  test('registers with a statement, which wins and comes back as it was', async () => {
    const { register, grant, sign } = await discover(setting, { mode: 'statement' })
    const software_statement = await sign(vouched)
    const client = await register({ software_statement, client_name: 'Totally Mail', grant_types, scope: 'mail' })
    expect(client).toMatchObject({ ...vouched, software_statement, grant_types, scope: 'mail' })
    expect(await grant(client, oauth.ClientSecretBasic(secretOf(client)))).toMatchObject({ client_id: client.client_id })
  })

  test('reads, changes and ends its registration, with everything it was told before', async () => {
    const { register, manage, grant, sign } = await discover(setting)
    const software_statement = await sign(vouched)
    const client = await register({ software_statement, grant_types })
    const { client_secret: _, ...readable } = client
    expect(await manage(client, 'GET')).toEqual({ status: 200, members: readable })

    const { publicKey, privateKey } = await oauth.generateKeyPair('ES256', { extractable: true })
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
    const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty, crv, x, y }] } }
    const changes = { ...keys, scope: 'mail contacts', redirect_uris: ['https://evil.example/cb'] }
    const { status, members } = await manage(client, 'PUT', sendBack(client, changes))
    expect({ status, members }).toMatchObject({
      status: 200,
      members: {
        ...vouched,
        ...keys,
        software_statement,
        scope: 'mail contacts',
        registration_access_token: client.registration_access_token,
      },
    })
    expect(members).not.toHaveProperty('client_secret_expires_at')
    expect(await grant(members, oauth.PrivateKeyJwt(privateKey))).toMatchObject({ method: 'private_key_jwt' })
    expect(await refusalOf(grant(members, oauth.ClientSecretBasic(secretOf(client))))).toBe('401 basic')

    expect(await manage(client, 'DELETE')).toEqual({ status: 204, members: {} })
    expect(await refusalOf(manage(client, 'GET'))).toBe('401 bearer invalid_token')
    expect(await refusalOf(grant(members, oauth.PrivateKeyJwt(privateKey)))).toBe('401 basic')
  })

  test('shows an initial access token, and understands what it is told without one', async () => {
    const { register, store } = await discover(setting, { mode: 'token' })
    const token = await createInitialAccessToken(store)
    expect(await refusalOf(register({ redirect_uris }))).toBe('401 bearer')
    expect(await refusalOf(register({ redirect_uris }, 'guessed'))).toBe('401 bearer invalid_token')
    expect(await register({ redirect_uris }, token)).toMatchObject({ redirect_uris })
    expect(await refusalOf(register({ redirect_uris }, token))).toBe('401 bearer invalid_token')
  })

  test.each<[string, Partial<Client>, string]>([
    ['a statement that is none', { redirect_uris, software_statement: 'a.b.c' }, '400 invalid_software_statement'],
    ['no redirect URIs', {}, '400 invalid_redirect_uri'],
    ['a redirect URI that is none', { redirect_uris: ['javascript:alert(1)'] }, '400 invalid_redirect_uri'],
    [
      'a method that needs secrets in clear',
      { redirect_uris, token_endpoint_auth_method: 'client_secret_jwt' },
      '400 invalid_client_metadata',
    ],
    ['a grant that is not supported', { redirect_uris, grant_types: ['password'] }, '400 invalid_client_metadata'],
    ['a body that is too large', { redirect_uris, client_name: 'a'.repeat(200_000) }, '413 invalid_client_metadata'],
  ])('is told why %s is refused', async (_, metadata, refusal) => {
    const { register } = await discover(setting)
    expect(await refusalOf(register(metadata))).toBe(refusal)
  })

  test.each<[string, Partial<SignOptions>, string]>([
    ['of a stranger', { issuer: 'https://stranger.example' }, '400 unapproved_software_statement'],
    ['for another server', { audience: 'https://elsewhere.example' }, '400 invalid_software_statement'],
    ['that is over', { currentDate: new Date(Date.now() - 2 * 86_400_000) }, '400 invalid_software_statement'],
  ])('is told why a statement %s is refused', async (_, options, refusal) => {
    const { register, sign } = await discover(setting)
    expect(await refusalOf(register({ software_statement: await sign(vouched, options) }))).toBe(refusal)
  })
})
