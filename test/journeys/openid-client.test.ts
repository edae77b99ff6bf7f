import { createInitialAccessToken, type RegistrationEndpointOptions } from '@software-statement/registration'
import * as client from 'openid-client'
import { describe, expect, test } from 'vitest'
import { type Setting, settings, startAuthorizationServer } from '../support/authorization-server.js'
import { sendBack } from '../support/endpoint.js'
import { refusalOf } from '../support/library-refusal.js'

const redirect_uris = ['https://mail.example/cb']
const vouched = { software_id: 'mail', client_name: 'Example Mail', redirect_uris }
const grant_types = ['authorization_code', 'client_credentials']
const openIdMetadata = {
  jwks_uri: 'https://as.example/jwks',
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
}

/** A server, and what the library does with it when it knows no more than the issuer. */
async function meet(setting: Setting, options: Partial<RegistrationEndpointOptions> = {}) {
  const server = await startAuthorizationServer(setting, options)
  const io: client.DynamicClientRegistrationRequestOptions = {
    algorithm: 'oauth2',
    [client.customFetch]: server.fetch,
    // The library speaks http only where it is told to.
    execute: server.issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
  }
  return {
    ...server,
    register: (
      metadata: Partial<client.ClientMetadata>,
      authentication?: client.ClientAuth,
      others: client.DynamicClientRegistrationRequestOptions = {},
    ) => client.dynamicClientRegistration(server.issuer, metadata, authentication, { ...io, ...others }),
    /** Finds the server again, as a client that has kept its registration. */
    return: (registered: client.ClientMetadata, authentication?: client.ClientAuth) =>
      client.discovery(server.issuer, registered.client_id, registered, authentication, io),
  }
}

/** To the library a client configuration endpoint is a resource, and the registration access token its access token. */
async function manage(config: client.Configuration, method: string, members?: object) {
  const { registration_client_uri, registration_access_token } = config.clientMetadata()
  const headers = new Headers(members === undefined ? {} : { 'content-type': 'application/json' })
  const body = members === undefined ? null : JSON.stringify(members)
  const url = new URL(String(registration_client_uri))
  const response = await client.fetchProtectedResource(config, String(registration_access_token), url, method, body, headers)
  const text = await response.text()
  return { status: response.status, members: text === '' ? {} : JSON.parse(text) }
}

