import { InvalidMetadataError, type Jwk, type MetadataIssue, signSoftwareStatement } from '@software-statement/signer'
import { describe, expect, test, vi } from 'vitest'
import { claimsOf, keys, mail, sound } from './support.js'

/** The issues of metadata that is refused; nothing must be signed on the way. */
async function refuse(metadata: unknown, options = {}): Promise<readonly MetadataIssue[]> {
  const spy = vi.spyOn(crypto.subtle, 'sign')
  try {
    const error = await signSoftwareStatement(metadata as never, { ...sound, ...options }).catch((thrown) => thrown)
    if (!(error instanceof InvalidMetadataError)) throw error
    expect(spy).not.toHaveBeenCalled()
    return error.issues
  } finally {
    spy.mockRestore()
  }
}

const codes = async (metadata: unknown, options = {}) =>
  (await refuse(metadata, options)).map(({ code, member }) => [code, member])

describe('metadata that is not plain JSON is refused', () => {
  const circular: Record<string, unknown> = { software_id: 'mail' }
  circular.jwks = circular
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'ERR_METADATA_TYPE'],
    ['null', null, 'ERR_METADATA_TYPE'],
    ['text', '{}', 'ERR_METADATA_TYPE'],
    ['an array', [mail], 'ERR_METADATA_TYPE'],
    ['a function', () => mail, 'ERR_METADATA_TYPE'],
    ['a map', new Map([['software_id', 'mail']]), 'ERR_METADATA_TYPE'],
    [
      'an instance of a class',
      new (class Client {
        software_id = 'mail'
      })(),
      'ERR_METADATA_TYPE',
    ],
    ['a promise', Promise.resolve(mail), 'ERR_METADATA_TYPE'],
    ['an object that inherits its members', Object.create(mail), 'ERR_METADATA_TYPE'],
    ['a symbol for a name', { ...mail, [Symbol('x')]: 1 }, 'ERR_METADATA_TYPE'],
    [
      'what throws when it is looked at',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
      'ERR_METADATA_TYPE',
    ],
    ['too many items', { contacts: Array(600).fill('a'), default_acr_values: Array(600).fill('b') }, 'ERR_METADATA_VALUE'],
  ])('%s', async (_, metadata, code) => {
    expect(await codes(metadata)).toEqual([[code, undefined]])
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a circle', circular, 'ERR_METADATA_TYPE'],
    ['a big integer', { ...mail, default_max_age: 1n }, 'ERR_METADATA_TYPE'],
    ['a map', { ...mail, jwks: new Map([['keys', []]]) }, 'ERR_METADATA_TYPE'],
    ['a set', { ...mail, contacts: new Set(['a']) }, 'ERR_METADATA_TYPE'],
    ['a date', { ...mail, software_version: new Date(0) }, 'ERR_METADATA_TYPE'],
    ['a URL', { ...mail, logo_uri: new URL('https://mail.example/') }, 'ERR_METADATA_TYPE'],
    ['a text in a box', { ...mail, client_name: Object('Mail') }, 'ERR_METADATA_TYPE'],
    ['bytes', { ...mail, client_name: Uint8Array.of(1) }, 'ERR_METADATA_TYPE'],
    ['an array with undefined', { ...mail, contacts: ['a', undefined] }, 'ERR_METADATA_TYPE'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what it is about
    ['an array with a hole', { ...mail, contacts: ['a', , 'b'] }, 'ERR_METADATA_TYPE'],
    ['an infinite number', { ...mail, default_max_age: Number.POSITIVE_INFINITY }, 'ERR_METADATA_TYPE'],
    ['a nested function', { ...mail, jwks: { keys: [{ kty: () => 'EC' }] } }, 'ERR_METADATA_TYPE'],
    ['an object that writes itself', { ...mail, jwks: { toJSON: () => ({ keys: [] }) } }, 'ERR_METADATA_TYPE'],
    ['a symbol for a name', { ...mail, jwks: { keys: [], [Symbol('x')]: 1 } }, 'ERR_METADATA_TYPE'],
    ['a member that is a function', { ...mail, client_name: () => 'x' }, 'ERR_METADATA_TYPE'],
    ['a member that is a symbol', { ...mail, client_name: Symbol('x') }, 'ERR_METADATA_TYPE'],
    ['a member that is not a number', { ...mail, default_max_age: Number.NaN }, 'ERR_METADATA_TYPE'],
    [
      'a member that throws',
      {
        get client_name() {
          throw new Error('no')
        },
      },
      'ERR_METADATA_TYPE',
    ],
    ['its own __proto__', JSON.parse('{"software_id":"mail","__proto__":{"client_name":"x"}}'), 'ERR_METADATA_VALUE'],
    ['a nested __proto__', { jwks: JSON.parse('{"keys":[],"__proto__":{}}') }, 'ERR_METADATA_VALUE'],
    ['a nested constructor', { jwks: { keys: [], constructor: {} } }, 'ERR_METADATA_VALUE'],
    ['a control character', { ...mail, client_name: 'a\u0000' }, 'ERR_METADATA_VALUE'],
    ['a lone surrogate', { ...mail, client_name: 'a\ud800' }, 'ERR_METADATA_VALUE'],
    ['a number beyond exact range', { ...mail, default_max_age: 2 ** 60 }, 'ERR_METADATA_VALUE'],
    ['too deep a structure', { jwks: { keys: [[[[[[[]]]]]]] } }, 'ERR_METADATA_VALUE'],
    ['far too deep a structure', { jwks: { keys: [[[[[[[[[[]]]]]]]]]] } }, 'ERR_METADATA_VALUE'],
    ['too long a text', { ...mail, client_name: 'a'.repeat(3000) }, 'ERR_METADATA_VALUE'],
  ])('a member that is or holds %s', async (_, metadata, code) => {
    const isMail = (name: string) => Object.entries(mail).some((entry) => entry[0] === name && entry[1] === metadata[name])
    const isFaulty = (name: string) => typeof Object.getOwnPropertyDescriptor(metadata, name)?.get === 'function' || !isMail(name)
    expect(await codes(metadata)).toEqual([[code, Object.keys(metadata).find(isFaulty)]])
  })
})

