import { findMetadataIssues } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { checkRedirectUri } from '../../../packages/core/src/metadata/redirect-uri.js'
import { checkText } from '../../../packages/core/src/metadata/text.js'
import { checkUri } from '../../../packages/core/src/metadata/uri.js'
import { keys } from '../../support/keys.js'

const redirect_uris = ['https://mail.example/cb']
const machine = { grant_types: ['client_credentials'] }
const ciba = 'urn:openid:params:grant-type:ciba'

test.each<[metadata: Readonly<Record<string, unknown>>, ...messages: readonly string[]]>([
  [{}, 'a redirect-based grant needs redirect_uris'],
  [{ grant_types: [], response_types: [] }, 'grant_types is empty'],
  [
    { redirect_uris, response_types: ['token'] },
    'grant type authorization_code and response type code go together',
    'grant type implicit and response type token or id_token go together',
  ],
  [{ ...machine, jwks: { keys: [] }, jwks_uri: 'https://mail.example/jwks' }, 'jwks and jwks_uri exclude each other'],
  [{ ...machine, jwks: {} }, 'jwks has no array of keys'],
  [{ ...machine, jwks: { keys: [null] } }, 'jwks holds something that is not a key'],
  [{ ...machine, jwks: { keys: [keys.p256] } }, 'jwks holds private or symmetric keys'],
  [{ ...machine, token_endpoint_auth_method: 'private_key_jwt' }, 'private_key_jwt needs jwks or jwks_uri'],
  [
    { ...machine, token_endpoint_auth_method: 'self_signed_tls_client_auth' },
    'self_signed_tls_client_auth needs jwks or jwks_uri',
  ],
  [{ ...machine, token_endpoint_auth_method: 'tls_client_auth' }, 'tls_client_auth needs a tls_client_auth_* member'],
  [{ ...machine, token_endpoint_auth_method: 'none' }, 'client_credentials needs a client that authenticates'],
  [{ ...machine, token_endpoint_auth_signing_alg: 'none' }, 'token_endpoint_auth_signing_alg must not be none'],
  [{ ...machine, tls_client_auth_san_dns: 'mail.example' }, 'tls_client_auth_* members go with tls_client_auth only'],
  [
    {
      ...machine,
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'mail.example',
      tls_client_auth_subject_dn: 'CN=mail',
    },
    'tls_client_auth_* members exclude each other',
  ],
  [
    { ...machine, userinfo_encrypted_response_enc: 'A256GCM' },
    'userinfo_encrypted_response_enc needs userinfo_encrypted_response_alg',
  ],
  [
    { redirect_uris: [...redirect_uris, 'https://other.example/cb'], subject_type: 'pairwise' },
    'pairwise subjects need redirect URIs of one host, or a sector_identifier_uri',
  ],
  [{ grant_types: [ciba] }, 'the CIBA grant needs backchannel_token_delivery_mode'],
  [{ grant_types: [ciba], backchannel_token_delivery_mode: 'ping' }, 'ping needs backchannel_client_notification_endpoint'],
  [
    { redirect_uris, frontchannel_logout_uri: 'https://other.example/out' },
    'frontchannel_logout_uri has not the scheme, host and port of a redirect URI',
  ],
  [{ ...machine, encrypted_response_enc_values_supported: [] }, 'encrypted_response_enc_values_supported is empty'],
  [{ ...machine, application_type: 'desktop' }, 'application_type is not one of web, native'],
  [{ ...machine, subject_type: 'private' }, 'subject_type is not one of pairwise, public'],
  [
    { grant_types: [ciba], backchannel_token_delivery_mode: 'pull' },
    'backchannel_token_delivery_mode is not one of poll, ping, push',
  ],
  [{ ...machine, scope: 'a  b' }, 'scope is not a list of scope tokens separated by single spaces'],
  [{ ...machine, client_id: 'mine' }, "client_id is not the client's to choose"],
  [{ ...machine, iss: 'me' }, 'iss is a claim of the JWT, not client metadata'],
  [{ ...machine, software_statement: 'me' }, "software_statement is not the client's to choose"],
  [{ ...machine, logo_uri: 'data:x,y' }, 'logo_uri: has a scheme that is never allowed'],
  [{ ...machine, client_name: 'a\u0000' }, 'client_name: the text holds a control character or line break'],
  [{ ...machine, contacts: ['a', 'b\u0000'] }, 'contacts[1]: the text holds a control character or line break'],
  [{ redirect_uris: ['https://mail.example/cb', 'https://mail.example/#'] }, 'redirect_uris[1]: has a fragment'],
  [
    { redirect_uris: Array.from({ length: 101 }, (_, n) => `https://mail.example/${n}`) },
    'redirect_uris has more than 50 entries',
  ],
  [{ ...machine, client_name: 7 }, 'client_name: Invalid input: expected string, received number'],
  [{ ...machine, contacts: 'a' }, 'contacts: Invalid input: expected array, received string'],
  [{ ...machine, contacts: ['a', 1] }, 'contacts[1]: Invalid input: expected string, received number'],
  [{ ...machine, require_auth_time: 'a' }, 'require_auth_time: Invalid input: expected boolean, received string'],
  [{ ...machine, default_max_age: -1 }, 'default_max_age: Too small: expected number to be >=0'],
  [{ ...machine, default_max_age: 'a' }, 'default_max_age: Invalid input: expected number, received string'],
  [{ ...machine, jwks: [] }, 'jwks: Invalid input: expected record, received array'],
  [{ ...machine, 'client_name#': 'a' }, 'client_name# is not a well-formed language tag'],
  [{ ...machine, 'client_name#x y': 'a' }, 'client_name#x y is not a well-formed language tag'],
  [{ ...machine, 'scope#de': 'a' }],
  [{ ...machine, 'client_name#de': 'a', 'client_name#DE': 'b' }, 'client_name#DE stands there twice, spelled differently'],
  [{ ...machine, 'redirect_uris#de': 7 }, 'redirect_uris#de is neither a text nor an array of texts'],
  [
    { ...machine, ...Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`client_name#x-${n}`, 'a'])) },
    'client_name has more than 50 language-tagged forms',
  ],
])('%j', (metadata, ...messages) => {
  expect(findMetadataIssues(metadata).map(({ message }) => message)).toEqual(messages)
})

