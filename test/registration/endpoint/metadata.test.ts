import { asymmetricAlgorithms, knownMembers } from '@software-statement/core'
import type { ConfiguredMetadata } from '@software-statement/registration'
import { describe, expect, test } from 'vitest'
import { bounds } from '../../../packages/registration/src/metadata/supported.js'
import { type Members, makeEndpoint, redirect_uris } from '../../support/endpoint.js'
import { keys } from '../../support/keys.js'
import { makeStatement } from '../../support/make-jws.js'
import { trustPublisher } from '../../support/registration.js'

const oauth = '/.well-known/oauth-authorization-server'
const openId: ConfiguredMetadata = {
  jwks_uri: 'https://as.example/jwks',
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
}

describe('the metadata of the server (RFC 8414)', () => {
  test('says what is enforced, by default', async () => {
    const { send, endpoint } = makeEndpoint()
    const { status, headers, body } = await send('GET', oauth)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json')
    expect(body).toEqual({
      issuer: 'https://as.example',
      authorization_endpoint: 'https://as.example/authorize',
      token_endpoint: 'https://as.example/token',
      registration_endpoint: 'https://as.example/reg',
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      token_endpoint_auth_signing_alg_values_supported: asymmetricAlgorithms,
      code_challenge_methods_supported: ['S256'],
    })
    expect(body).toEqual(endpoint.metadata)
  })

  test('has what is configured in the place of what is not', async () => {
    const metadata = {
      authorization_endpoint: 'https://login.example/auth',
      token_endpoint: 'https://login.example/token',
      response_types_supported: ['code', 'code id_token'],
      token_endpoint_auth_methods_supported: ['none'],
      scopes_supported: ['openid', 'mail'],
    }
    const { send } = makeEndpoint({ metadata })
    const { body } = await send('GET', oauth)
    expect(body).toMatchObject(metadata)
    expect(body).not.toHaveProperty('token_endpoint_auth_signing_alg_values_supported')
  })

  test.each<[issuer: string, metadata: ConfiguredMetadata, path: string, status: number]>([
    ['https://as.example', {}, oauth, 200],
    ['https://as.example/', {}, oauth, 200],
    ['https://as.example/tenant', {}, `${oauth}/tenant`, 200],
    ['https://as.example/tenant/', {}, `${oauth}/tenant`, 200],
    ['https://as.example/tenant', {}, oauth, 404],
    ['https://as.example/tenant', {}, `/tenant${oauth}`, 404],
    ['https://as.example', {}, '/.well-known/openid-configuration', 404],
    ['https://as.example', openId, '/.well-known/openid-configuration', 200],
    ['https://as.example', openId, oauth, 200],
    ['https://as.example/tenant', openId, '/tenant/.well-known/openid-configuration', 200],
    ['https://as.example/tenant', openId, '/.well-known/openid-configuration/tenant', 404],
    ['https://as.example', { jwks_uri: 'https://as.example/jwks' }, '/.well-known/openid-configuration', 404],
  ])('of %s with %j: %s is %i', async (issuer, metadata, path, status) => {
    const { send } = makeEndpoint({ issuer, metadata })
    const answer = await send('GET', path)
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.body.issuer).toBe(issuer)
  })

  test('is there for HEAD without its body, and for no other method', async () => {
    const { send } = makeEndpoint()
    const { status, text, headers } = await send('HEAD', oauth)
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json'])
    const refused = await send('POST', oauth, { json: {} })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('is not changed by whoever configured it', async () => {
    const scopes_supported = ['openid']
    const { send, endpoint, lastCode } = makeEndpoint({ metadata: { scopes_supported } })
    scopes_supported.push('admin')
    await send('POST', '/reg', { json: { redirect_uris, scope: 'admin' } })
    expect(lastCode()).toBe('ERR_METADATA_UNSUPPORTED')
    expect(endpoint.metadata.scopes_supported).toEqual(['openid'])
    expect(() => Object.assign(endpoint.metadata, { scopes_supported })).toThrow(TypeError)
  })
})

const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: keys.p256.x, y: keys.p256.y }] }