test('metadata with too many members is refused for that beside every other reason', async () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`m${at}`, 1]))
  const found = await codes({ ...many, logo_uri: 'javascript:a' }, { extraMembers: Object.keys(many) })
  expect(found).toEqual([
    ['ERR_METADATA_VALUE', undefined],
    ['ERR_URI', 'logo_uri'],
  ])
})

describe('members that no statement may vouch for are refused', () => {
  test.each([
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'client_id',
    'client_secret',
    'client_id_issued_at',
    'client_secret_expires_at',
    'registration_access_token',
    'registration_client_uri',
    'registration_anything',
    'anything_issued_at',
    'anything_expires_at',
    'software_statement',
    'software_statement#en',
    'client_id#en',
  ])('%s', async (member) => {
    expect(await codes({ ...mail, [member]: 'x' })).toEqual([['ERR_METADATA_FORBIDDEN', member]])
  })

  test.each(['toString', 'hasOwnProperty', 'valueOf', 'org_name', 'client_nmae', 'software_version#en', 'software_id#en', ''])(
    '%s, because nobody knows it',
    async (member) => {
      expect(await codes({ ...mail, [member]: 'x' })).toEqual([['ERR_METADATA_UNKNOWN', member]])
    },
  )

  test('all of them at once, beside every other fault', async () => {
    const metadata = { iss: 'x', org_name: 'y', client_id: 'z', client_name: 5, contacts: [undefined], logo_uri: 'javascript:a' }
    expect(await codes(metadata)).toEqual([
      ['ERR_METADATA_TYPE', 'contacts'],
      ['ERR_METADATA_UNKNOWN', 'org_name'],
      ['ERR_METADATA_FORBIDDEN', 'iss'],
      ['ERR_METADATA_FORBIDDEN', 'client_id'],
      ['ERR_METADATA_TYPE', 'client_name'],
      ['ERR_URI', 'logo_uri'],
    ])
  })
})

test('a member that is undefined is absent, at every depth', async () => {
  const { d: _secret, ...key }: Jwk = keys.ES256
  const metadata = { ...mail, logo_uri: undefined, jwks: { keys: [{ ...key, alg: undefined }] } }
  const claims = claimsOf(await signSoftwareStatement(metadata as never, sound))
  expect(claims).not.toHaveProperty('logo_uri')
  expect(claims.jwks).toEqual({ keys: [key] })
})

describe('extra members', () => {
  test('are vouched for when named exactly', async () => {
    const metadata = { ...mail, org_name: 'Example', software_roles: ['PISP'] }
    const claims = claimsOf(await signSoftwareStatement(metadata, { ...sound, extraMembers: ['org_name', 'software_roles'] }))
    expect(claims).toMatchObject(metadata)
  })

  test.each(['ORG_NAME', 'org_name#en', 'org', 'org_name '])('named otherwise, as %s, are not', async (name) => {
    expect(await codes({ ...mail, org_name: 'x' }, { extraMembers: [name] })).toEqual([['ERR_METADATA_UNKNOWN', 'org_name']])
  })

  test.each([
    ['a security event token', ['events']],
    ['an ID token', ['nonce', 'at_hash']],
    ['a DPoP proof', ['htm', 'htu']],
  ])('must not make it look like %s', async (_, names) => {
    const metadata = { ...mail, ...Object.fromEntries(names.map((name) => [name, 'x'])) }
    expect(await codes(metadata, { extraMembers: names })).toEqual([['ERR_METADATA_UNKNOWN', undefined]])
  })
})

