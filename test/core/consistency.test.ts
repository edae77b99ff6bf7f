import { type ClientMetadata, findMetadataIssues } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'

const redirect_uris = ['https://mail.example/cb']
const jwks_uri = 'https://mail.example/jwks'
const jwks = { keys: [publicHalf(keys.p256)] }
const ciba = 'urn:openid:params:grant-type:ciba'
const codesOf = (metadata: ClientMetadata) => findMetadataIssues(metadata).map(({ code, member }) => `${code} ${member}`)

describe('grants and response types', () => {
  test.each<[grants: readonly string[] | undefined, responses: readonly string[] | undefined]>([
    [undefined, undefined],
    [undefined, ['code']],
    [['authorization_code'], undefined],
    [['authorization_code', 'refresh_token'], ['code']],
    [['implicit'], ['token']],
    [['implicit'], ['id_token', 'id_token token']],
    [['authorization_code', 'implicit'], ['code id_token']],
    [
      ['authorization_code', 'implicit'],
      ['code', 'token'],
    ],
    [['client_credentials'], undefined],
    [['client_credentials'], []],
    [['password'], []],
    [['urn:ietf:params:oauth:grant-type:device_code'], []],
    [['urn:ietf:params:oauth:grant-type:jwt-bearer', 'refresh_token'], []],
  ])('%j and %j agree', (grant_types, response_types) => {
    const metadata = { redirect_uris, ...(grant_types && { grant_types }), ...(response_types && { response_types }) }
    expect(codesOf(metadata)).toEqual([])
  })

  test.each<[grants: readonly string[] | undefined, responses: readonly string[] | undefined]>([
    [undefined, ['token']],
    [undefined, []],
    [undefined, ['id_token']],
    [['authorization_code'], ['token']],
    [['authorization_code'], ['code id_token']],
    [['authorization_code'], ['CODE']],
    [['authorization_code'], []],
    [['implicit'], undefined],
    [['implicit'], ['code']],
    [['implicit'], []],
    [['client_credentials'], ['code']],
    [['refresh_token'], ['token']],
    [['Authorization_Code'], ['code']],
  ])('%j and %j do not', (grant_types, response_types) => {
    const metadata = { redirect_uris, ...(grant_types && { grant_types }), ...(response_types && { response_types }) }
    expect(codesOf(metadata)).toContain('ERR_GRANT_RESPONSE_MISMATCH response_types')
  })

  test('no grant at all is refused: elsewhere that cancels a registration', () => {
    expect(codesOf({ redirect_uris, grant_types: [], response_types: [] })).toEqual(['ERR_METADATA_VALUE grant_types'])
  })
})