describe('what is supported is what may be registered', () => {
  test.each<[metadata: ConfiguredMetadata, members: Members, code: string]>([
    [{}, { grant_types: ['authorization_code', 'refresh_token'] }, 'done'],
    [{}, { grant_types: ['client_credentials'] }, 'done'],
    [{}, { grant_types: ['password'] }, 'ERR_METADATA_UNSUPPORTED'],
    [{}, { grant_types: ['implicit'], response_types: ['token'] }, 'ERR_METADATA_UNSUPPORTED'],
    [{ grant_types_supported: ['client_credentials'] }, {}, 'ERR_METADATA_UNSUPPORTED'],
    [{}, { grant_types: ['authorization_code'], response_types: ['code', 'code token'] }, 'ERR_GRANT_RESPONSE_MISMATCH'],
    [
      { grant_types_supported: ['authorization_code', 'implicit'], response_types_supported: ['code', 'code id_token'] },
      { grant_types: ['authorization_code', 'implicit'], response_types: ['id_token code'] },
      'done',
    ],
    [
      { grant_types_supported: ['authorization_code', 'implicit'], response_types_supported: ['code', 'code id_token'] },
      { grant_types: ['authorization_code', 'implicit'], response_types: ['code token'] },
      'ERR_METADATA_UNSUPPORTED',
    ],
    [{}, { token_endpoint_auth_method: 'client_secret_jwt' }, 'ERR_METADATA_UNSUPPORTED'],
    [{}, { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a.example' }, 'ERR_METADATA_UNSUPPORTED'],
    [
      { token_endpoint_auth_methods_supported: ['tls_client_auth'] },
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a.example' },
      'done',
    ],
    [{}, { token_endpoint_auth_method: 'private_key_jwt' }, 'ERR_AUTH_METHOD'],
    [{}, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://mail.example/jwks' }, 'done'],
    [{}, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://127.0.0.1/jwks' }, 'ERR_URI'],
    [{}, { jwks_uri: 'http://localhost:9000/jwks' }, 'ERR_URI'],
    [{}, { token_endpoint_auth_method: 'private_key_jwt', jwks, token_endpoint_auth_signing_alg: 'ES256' }, 'done'],
    [
      {},
      { token_endpoint_auth_method: 'private_key_jwt', jwks, token_endpoint_auth_signing_alg: 'HS256' },
      'ERR_METADATA_UNSUPPORTED',
    ],
    [
      { token_endpoint_auth_signing_alg_values_supported: ['PS256'] },
      { token_endpoint_auth_method: 'private_key_jwt', jwks, token_endpoint_auth_signing_alg: 'ES256' },
      'ERR_METADATA_UNSUPPORTED',
    ],
    [{}, { scope: 'anything at-all' }, 'done'],
    [{ scopes_supported: ['openid', 'mail'] }, { scope: 'mail openid' }, 'done'],
    [{ scopes_supported: ['openid', 'mail'] }, { scope: 'openid admin' }, 'ERR_METADATA_UNSUPPORTED'],
    [{ scopes_supported: ['openid', 'mail'] }, {}, 'done'],
    [{ subject_types_supported: ['pairwise'] }, { subject_type: 'public' }, 'ERR_METADATA_UNSUPPORTED'],
    [{ id_token_signing_alg_values_supported: ['ES256'] }, { id_token_signed_response_alg: 'none' }, 'ERR_METADATA_UNSUPPORTED'],
    [{ acr_values_supported: ['loa1'] }, { default_acr_values: ['loa1', 'loa9'] }, 'ERR_METADATA_UNSUPPORTED'],
    [{ authorization_details_types_supported: ['a'] }, { authorization_details_types: ['b'] }, 'ERR_METADATA_UNSUPPORTED'],
  ])('%j lets %j be %s', async (metadata, members, code) => {
    const { send, lastCode } = makeEndpoint({ metadata })
    await send('POST', '/reg', { json: { redirect_uris, ...members } })
    expect(lastCode()).toBe(code)
  })

  test('every value that is not supported is named', async () => {
    const { send, records } = makeEndpoint({ metadata: { scopes_supported: ['openid'] } })
    const { body } = await send('POST', '/reg', {
      json: { redirect_uris, scope: 'a openid b', grant_types: ['authorization_code', 'password'] },
    })
    expect(body.error).toBe('invalid_client_metadata')
    expect(body.error_description).toBe('A client metadata value is not supported by this server (grant_types, scope)')
    const fault = records.at(-1)?.fault
    const issues = fault !== undefined && 'issues' in fault ? fault.issues : []
    const told = ['"password"', '"a"', '"b"']
    expect(issues).toEqual(told.map((value) => expect.objectContaining({ message: expect.stringContaining(value) })))
  })

  test('a statement cannot widen it', async () => {
    const { send, lastCode } = makeEndpoint({ trust: trustPublisher(), metadata: { scopes_supported: ['openid'] } })
    await send('POST', '/reg', { json: { software_statement: makeStatement({ claims: { scope: 'admin' } }) } })
    expect(lastCode()).toBe('ERR_METADATA_UNSUPPORTED')
  })

  test.each<[methods: readonly string[], members: Members, method: string | undefined]>([
    [['client_secret_post', 'client_secret_basic'], {}, 'client_secret_basic'],
    [['none'], {}, 'none'],
    [['client_secret_post', 'none'], {}, 'client_secret_post'],
    [['private_key_jwt', 'none'], { jwks }, 'private_key_jwt'],
    // Without keys it cannot be, and a weaker one is not chosen for it.
    [['private_key_jwt', 'none'], {}, undefined],
    [['none'], { token_endpoint_auth_method: 'client_secret_basic' }, undefined],
  ])('of the methods %j a client with %j gets %s', async (methods, members, method) => {
    const { send } = makeEndpoint({ metadata: { token_endpoint_auth_methods_supported: methods } })
    const { status, body } = await send('POST', '/reg', { json: { redirect_uris, ...members } })
    expect([status, body.token_endpoint_auth_method]).toEqual([method === undefined ? 400 : 201, method])
  })

  test('a policy of the operator has the last word on the method that is left out', async () => {
    const { register } = makeEndpoint({
      metadata: { token_endpoint_auth_methods_supported: ['none', 'client_secret_post'] },
      metadata_policy: { token_endpoint_auth_method: { default: 'client_secret_post' } },
    })
    expect(await register({ redirect_uris })).toMatchObject({ token_endpoint_auth_method: 'client_secret_post' })
  })
})

describe('a configuration that cannot be kept', () => {
  test.each<[metadata: object, told: RegExp]>([
    [{ scope_supported: ['openid'] }, /scope_supported/],
    [{ issuer: 'https://other.example' }, /issuer/],
    [{ registration_endpoint: 'https://as.example/register' }, /registration_endpoint/],
    [{ signed_metadata: 'a.b.c' }, /signed_metadata/],
    [{ token_endpoint: 'http://as.example/token' }, /token_endpoint/],
    [{ jwks_uri: 'https://user@as.example/jwks' }, /jwks_uri/],
    [{ scopes_supported: [] }, /scopes_supported/],
    [{ scopes_supported: 'openid' }, /scopes_supported/],
    [{ scopes_supported: ['openid', 'openid'] }, /scopes_supported/],
    [{ scopes_supported: ['a\nb'] }, /scopes_supported/],
    [{ request_uri_parameter_supported: 'yes' }, /request_uri_parameter_supported/],
    [{ token_endpoint_auth_methods_supported: ['client_secret_jwt'] }, /client_secret_jwt: secrets are only stored hashed/],
    [{ token_endpoint_auth_methods_supported: ['password'] }, /password/],
    [{ token_endpoint_auth_signing_alg_values_supported: ['none'] }, /none/],
    [{ token_endpoint_auth_signing_alg_values_supported: ['HS256'] }, /HS256/],
  ])('%j is refused at construction', (metadata, told) => {
    expect(() => makeEndpoint({ metadata })).toThrow(TypeError)
    expect(() => makeEndpoint({ metadata })).toThrow(told)
  })

  test('every member that is bounded is one of client metadata', () => {
    expect(bounds.map(([member]) => member).filter((member) => !knownMembers.has(member))).toEqual([])
    expect(new Set(bounds.map(([, bound]) => bound)).size).toBe(bounds.length)
  })
})
