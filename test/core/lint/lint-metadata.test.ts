import type { JsonObject } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { lintMetadata } from '../../../packages/core/src/lint/lint-metadata.js'
import { type LintRuleId, lintRules } from '../../../packages/core/src/lint/rules.js'
import { omit, soundMetadata } from './support.js'

interface Subject {
  readonly metadata: JsonObject
  readonly partial?: boolean
}

const lint = ({ metadata, partial = false }: Subject) => lintMetadata(metadata, { partial })
const changed = (changes: JsonObject) => ({ metadata: { ...soundMetadata, ...changes } })
const vouched = (metadata: JsonObject) => ({ metadata, partial: true })
const native = (...redirect_uris: readonly string[]) => changed({ application_type: 'native', redirect_uris })

/** A number for the lint rule to look at, and no key of anybody. */
const modulus = (bytes: number) => `${'_'.repeat(bytes * (4 / 3) - 1)}9`
const strongKey = { kty: 'RSA', n: modulus(258), e: 'AQAB' }
const ecKey = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(42).concat('w'), y: 'y'.repeat(42).concat('w') }

type Row = readonly [rule: LintRuleId, what: string, subject: Subject, member: string]
type QuietRow = readonly [rule: LintRuleId, what: string, subject: Subject]

const firing: readonly Row[] = [
  ['metadata/wrong-type', 'a text instead of a list', changed({ redirect_uris: 'https://mail.example/cb' }), 'redirect_uris'],
  ['metadata/wrong-type', 'null', changed({ client_name: null }), 'client_name'],
  ['metadata/wrong-type', 'a number in a language-tagged form', changed({ 'client_name#en': 1 }), 'client_name#en'],
  [
    'metadata/value-not-allowed',
    'an application_type nobody knows',
    changed({ application_type: 'toaster' }),
    'application_type',
  ],
  ['metadata/value-not-allowed', 'no grant at all', changed({ grant_types: [], response_types: [] }), 'grant_types'],
  ['metadata/value-not-allowed', 'a vouched scope with quotes', vouched({ ...soundMetadata, scope: '"a"' }), 'scope'],
  ['metadata/forbidden-member', 'a client_secret', changed({ client_secret: 's' }), 'client_secret'],
  ['metadata/forbidden-member', 'a statement', changed({ software_statement: 'a.b.c' }), 'software_statement'],
  ['metadata/unsafe-text', 'a bidirectional override', changed({ client_name: 'Mail\u202e' }), 'client_name'],
  ['metadata/language-tag', 'an empty tag', changed({ 'client_name#': 'Mail' }), 'client_name#'],
  ['metadata/language-tag', 'one tag in two spellings', changed({ 'tos_uri#en': '', 'tos_uri#EN': '' }), 'tos_uri#EN'],
  ['metadata/no-redirect-uri', 'the code grant without', { metadata: omit(soundMetadata, 'redirect_uris') }, 'redirect_uris'],
  ['metadata/redirect-uri', 'http elsewhere', changed({ redirect_uris: ['http://mail.example/cb'] }), 'redirect_uris'],
  ['metadata/redirect-uri', 'a wildcard', vouched({ redirect_uris: ['https://*.mail.example/cb'] }), 'redirect_uris'],
  [
    'metadata/redirect-uri',
    'a loopback URI of a vouched web client with the implicit grant',
    vouched({ application_type: 'web', grant_types: ['implicit'], redirect_uris: ['http://127.0.0.1/cb'] }),
    'redirect_uris',
  ],
  ['metadata/uri', 'a script', changed({ logo_uri: 'javascript:alert(1)' }), 'logo_uri'],
  ['metadata/uri', 'a page that is not https', vouched({ 'tos_uri#en': 'http://mail.example/' }), 'tos_uri#en'],
  ['metadata/jwks-conflict', 'both', vouched({ jwks: { keys: [] }, jwks_uri: 'https://mail.example/jwks' }), 'jwks'],
  ['metadata/jwks-not-public', 'a private key', vouched({ jwks: { keys: [{ ...ecKey, d: 'd' }] } }), 'jwks'],
  ['metadata/jwks-not-public', 'a symmetric key', changed({ jwks: { keys: [{ kty: 'oct', k: 'k' }] } }), 'jwks'],
  [
    'metadata/grant-response-mismatch',
    'code without its grant',
    changed({ grant_types: ['refresh_token'], response_types: ['code'] }),
    'response_types',
  ],
  [
    'metadata/grant-response-mismatch',
    'both vouched for',
    vouched({ grant_types: ['authorization_code'], response_types: [] }),
    'response_types',
  ],
  [
    'metadata/auth-method',
    'private_key_jwt without keys',
    changed({ token_endpoint_auth_method: 'private_key_jwt' }),
    'token_endpoint_auth_method',
  ],
  [
    'metadata/auth-method',
    'a vouched certificate beside another method',
    vouched({ token_endpoint_auth_method: 'none', tls_client_auth_san_dns: 'mail.example' }),
    'token_endpoint_auth_method',
  ],
  [
    'metadata/auth-method',
    'two vouched certificate names',
    vouched({ tls_client_auth_san_dns: 'mail.example', tls_client_auth_san_ip: '192.0.2.1' }),
    'token_endpoint_auth_method',
  ],
  [
    'metadata/encryption-alg-missing',
    'enc alone',
    changed({ userinfo_encrypted_response_enc: 'A128GCM' }),
    'userinfo_encrypted_response_enc',
  ],
  ['metadata/no-software-id', 'a statement without', vouched({ client_name: 'Mail' }), 'software_id'],
  ['metadata/redirects-not-vouched', 'a statement without', vouched({ software_id: 'mail' }), 'redirect_uris'],
  [
    'metadata/redirects-not-vouched',
    'the implicit grant without',
    vouched({ software_id: 'mail', grant_types: ['implicit'] }),
    'redirect_uris',
  ],
  ['metadata/no-client-name', 'none', { metadata: omit(soundMetadata, 'client_name') }, 'client_name'],
  ['metadata/no-client-name', 'an empty one', changed({ client_name: '' }), 'client_name'],
  ['metadata/mixed-script-name', 'a Cyrillic letter', changed({ client_name: 'P\u0430yments' }), 'client_name'],
  [
    'metadata/mixed-script-name',
    'a Cyrillic letter in a language-tagged form',
    vouched({ 'organization_name#en': 'P\u0430yments' }),
    'organization_name#en',
  ],
  ['metadata/untagged-form-missing', 'two tagged forms', { metadata: { 'tos_uri#en': '', 'tos_uri#ja': '' } }, 'tos_uri'],
  ['metadata/numeric-software-version', 'a number', changed({ software_version: 1.1 }), 'software_version'],
  ['metadata/localhost-instead-of-literal', 'localhost', native('http://localhost:8080/cb'), 'redirect_uris'],
  [
    'metadata/native-redirect-of-web-client',
    'loopback by default',
    changed({ redirect_uris: ['http://[::1]/cb'] }),
    'redirect_uris',
  ],
  [
    'metadata/native-redirect-of-web-client',
    'a private-use scheme of a vouched web client',
    vouched({ application_type: 'web', redirect_uris: ['com.example.mail:/cb'] }),
    'redirect_uris',
  ],
  ['metadata/local-uri', 'a logo', changed({ logo_uri: 'http://localhost/logo.png' }), 'logo_uri'],
  ['metadata/local-uri', 'a page in another language', changed({ 'tos_uri#en': 'https://127.0.0.1/' }), 'tos_uri#en'],
  ['metadata/local-uri', 'request_uris', changed({ request_uris: ['https://localhost/r'] }), 'request_uris'],
  [
    'metadata/implicit-grant',
    'a response type with a token',
    changed({ grant_types: ['implicit', 'authorization_code'], response_types: ['code token'] }),
    'response_types',
  ],
  ['metadata/implicit-grant', 'the grant alone', vouched({ grant_types: ['implicit'] }), 'grant_types'],
  ['metadata/password-grant', 'the grant', changed({ grant_types: ['authorization_code', 'password'] }), 'grant_types'],
  [
    'metadata/algorithm-none',
    'unsigned ID tokens',
    changed({ id_token_signed_response_alg: 'none' }),
    'id_token_signed_response_alg',
  ],
  ['metadata/weak-key', 'RSA of 1024 bits', changed({ jwks: { keys: [ecKey, { ...strongKey, n: modulus(129) }] } }), 'jwks'],
  ['metadata/unknown-member', 'a misspelled name', changed({ redirect_uri: 'https://mail.example/cb' }), 'redirect_uri'],
  ['metadata/unknown-member', 'a claim of the JWT', changed({ iss: 'https://publisher.example' }), 'iss'],
  ['metadata/unknown-member', 'a name of Object.prototype', changed({ hasOwnProperty: 1 }), 'hasOwnProperty'],
  ['metadata/http-redirect', 'loopback', native('http://127.0.0.1/cb'), 'redirect_uris'],
  ['metadata/private-scheme-redirect', 'a reversed domain name', native('com.example.mail:/cb'), 'redirect_uris'],
  ['metadata/private-scheme-with-host', 'two slashes', native('com.example.mail://cb'), 'redirect_uris'],
  ['metadata/pkce-required', 'a native client', native('https://mail.example/cb'), 'application_type'],
  [
    'metadata/pkce-required',
    'a public client',
    changed({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] }),
    'token_endpoint_auth_method',
  ],
  ['metadata/display-uri-other-host', 'a logo', changed({ logo_uri: 'https://cdn.example/logo.png' }), 'logo_uri'],
  ['metadata/display-uri-other-host', 'a subdomain', changed({ 'tos_uri#en': 'https://www.mail.example/' }), 'tos_uri#en'],
]