describe('rules between members', () => {
  test.each<[what: string, metadata: ClientMetadata, codes: readonly string[]]>([
    [
      'tokens bound to DPoP keys and to certificates: no specification keeps a client from asking for both',
      { redirect_uris, dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
      [],
    ],
    ['a registration type that another specification defines', { redirect_uris, client_registration_types: ['other'] }, []],
    [
      'no enc value for presentations',
      { redirect_uris, encrypted_response_enc_values_supported: [] },
      ['ERR_METADATA_VALUE encrypted_response_enc_values_supported'],
    ],
    ['an enc value for presentations', { redirect_uris, encrypted_response_enc_values_supported: ['A128GCM'] }, []],
    ['the CIBA grant without a mode', { grant_types: [ciba] }, ['ERR_METADATA_VALUE backchannel_token_delivery_mode']],
    ['the CIBA grant that polls', { grant_types: [ciba], backchannel_token_delivery_mode: 'poll' }, []],
    [
      'a mode that is none',
      { grant_types: [ciba], backchannel_token_delivery_mode: 'PING' },
      ['ERR_METADATA_VALUE backchannel_token_delivery_mode'],
    ],
    ...['ping', 'push'].flatMap((mode): [string, ClientMetadata, readonly string[]][] => [
      [
        `${mode} without an endpoint`,
        { grant_types: [ciba], backchannel_token_delivery_mode: mode },
        ['ERR_METADATA_VALUE backchannel_client_notification_endpoint'],
      ],
      [
        `${mode} with an endpoint`,
        {
          grant_types: [ciba],
          backchannel_token_delivery_mode: mode,
          backchannel_client_notification_endpoint: 'https://mail.example/n',
        },
        [],
      ],
      [
        `${mode} with an endpoint that is not https`,
        {
          grant_types: [ciba],
          backchannel_token_delivery_mode: mode,
          backchannel_client_notification_endpoint: 'http://localhost/n',
        },
        ['ERR_URI backchannel_client_notification_endpoint'],
      ],
    ]),
    ...['jwks_uri', 'signed_jwks_uri', 'backchannel_logout_uri'].flatMap(
      (member): [string, ClientMetadata, readonly string[]][] => [
        [`${member} with a fragment`, { redirect_uris, [member]: 'https://mail.example/a#b' }, [`ERR_URI ${member}`]],
        [`${member} with an empty fragment`, { redirect_uris, [member]: 'https://mail.example/a#' }, [`ERR_URI ${member}`]],
        [`${member} on the local machine`, { redirect_uris, [member]: 'http://localhost:9000/a' }, []],
      ],
    ),
    ['a logout page beside a redirect URI', { redirect_uris, frontchannel_logout_uri: 'https://mail.example/out' }, []],
    ...['https://evil.example/out', 'https://mail.example:8443/out', 'https://eu.mail.example/out'].map(
      (frontchannel_logout_uri): [string, ClientMetadata, readonly string[]] => [
        `the logout page ${frontchannel_logout_uri}`,
        { redirect_uris, frontchannel_logout_uri },
        ['ERR_METADATA_VALUE frontchannel_logout_uri'],
      ],
    ),
    [
      'a logout page beside one of two redirect URIs',
      { redirect_uris: ['https://eu.mail.example/cb', ...redirect_uris], frontchannel_logout_uri: 'https://mail.example/out' },
      [],
    ],
    ['a logout page that is no URI', { redirect_uris, frontchannel_logout_uri: 'out' }, ['ERR_URI frontchannel_logout_uri']],
    ['no redirect URIs', {}, ['ERR_REDIRECT_URI_MISSING redirect_uris']],
    [
      'private_key_jwt with an empty set of keys',
      { redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } },
      ['ERR_AUTH_METHOD token_endpoint_auth_method'],
    ],
    ['an empty set of redirect URIs', { redirect_uris: [] }, ['ERR_REDIRECT_URI_MISSING redirect_uris']],
    [
      'no redirect URIs for implicit',
      { grant_types: ['implicit'], response_types: ['token'] },
      ['ERR_REDIRECT_URI_MISSING redirect_uris'],
    ],
    ['no redirect URIs where none are needed', { grant_types: ['client_credentials'] }, []],
    ['jwks beside jwks_uri', { redirect_uris, jwks, jwks_uri }, ['ERR_JWKS_CONFLICT jwks']],
    ['jwks alone', { redirect_uris, jwks }, []],
    ['jwks with another member', { redirect_uris, jwks: { ...jwks, more: 1 } }, []],
    ['jwks without keys', { redirect_uris, jwks: {} }, ['ERR_JWKS jwks']],
    ['jwks whose keys are no array', { redirect_uris, jwks: { keys: {} } }, ['ERR_JWKS jwks']],
    ['jwks of texts', { redirect_uris, jwks: { keys: ['a'] } }, ['ERR_JWKS jwks']],
    ['jwks of null', { redirect_uris, jwks: { keys: [null] } }, ['ERR_JWKS jwks']],
    ['jwks without kty', { redirect_uris, jwks: { keys: [{}] } }, ['ERR_JWKS jwks']],
    ['jwks with a private key', { redirect_uris, jwks: { keys: [publicHalf(keys.rsa), keys.p256] } }, ['ERR_JWKS jwks']],
    ['jwks with a symmetric key', { redirect_uris, jwks: { keys: [keys.oct] } }, ['ERR_JWKS jwks']],
    [
      'jwks with a private member of null',
      { redirect_uris, jwks: { keys: [{ ...publicHalf(keys.p256), d: null }] } },
      ['ERR_JWKS jwks'],
    ],
    [
      'private_key_jwt without keys',
      { redirect_uris, token_endpoint_auth_method: 'private_key_jwt' },
      ['ERR_AUTH_METHOD token_endpoint_auth_method'],
    ],
    ['private_key_jwt with keys', { redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }, []],
    [
      'self_signed_tls_client_auth without keys',
      { redirect_uris, token_endpoint_auth_method: 'self_signed_tls_client_auth' },
      ['ERR_AUTH_METHOD token_endpoint_auth_method'],
    ],
    [
      'a public client with client_credentials',
      { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
      ['ERR_AUTH_METHOD token_endpoint_auth_method'],
    ],
    ['a public client', { redirect_uris, token_endpoint_auth_method: 'none' }, []],
    [
      'assertions signed with none',
      { redirect_uris, token_endpoint_auth_signing_alg: 'none' },
      ['ERR_AUTH_METHOD token_endpoint_auth_signing_alg'],
    ],
    [
      'tls_client_auth without a name',
      { redirect_uris, token_endpoint_auth_method: 'tls_client_auth' },
      ['ERR_AUTH_METHOD token_endpoint_auth_method'],
    ],
    [
      'tls_client_auth with one name',
      { redirect_uris, token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a.example' },
      [],
    ],
    [
      'a TLS name without tls_client_auth',
      { redirect_uris, tls_client_auth_san_dns: 'a.example' },
      ['ERR_AUTH_METHOD token_endpoint_auth_method'],
    ],
    [
      'an enc without its alg',
      { redirect_uris, id_token_encrypted_response_enc: 'A128GCM' },
      ['ERR_ENCRYPTION_ALG_MISSING id_token_encrypted_response_enc'],
    ],
    ['an alg without its enc', { redirect_uris, id_token_encrypted_response_alg: 'ECDH-ES' }, []],
    ['an unknown application_type', { redirect_uris, application_type: 'mobile' }, ['ERR_METADATA_VALUE application_type']],
    ['an application_type in capitals', { redirect_uris, application_type: 'Web' }, ['ERR_METADATA_VALUE application_type']],
    ['an unknown subject_type', { redirect_uris, subject_type: 'private' }, ['ERR_METADATA_VALUE subject_type']],
    [
      'an unknown delivery mode',
      { redirect_uris, backchannel_token_delivery_mode: 'pull' },
      ['ERR_METADATA_VALUE backchannel_token_delivery_mode'],
    ],
    ['a scope with two spaces', { redirect_uris, scope: 'openid  email' }, ['ERR_METADATA_VALUE scope']],
    ['a scope that ends in a space', { redirect_uris, scope: 'openid ' }, ['ERR_METADATA_VALUE scope']],
    ['a scope with a quote', { redirect_uris, scope: 'open"id' }, ['ERR_METADATA_VALUE scope']],
    ['a scope with a backslash', { redirect_uris, scope: 'open\\id' }, ['ERR_METADATA_VALUE scope']],
    ['a scope beyond ASCII', { redirect_uris, scope: '\u00f6ffnen' }, ['ERR_METADATA_VALUE scope']],
    ['an empty scope', { redirect_uris, scope: '' }, []],
    [
      'a pairwise client of one host',
      { redirect_uris: ['https://a.example/1', 'https://a.example/2'], subject_type: 'pairwise' },
      [],
    ],
    [
      'a pairwise client of two hosts',
      { redirect_uris: ['https://a.example/1', 'https://b.example/2'], subject_type: 'pairwise' },
      ['ERR_METADATA_VALUE subject_type'],
    ],
    [
      'a pairwise client of two hosts with a sector',
      {
        redirect_uris: ['https://a.example/1', 'https://b.example/2'],
        subject_type: 'pairwise',
        sector_identifier_uri: 'https://a.example/s',
      },
      [],
    ],
  ])('%s', (_, metadata, codes) => {
    expect(codesOf(metadata)).toEqual(codes)
  })

  test('two TLS names are refused', () => {
    const names = { tls_client_auth_san_dns: 'a.example', tls_client_auth_subject_dn: 'CN=a' }
    expect(codesOf({ redirect_uris, token_endpoint_auth_method: 'tls_client_auth', ...names })).toContain(
      'ERR_AUTH_METHOD token_endpoint_auth_method',
    )
  })
})