describe('metadata that breaks a rule is refused', () => {
  const certificate = { tls_client_auth_san_dns: 'mail.example', tls_client_auth_san_ip: '192.0.2.1' }
  test.each<[string, Record<string, unknown>, readonly (readonly [string, string])[]]>([
    ['a version that is a number', { software_version: 2 }, [['ERR_METADATA_TYPE', 'software_version']]],
    ['null', { client_name: null }, [['ERR_METADATA_TYPE', 'client_name']]],
    ['a text for a list', { redirect_uris: 'https://mail.example/cb' }, [['ERR_METADATA_TYPE', 'redirect_uris']]],
    ['a malformed language tag', { 'client_name#': 'x' }, [['ERR_LANGUAGE_TAG', 'client_name#']]],
    [
      'a language tag in two spellings',
      { 'client_name#en': 'x', 'client_name#EN': 'y' },
      [['ERR_LANGUAGE_TAG', 'client_name#EN']],
    ],
    ['an http redirect URI', { redirect_uris: ['http://mail.example/cb'] }, [['ERR_REDIRECT_URI', 'redirect_uris']]],
    ['a script for a logo', { logo_uri: 'javascript:alert(1)' }, [['ERR_URI', 'logo_uri']]],
    ['a name with bidi controls', { client_name: 'a\u202eb' }, [['ERR_METADATA_TEXT', 'client_name']]],
    ['a private key', { jwks: { keys: [keys.ES256] } }, [['ERR_JWKS', 'jwks']]],
    ['a symmetric key', { jwks: { keys: [keys.oct] } }, [['ERR_JWKS', 'jwks']]],
    ['keys in two ways', { jwks: { keys: [] }, jwks_uri: 'https://mail.example/jwks' }, [['ERR_JWKS_CONFLICT', 'jwks']]],
    [
      'an enc without alg',
      { userinfo_encrypted_response_enc: 'A128GCM' },
      [['ERR_ENCRYPTION_ALG_MISSING', 'userinfo_encrypted_response_enc']],
    ],
    ['two identities of a certificate', certificate, [['ERR_AUTH_METHOD', 'token_endpoint_auth_method']]],
    ['a scope with a quote', { scope: 'a"b' }, [['ERR_METADATA_VALUE', 'scope']]],
    [
      'grants and responses that do not agree',
      { grant_types: ['client_credentials'], response_types: ['code'] },
      [['ERR_GRANT_RESPONSE_MISMATCH', 'response_types']],
    ],
  ])('%s', async (_, members, expected) => {
    expect(await codes({ software_id: 'mail', ...members })).toEqual(expected)
  })

  test.each<[string, Record<string, unknown>]>([
    ['nothing at all', {}],
    ['no redirect URIs', { grant_types: ['authorization_code'] }],
    ['responses only', { response_types: ['token'] }],
    ['an authentication with keys that a request brings', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['an authentication with a certificate that a request brings', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['a certificate for an authentication that a request brings', { tls_client_auth_san_dns: 'mail.example' }],
    [
      'redirect URIs of a native client that a request says it is',
      { grant_types: ['implicit'], redirect_uris: ['com.example.app:/cb'] },
    ],
  ])('but metadata is partial: %s passes', async (_, metadata) => {
    await expect(signSoftwareStatement(metadata, sound)).resolves.toBeTypeOf('string')
  })

  test('redirect URI schemes without a period pass where they are named', async () => {
    const metadata = { ...mail, redirect_uris: ['vscode://mail/cb'] }
    expect(await codes(metadata)).toEqual([['ERR_REDIRECT_URI', 'redirect_uris']])
    await expect(signSoftwareStatement(metadata, { ...sound, redirectSchemes: ['vscode'] })).resolves.toBeTypeOf('string')
  })

  test('the limits given count', async () => {
    const metadata = { ...mail, redirect_uris: ['https://mail.example/a', 'https://mail.example/b'] }
    expect(await codes(metadata, { limits: { redirectUris: 1 } })).toEqual([['ERR_REDIRECT_URI', 'redirect_uris']])
  })
})

test('metadata and key that change while it is being signed are taken as they were', async () => {
  const metadata: Record<string, unknown> = { ...mail }
  const key: Record<string, unknown> = { ...keys.ES256 }
  const signing = signSoftwareStatement(metadata, { ...sound, key })
  metadata.redirect_uris = ['https://evil.example/cb']
  key.d = 'changed'
  expect(claimsOf(await signing).redirect_uris).toEqual(mail.redirect_uris)
})