const quiet: readonly QuietRow[] = [
  ['metadata/wrong-type', 'a version that is a number', changed({ software_version: 2 })],
  ['metadata/wrong-type', 'an unknown member', changed({ org_id: { any: [null] } })],
  [
    'metadata/value-not-allowed',
    'pairwise subjects of a vouched client with two hosts',
    vouched({ subject_type: 'pairwise', redirect_uris: ['https://a.example/', 'https://b.example/'] }),
  ],
  ['metadata/forbidden-member', 'a member of an ecosystem', changed({ org_status: 'Active' })],
  ['metadata/unsafe-text', 'a name in Hebrew', changed({ client_name: 'דואר' })],
  ['metadata/language-tag', 'two tags', changed({ 'client_name#en': 'Mail', 'client_name#en-GB': 'Post' })],
  ['metadata/no-redirect-uri', 'client credentials', { metadata: { grant_types: ['client_credentials'] } }],
  ['metadata/no-redirect-uri', 'a vouched code grant without', vouched({ grant_types: ['authorization_code'] })],
  ['metadata/no-redirect-uri', 'redirect_uris of the wrong type', changed({ redirect_uris: {} })],
  ['metadata/redirect-uri', 'loopback', native('http://127.0.0.1:1234/cb')],
  [
    'metadata/redirect-uri',
    'vouched loopback with the implicit grant, which native apps may have',
    vouched({ grant_types: ['implicit'], redirect_uris: ['http://127.0.0.1/cb'] }),
  ],
  ['metadata/uri', 'a page on another host', changed({ logo_uri: 'https://cdn.example/logo.png' })],
  ['metadata/jwks-conflict', 'jwks alone', changed({ jwks: { keys: [ecKey] } })],
  ['metadata/jwks-not-public', 'public keys', changed({ jwks: { keys: [ecKey, strongKey] } })],
  ['metadata/grant-response-mismatch', 'grants without responses', changed({ grant_types: ['client_credentials'] })],
  ['metadata/grant-response-mismatch', 'vouched grants only', vouched({ grant_types: ['authorization_code', 'implicit'] })],
  ['metadata/grant-response-mismatch', 'vouched responses only', vouched({ response_types: ['code id_token'] })],
  [
    'metadata/grant-response-mismatch',
    'grants of the wrong type',
    changed({ grant_types: 'implicit', response_types: ['token'] }),
  ],
  ['metadata/auth-method', 'vouched private_key_jwt', vouched({ token_endpoint_auth_method: 'private_key_jwt' })],
  ['metadata/auth-method', 'vouched tls_client_auth', vouched({ token_endpoint_auth_method: 'tls_client_auth' })],
  ['metadata/auth-method', 'a vouched certificate name', vouched({ tls_client_auth_san_dns: 'mail.example' })],
  ['metadata/encryption-alg-missing', 'alg alone', changed({ userinfo_encrypted_response_alg: 'RSA-OAEP-256' })],
  ['metadata/no-software-id', 'a registration without', { metadata: omit(soundMetadata, 'software_id', 'software_version') }],
  ['metadata/no-software-id', 'one of the wrong type', vouched({ software_id: 1 })],
  ['metadata/redirects-not-vouched', 'client credentials', vouched({ grant_types: ['client_credentials'] })],
  ['metadata/redirects-not-vouched', 'redirect URIs', vouched(soundMetadata)],
  ['metadata/redirects-not-vouched', 'a registration without', { metadata: omit(soundMetadata, 'redirect_uris') }],
  ['metadata/no-client-name', 'a statement without', vouched({ software_id: 'mail' })],
  ['metadata/no-client-name', 'a tagged one', { metadata: { 'client_name#en': 'Mail' } }],
  ['metadata/no-client-name', 'one of the wrong type', changed({ client_name: 1 })],
  ['metadata/mixed-script-name', 'words in two scripts', changed({ client_name: 'Example Почта' })],
  ['metadata/mixed-script-name', 'a description', changed({ description: 'P\u0430yments' })],
  ['metadata/untagged-form-missing', 'both forms', changed({ 'client_name#ja': 'メール' })],
  [
    'metadata/untagged-form-missing',
    'an untagged form of the wrong type',
    changed({ 'client_name#ja': 'メール', client_name: 1 }),
  ],
  ['metadata/numeric-software-version', 'digits in a text', changed({ software_version: '1.10' })],
  ['metadata/localhost-instead-of-literal', 'addresses', native('http://127.0.0.1/cb', 'http://[::1]/cb')],
  ['metadata/localhost-instead-of-literal', 'https', native('https://localhost/cb')],
  [
    'metadata/localhost-instead-of-literal',
    'a host that begins like it',
    changed({ redirect_uris: ['http://localhost.example/'] }),
  ],
  ['metadata/native-redirect-of-web-client', 'a native client', native('http://127.0.0.1/cb', 'com.example.mail:/cb')],
  [
    'metadata/native-redirect-of-web-client',
    'a statement that leaves it open',
    vouched({ redirect_uris: ['http://127.0.0.1/cb'] }),
  ],
  [
    'metadata/native-redirect-of-web-client',
    'an application_type of the wrong type',
    changed({ application_type: ['native'], redirect_uris: ['http://127.0.0.1/cb'] }),
  ],
  ['metadata/local-uri', 'a loopback redirect URI', native('http://127.0.0.1/cb')],
  ['metadata/local-uri', 'a host that begins like it', changed({ logo_uri: 'https://localhost.example/' })],
  ['metadata/implicit-grant', 'ID tokens only', changed({ grant_types: ['implicit'], response_types: ['id_token'] })],
  ['metadata/implicit-grant', 'responses of the wrong type', changed({ grant_types: ['implicit'], response_types: 'id_token' })],
  ['metadata/password-grant', 'a text with that word', changed({ scope: 'password' })],
  ['metadata/algorithm-none', 'a public client', changed({ token_endpoint_auth_method: 'none' })],
  ['metadata/weak-key', 'RSA of 2064 bits and P-256', changed({ jwks: { keys: [strongKey, ecKey] } })],
  [
    'metadata/weak-key',
    'a private key, which is an error already',
    changed({ jwks: { keys: [{ kty: 'RSA', n: 'AQ', e: 'AQ', d: 'd' }] } }),
  ],
  ['metadata/unknown-member', 'an unregistered name in use', changed({ response_modes: ['query'] })],
  ['metadata/http-redirect', 'https', native('https://mail.example/cb')],
  ['metadata/http-redirect', 'http elsewhere, which is an error', changed({ redirect_uris: ['http://mail.example/cb'] })],
  ['metadata/private-scheme-redirect', 'a scheme that is not allowed', native('mail:/cb')],
  ['metadata/private-scheme-with-host', 'one slash', native('com.example.mail:/cb')],
  ['metadata/pkce-required', 'a confidential web client', { metadata: soundMetadata }],
  [
    'metadata/pkce-required',
    'a native client without the code grant',
    changed({ application_type: 'native', grant_types: ['refresh_token'] }),
  ],
  ['metadata/display-uri-other-host', 'another port', changed({ logo_uri: 'https://mail.example:8443/logo.png' })],
  [
    'metadata/display-uri-other-host',
    'a native app without a host',
    { metadata: { ...soundMetadata, redirect_uris: ['com.example.mail:/cb'] } },
  ],
]