describe('reasons complete a sentence', () => {
  test.each<[uri: string, reason: string]>([
    ['', 'is empty or holds a character that is not printable ASCII'],
    ['https://mail.example/"', 'holds a character that no URI may hold'],
    ['https://mail.example/%4', 'holds an incomplete percent-encoding'],
    ['https://mail.example/%0a', 'holds a percent-encoded control character'],
    ['mail.example', 'is not an absolute URI'],
    ['javascript:alert(1)', 'has a scheme that is never allowed'],
    ['https://me@mail.example/', 'has userinfo'],
    ['https:mail.example', 'has no host'],
    ['com.example.app:', 'has no path'],
    ['https://mail.example/a/../b', 'has a dot segment in its path'],
    ['https://mail.example:99999/', 'is not a valid URL'],
    ['https://mail.example./', 'has a host that is not a plain name or address'],
    ['https://MAIL.example/', 'is not in its canonical spelling'],
    ['http://mail.example/', 'is http on a host that is not the local machine'],
  ])('the URI %j %s', (uri, reason) => {
    expect(checkUri(uri, 'page')).toBe(reason)
    expect(checkRedirectUri(uri, { applicationType: 'web', implicit: false })).toBe(reason)
  })

  test.each<[uri: string, kind: Parameters<typeof checkUri>[1], reason: string]>([
    ['https://mail.example/#a', 'https', 'has a fragment'],
    ['https://mail.example/#a', 'endpoint', 'has a fragment'],
    ['http://mail.example/', 'endpoint', 'is http on a host that is not the local machine'],
    ['http://localhost/', 'https', 'is not https'],
    ['com.example.app:/a', 'page', 'is not https'],
  ])('the URI %j for %s %s', (uri, kind, reason) => {
    expect(checkUri(uri, kind)).toBe(reason)
  })

  test.each<[uri: string, implicit: boolean, reason: string]>([
    ['https://mail.example/#a', false, 'has a fragment'],
    ['https://mail.example/*', false, 'has a wildcard'],
    ['https://localhost/', true, 'is on the local machine, which the implicit grant rules out'],
    ['http://localhost/', true, 'is not https, which the implicit grant requires'],
    ['vscode:/cb', false, 'has a scheme that is neither https nor a reversed domain name'],
  ])('the redirect URI %j (implicit: %s) %s', (uri, implicit, reason) => {
    expect(checkRedirectUri(uri, { applicationType: 'web', implicit })).toBe(reason)
  })

  test.each<[text: string, reason: string]>([
    ['a\ud800', 'holds a lone surrogate'],
    ['a\n', 'holds a control character or line break'],
    ['a\u2028', 'holds a control character or line break'],
    ['a\u202e', 'holds a bidirectional control character'],
    ['a\u200b', 'holds an invisible character'],
    ['a\ue000', 'holds a private-use or unassigned character'],
    ['a\u0301\u0302\u0303\u0304\u0305', 'has more than four nonspacing marks in a row'],
    ['e\u0301', 'is not in Unicode normalization form C'],
  ])('the text %j %s', (text, reason) => {
    expect(checkText(text)).toBe(reason)
  })
})