describe.each(settings)('openid-client, %s', (_, setting) => {
  test('registers by its own default method, client_secret_post, and authenticates', async () => {
    const { register, issuer } = await meet(setting)
    const metadata = { redirect_uris, grant_types, token_endpoint_auth_method: 'client_secret_post' }
    const config = await register(metadata)
    expect(config.serverMetadata()).toMatchObject({ registration_endpoint: `${issuer.href.replace(/\/$/, '')}/reg` })
    expect(config.serverMetadata().supportsPKCE()).toBe(true)
    expect(config.clientMetadata()).toMatchObject({ ...metadata, client_secret_expires_at: 0 })
    const { client_id } = config.clientMetadata()
    const granted = await client.clientCredentialsGrant(config, { scope: 'mail' })
    expect(granted).toMatchObject({ client_id, method: 'client_secret_post', grant_type: 'client_credentials' })
    expect(granted.expiresIn()).toBeGreaterThan(0)
  })

  test('registers at an OpenID provider without being told more than its issuer', async () => {
    const { register, issuer } = await meet(setting, { metadata: openIdMetadata })
    const metadata = { redirect_uris, id_token_signed_response_alg: 'ES256' }
    const config = await register(metadata, undefined, { algorithm: 'oidc' })
    expect(config.serverMetadata()).toMatchObject({ ...openIdMetadata, issuer: issuer.href.replace(/\/$/, '') })
    expect(config.clientMetadata()).toMatchObject(metadata)
  })

  test('registers by client_secret_basic, the default of the protocol, and comes back with what it has kept', async () => {
    const { register, return: comeBack } = await meet(setting)
    const registered = (await register({ redirect_uris, grant_types })).clientMetadata()
    expect(registered).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic', response_types: ['code'] })
    const config = await comeBack(registered, client.ClientSecretBasic())
    const { client_id } = registered
    expect(await client.clientCredentialsGrant(config)).toMatchObject({ client_id, method: 'client_secret_basic' })
    const other = await comeBack(registered, client.ClientSecretPost())
    expect(await refusalOf(client.clientCredentialsGrant(other))).toBe('401 basic')
    const guessing = await comeBack({ ...registered, client_secret: 'guessed' }, client.ClientSecretBasic())
    expect(await refusalOf(client.clientCredentialsGrant(guessing))).toBe('401 basic')
  })

  test.each(['ES384', 'PS512', 'Ed25519'])('registers a key and authenticates by private_key_jwt with %s', async (alg) => {
    const { register } = await meet(setting)
    const { publicKey, privateKey } = await client.randomDPoPKeyPair(alg, { extractable: true })
    const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', publicKey)
    const jwks = JSON.parse(JSON.stringify({ keys: [{ kid: 'mine', kty, crv, x, y, n, e }] }))
    const metadata = { redirect_uris, grant_types, token_endpoint_auth_method: 'private_key_jwt', jwks }
    const config = await register(metadata, client.PrivateKeyJwt({ key: privateKey, kid: 'mine' }))
    expect(config.clientMetadata()).toMatchObject(metadata)
    expect(config.clientMetadata()).not.toHaveProperty('client_secret')
    expect(await client.clientCredentialsGrant(config)).toMatchObject({ method: 'private_key_jwt' })
  })

  test('registers as a public client and is identified', async () => {
    const { register } = await meet(setting)
    const metadata = { redirect_uris: ['http://127.0.0.1/cb'], token_endpoint_auth_method: 'none', application_type: 'native' }
    const config = await register(metadata)
    expect(config.clientMetadata()).toMatchObject(metadata)
    expect(config.clientMetadata()).not.toHaveProperty('client_secret')
    const { client_id } = config.clientMetadata()
    expect(await client.refreshTokenGrant(config, 'refresh-token')).toMatchObject({ client_id, method: 'none' })
  })

  test('registers with a statement, changes what it leaves free, and ends its registration', async () => {
    const { register, sign } = await meet(setting, { mode: 'statement' })
    const software_statement = await sign(vouched)
    const metadata = { software_statement, client_name: 'Totally Mail', grant_types, scope: 'mail' }
    const config = await register(metadata, client.ClientSecretBasic())
    expect(config.clientMetadata()).toMatchObject({ ...vouched, software_statement, grant_types, scope: 'mail' })
    expect(await client.clientCredentialsGrant(config)).toMatchObject({ method: 'client_secret_basic' })

    const { client_secret: _, ...readable } = config.clientMetadata()
    expect(await manage(config, 'GET')).toEqual({ status: 200, members: readable })
    const changed = await manage(config, 'PUT', sendBack(config.clientMetadata(), { client_name: 'Other', scope: 'contacts' }))
    expect(changed).toMatchObject({ status: 200, members: { ...vouched, software_statement, scope: 'contacts' } })
    expect(await client.clientCredentialsGrant(config)).toMatchObject({ method: 'client_secret_basic' })
    expect(await manage(config, 'DELETE')).toEqual({ status: 204, members: {} })
    expect(await refusalOf(manage(config, 'GET'))).toBe('401 bearer invalid_token')
    expect(await refusalOf(client.clientCredentialsGrant(config))).toBe('401 basic')
  })

  test('is told why it is refused, and registers with an initial access token', async () => {
    const { register, store, sign } = await meet(setting, { mode: 'statement-or-token' })
    expect(await refusalOf(register({ redirect_uris }))).toBe('400 invalid_software_statement')
    const software_statement = await sign(vouched, { issuer: 'https://stranger.example' })
    expect(await refusalOf(register({ software_statement }))).toBe('400 unapproved_software_statement')
    const guessed = register({ redirect_uris }, undefined, { initialAccessToken: 'guessed' })
    expect(await refusalOf(guessed)).toBe('401 bearer invalid_token')
    const initialAccessToken = await createInitialAccessToken(store)
    const config = await register({ redirect_uris }, undefined, { initialAccessToken })
    expect(config.clientMetadata()).toMatchObject({ redirect_uris })
  })
})