describe('rules about client metadata', () => {
  test('there is nothing to say about sound metadata, complete or vouched for', () => {
    expect(lintMetadata(soundMetadata)).toEqual([])
    expect(lintMetadata(soundMetadata, { partial: true })).toEqual([])
  })

  test.each(firing)('%s finds %s', (rule, _what, subject, member) => {
    const { severity, clause } = lintRules[rule]
    const finding = { rule, severity, clause, member, message: expect.any(String) }
    expect(lint(subject).filter((found) => found.rule === rule)).toEqual([finding])
  })

  test.each(quiet)('%s says nothing of %s', (rule, _what, subject) => {
    expect(lint(subject).map((found) => found.rule)).not.toContain(rule)
  })

  const ids = Object.keys(lintRules).filter((id) => id.startsWith('metadata/'))
  test.each(ids)('%s has a row that fires it and one that does not', (id) => {
    expect(firing.map(([rule]) => rule)).toContain(id)
    expect(quiet.map(([rule]) => rule)).toContain(id)
  })
})

describe('metadata with several faults', () => {
  test('a member of the wrong type does not hide what is wrong with others', () => {
    const { metadata } = changed({ scope: 1, logo_uri: 'ftp://mail.example/', redirect_uris: ['https://mail.example/#'] })
    const errors = lintMetadata(metadata).filter(({ severity }) => severity === 'error')
    expect(errors.map(({ rule }) => rule)).toEqual(['metadata/wrong-type', 'metadata/redirect-uri', 'metadata/uri'])
  })

  test('too many language-tagged forms are one finding, and hide nothing', () => {
    const forms = Array.from({ length: 51 }, (_, at) => [`client_name#x-${at}`, 'Mail'])
    const { metadata } = changed({ ...Object.fromEntries(forms), logo_uri: 'ftp://mail.example/' })
    expect(lintMetadata(metadata).map(({ rule }) => rule)).toEqual(['metadata/language-tag', 'metadata/uri'])
  })

  test('each redirect URI is spoken of, with its place', () => {
    const { metadata } = native('http://localhost/a', 'http://localhost/b')
    const found = lintMetadata(metadata).filter(({ rule }) => rule === 'metadata/localhost-instead-of-literal')
    expect(found.map(({ message }) => message.split(':')[0])).toEqual(['redirect_uris[0]', 'redirect_uris[1]'])
  })
})
