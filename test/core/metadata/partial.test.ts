import { type ClientMetadata, findMetadataIssues, findPartialMetadataIssues } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const codes = (metadata: ClientMetadata) => findPartialMetadataIssues(metadata).map(({ code, member }) => [code, member])

describe('of partial metadata, what a request can still mend is no issue', () => {
  test.each<[string, ClientMetadata]>([
    ['nothing', {}],
    ['grants without redirect URIs', { grant_types: ['authorization_code'] }],
    ['grants that the default response type does not fit', { grant_types: ['implicit'] }],
    ['response types that the default grant does not fit', { response_types: ['id_token'] }],
    ['an authentication method without its keys', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['an authentication method without its certificate', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['a certificate without its authentication method', { tls_client_auth_san_dns: 'mail.example' }],
    [
      'pairwise subjects without a sector',
      { subject_type: 'pairwise', redirect_uris: ['https://a.example/', 'https://b.example/'] },
    ],
    ['the CIBA grant without a mode', { grant_types: ['urn:openid:params:grant-type:ciba'] }],
    ['a mode without its endpoint', { backchannel_token_delivery_mode: 'ping' }],
    ['a logout page without redirect URIs', { frontchannel_logout_uri: 'https://mail.example/out' }],
    [
      'redirect URIs of a native client that does not say so',
      { grant_types: ['implicit'], redirect_uris: ['com.example.app:/cb'] },
    ],
  ])('%s', (_, metadata) => {
    expect(codes(metadata)).toEqual([])
  })
})

describe('of partial metadata, what nothing can mend is an issue', () => {
  test.each<[string, ClientMetadata, string, string]>([
    ['a wrong type', { client_name: 5 as never }, 'ERR_METADATA_TYPE', 'client_name'],
    ['an empty list of grants', { grant_types: [] }, 'ERR_METADATA_VALUE', 'grant_types'],
    [
      'grants and responses that do not agree',
      { grant_types: ['implicit'], response_types: ['code', 'token'] },
      'ERR_GRANT_RESPONSE_MISMATCH',
      'response_types',
    ],
    ['keys in two ways', { jwks: { keys: [] }, jwks_uri: 'https://a.example/' }, 'ERR_JWKS_CONFLICT', 'jwks'],
    ['a private key', { jwks: { keys: [{ kty: 'OKP', d: 'AA' }] } }, 'ERR_JWKS', 'jwks'],
    [
      'two certificates',
      { tls_client_auth_san_dns: 'a', tls_client_auth_san_ip: 'b' },
      'ERR_AUTH_METHOD',
      'token_endpoint_auth_method',
    ],
    [
      'a certificate for another method',
      { token_endpoint_auth_method: 'none', tls_client_auth_san_dns: 'a' },
      'ERR_AUTH_METHOD',
      'token_endpoint_auth_method',
    ],
    [
      'a public client with client credentials',
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
      'ERR_AUTH_METHOD',
      'token_endpoint_auth_method',
    ],
    ['signatures with none', { token_endpoint_auth_signing_alg: 'none' }, 'ERR_AUTH_METHOD', 'token_endpoint_auth_signing_alg'],
    [
      'an enc without alg',
      { id_token_encrypted_response_enc: 'A128GCM' },
      'ERR_ENCRYPTION_ALG_MISSING',
      'id_token_encrypted_response_enc',
    ],
    ['an unknown application type', { application_type: 'desktop' }, 'ERR_METADATA_VALUE', 'application_type'],
    ['a redirect URI that no client may have', { redirect_uris: ['http://a.example/'] }, 'ERR_REDIRECT_URI', 'redirect_uris'],
    [
      'a redirect URI that the client it is may not have',
      { application_type: 'web', grant_types: ['implicit'], redirect_uris: ['com.example.app:/cb'] },
      'ERR_REDIRECT_URI',
      'redirect_uris',
    ],
  ])('%s', (_, metadata, code, member) => {
    expect(codes(metadata)).toEqual([[code, member]])
  })
})

test('every issue of partial metadata but of an enc without alg stays one, whatever a request adds', () => {
  const members = fc.record(
    {
      grant_types: fc.subarray(['authorization_code', 'implicit', 'client_credentials']),
      response_types: fc.subarray(['code', 'token', 'code id_token']),
      token_endpoint_auth_method: fc.constantFrom('none', 'private_key_jwt', 'tls_client_auth', 'client_secret_post'),
      tls_client_auth_san_dns: fc.constant('mail.example'),
      tls_client_auth_san_ip: fc.constant('192.0.2.1'),
      jwks: fc.constant({ keys: [] }),
      jwks_uri: fc.constant('https://mail.example/jwks'),
      application_type: fc.constantFrom('web', 'native', 'desktop'),
      subject_type: fc.constantFrom('pairwise', 'public'),
      sector_identifier_uri: fc.constant('https://mail.example/sector'),
      redirect_uris: fc.subarray([
        'https://mail.example/cb',
        'https://other.example/cb',
        'com.example.app:/cb',
        'http://mail.example/cb',
      ]),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(members, members, (statement, request) => {
      const whole = findMetadataIssues({ ...request, ...statement }).map(({ code, member }) => `${code} ${member}`)
      for (const { code, member } of findPartialMetadataIssues(statement)) expect(whole).toContain(`${code} ${member}`)
    }),
    { numRuns: 500 },
  )
})
