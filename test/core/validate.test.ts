import {
  type ClientMetadata,
  deriveClientKind,
  findPartialMetadataIssues,
  InvalidMetadataError,
  knownMembers,
  resolveLimits,
  validateClientMetadata,
} from '@software-statement/core'
import { describe, expect, test } from 'vitest'

const redirect_uris = ['https://mail.example/cb']

function issuesOf(metadata: ClientMetadata, rules = {}) {
  try {
    validateClientMetadata(metadata, rules)
    return []
  } catch (error) {
    if (!(error instanceof InvalidMetadataError)) throw error
    return error.issues.map(({ code, member, path }) => [code, member, ...(path ?? [])].join(' '))
  }
}

describe('defaults', () => {
  test.each<[metadata: ClientMetadata, defaults: ClientMetadata]>([
    [
      { redirect_uris },
      {
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        application_type: 'web',
      },
    ],
    [
      { grant_types: ['client_credentials'] },
      { response_types: [], token_endpoint_auth_method: 'client_secret_basic', application_type: 'web' },
    ],
    [
      {
        redirect_uris,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        userinfo_encrypted_response_alg: 'ECDH-ES',
      },
      {
        grant_types: ['authorization_code'],
        response_types: ['code'],
        userinfo_encrypted_response_enc: 'A128CBC-HS256',
      },
    ],
  ])('%j is completed', (metadata, defaults) => {
    expect(validateClientMetadata(metadata)).toEqual({ metadata: { ...metadata, ...defaults }, defaults: Object.keys(defaults) })
  })

  test.each([
    'id_token_encrypted_response',
    'userinfo_encrypted_response',
    'request_object_encryption',
    'introspection_encrypted_response',
    'authorization_encrypted_response',
    'nfv_token_encrypted_response',
  ])('%s_enc has one beside its alg, and only there', (prefix) => {
    const [alg, enc] = [`${prefix}_alg`, `${prefix}_enc`]
    const complete = (given: ClientMetadata) => validateClientMetadata({ redirect_uris, ...given }).metadata[enc]
    expect(complete({ [alg]: 'ECDH-ES' })).toBe('A128CBC-HS256')
    expect(complete({ [alg]: 'ECDH-ES', [enc]: 'A256GCM' })).toBe('A256GCM')
    expect(complete({})).toBeUndefined()
    expect(issuesOf({ redirect_uris, [enc]: 'A256GCM' })).toEqual([`ERR_ENCRYPTION_ALG_MISSING ${enc}`])
  })

  test('what was given is not touched', () => {
    const metadata = Object.freeze({ redirect_uris: Object.freeze(['https://mail.example/cb']) })
    validateClientMetadata(metadata)
    expect(Object.keys(metadata)).toEqual(['redirect_uris'])
  })
})

describe('no member that holds URIs takes a scheme that runs code', () => {
  const named = [...knownMembers].filter(
    ([name, { responseOnly }]) => /_(uri|uris|endpoint)$/.test(name) && responseOnly !== true,
  )
  test.each(named)('%s', (name, { kind }) => {
    const uri = 'javascript:alert(1)'
    const issues = issuesOf({ redirect_uris, [name]: kind === 'string' ? uri : [uri] })
    expect(issues.join()).toMatch(new RegExp(`ERR_(REDIRECT_)?URI ${name}`))
  })
})

describe('rules of single members', () => {
  test.each<[what: string, metadata: ClientMetadata, issues: readonly string[]]>([
    [
      'one bad URI among good ones',
      { redirect_uris: [...redirect_uris, 'https://mail.example/#a'] },
      ['ERR_REDIRECT_URI redirect_uris 1'],
    ],
    ['a URI that only contains https', { redirect_uris: ['http://evil.example/?https'] }, ['ERR_REDIRECT_URI redirect_uris 0']],
    [
      'a post-logout URI',
      { redirect_uris, post_logout_redirect_uris: ['javascript:alert(1)'] },
      ['ERR_REDIRECT_URI post_logout_redirect_uris 0'],
    ],
    [
      'a claims URI',
      { redirect_uris, claims_redirect_uris: ['http://evil.example/'] },
      ['ERR_REDIRECT_URI claims_redirect_uris 0'],
    ],
    ['a logo', { redirect_uris, logo_uri: 'data:image/svg+xml,x' }, ['ERR_URI logo_uri']],
    ['a tagged logo', { redirect_uris, 'logo_uri#ja': 'JavaScript:alert(1)' }, ['ERR_URI logo_uri#ja']],
    ['a jwks_uri', { redirect_uris, jwks_uri: 'http://mail.example/jwks' }, ['ERR_URI jwks_uri']],
    [
      'a request_uri',
      { redirect_uris, request_uris: ['https://mail.example/r#h', 'http://localhost/r'] },
      ['ERR_URI request_uris 1'],
    ],
    ['a tag where none belongs', { redirect_uris, 'request_uris#x': ['http://a.example/'] }, ['ERR_URI request_uris#x 0']],
    ['a number under such a tag', { redirect_uris, 'request_uris#x': [1] }, ['ERR_METADATA_TYPE request_uris#x']],
    ['an array within one', { redirect_uris, 'redirect_uris#x': [redirect_uris] }, ['ERR_METADATA_TYPE redirect_uris#x']],
    [
      'nothing in one',
      { redirect_uris, 'post_logout_redirect_uris#x': [null] },
      ['ERR_METADATA_TYPE post_logout_redirect_uris#x'],
    ],
    ['an object in place of one', { redirect_uris, 'redirect_uris#x': { a: 'b' } }, ['ERR_METADATA_TYPE redirect_uris#x']],
    ['a text for people that is none', { redirect_uris, 'contacts#x': [['\u200b']] }, ['ERR_METADATA_TYPE contacts#x']],
    ['a sector identifier', { redirect_uris, sector_identifier_uri: 'http://localhost/s' }, ['ERR_URI sector_identifier_uri']],
    ['a name with a bidi control', { redirect_uris, client_name: 'Mail\u202e' }, ['ERR_METADATA_TEXT client_name']],
    [
      'a tagged name with a zero-width space',
      { redirect_uris, 'client_name#ja': 'Ma\u200bil' },
      ['ERR_METADATA_TEXT client_name#ja'],
    ],
    [
      'a contact with a bidi control',
      { redirect_uris, contacts: ['a@mail.example', 'b\u202e@mail.example'] },
      ['ERR_METADATA_TEXT contacts 1'],
    ],
    [
      'a contact with a line break',
      { redirect_uris, contacts: ['a@mail.example\r\nBcc: b@evil.example'] },
      ['ERR_METADATA_TEXT contacts 0'],
    ],
    ['a software_id with a zero-width space', { redirect_uris, software_id: 'ma\u200bil' }, ['ERR_METADATA_TEXT software_id']],
    [
      'a software_version with a control character',
      { redirect_uris, software_version: '2\u0000' },
      ['ERR_METADATA_TEXT software_version'],
    ],
    ['a name in another normal form', { redirect_uris, client_name: 'Cafe\u0301' }, ['ERR_METADATA_TEXT client_name']],
    ['a keyword', { redirect_uris, keywords: ['mail', 'a\u2066b'] }, ['ERR_METADATA_TEXT keywords 1']],
    ['http for a native client', { redirect_uris: ['http://127.0.0.1/cb'], application_type: 'native' }, []],
    ['http for a web client with the code grant', { redirect_uris: ['http://localhost/cb'] }, []],
    [
      'http for a web client with the implicit grant',
      { redirect_uris: ['http://localhost/cb'], grant_types: ['implicit'], response_types: ['token'] },
      ['ERR_REDIRECT_URI redirect_uris 0'],
    ],
    ['unknown members', { redirect_uris, anything: { at: ['all'] }, toString: 'x' }, []],
  ])('%s', (_, metadata, issues) => {
    expect(issuesOf(metadata)).toEqual(issues)
  })

  test('all issues come at once', () => {
    expect(issuesOf({ redirect_uris: ['a', 'b'], logo_uri: 'c', client_name: '\u0007', scope: ' ' })).toEqual([
      'ERR_REDIRECT_URI redirect_uris 0',
      'ERR_REDIRECT_URI redirect_uris 1',
      'ERR_URI logo_uri',
      'ERR_METADATA_TEXT client_name',
      'ERR_METADATA_VALUE scope',
    ])
  })

  test('beside wrong types the other members are judged, but for what a faulty one might have brought', () => {
    const wrong = { redirect_uris: 'https://mail.example/cb', scope: 1, jwks: [] } as unknown as ClientMetadata
    const metadata = { ...wrong, client_name: '\u0007', logo_uri: 'c', token_endpoint_auth_method: 'private_key_jwt' }
    expect(issuesOf(metadata)).toEqual([
      'ERR_METADATA_TYPE redirect_uris',
      'ERR_METADATA_TYPE scope',
      'ERR_METADATA_TYPE jwks',
      'ERR_METADATA_TEXT client_name',
      'ERR_URI logo_uri',
    ])
  })

  test.each([
    'client_id',
    'client_secret',
    'client_id_issued_at',
    'client_secret_expires_at',
    'registration_access_token',
    'registration_client_uri',
    'software_statement',
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
  ])('%s is not for a client to choose', (member) => {
    expect(issuesOf({ redirect_uris, [member]: 'x' })).toEqual([`ERR_METADATA_FORBIDDEN ${member}`])
    expect(findPartialMetadataIssues({ [member]: 'x' })).toMatchObject([{ code: 'ERR_METADATA_FORBIDDEN', member }])
  })

  test('more than fifty redirect URIs are refused', () => {
    const uris = (count: number) => Array.from({ length: count }, (_, index) => `https://mail.example/${index}`)
    expect(issuesOf({ redirect_uris: uris(50) })).toEqual([])
    expect(issuesOf({ redirect_uris: uris(51) })).toEqual(['ERR_REDIRECT_URI redirect_uris'])
    expect(issuesOf({ redirect_uris: uris(2) }, { limits: resolveLimits({ redirectUris: 1 }) })).toEqual([
      'ERR_REDIRECT_URI redirect_uris',
    ])
  })

  test('private-use schemes without a period are accepted where they are listed', () => {
    const metadata = { redirect_uris: ['vscode://mail.example/cb'], application_type: 'native' }
    expect(issuesOf(metadata)).toEqual(['ERR_REDIRECT_URI redirect_uris 0'])
    expect(issuesOf(metadata, { redirectSchemes: ['vscode'] })).toEqual([])
    expect(issuesOf({ redirect_uris: ['javascript:x'] }, { redirectSchemes: ['javascript'] })).toEqual([
      'ERR_REDIRECT_URI redirect_uris 0',
    ])
  })
})

describe('the kind of a client', () => {
  test.each([
    ['none', 'native', 'public', 'native', true],
    ['none', 'web', 'public', 'user-agent-based', true],
    ['client_secret_basic', 'web', 'confidential', 'web', false],
    ['private_key_jwt', 'native', 'confidential', 'native', true],
  ])('%s and %s: %s, %s, PKCE %s', (token_endpoint_auth_method, application_type, clientType, clientProfile, require_pkce) => {
    expect(deriveClientKind({ token_endpoint_auth_method, application_type })).toEqual({
      clientType,
      clientProfile,
      require_pkce,
    })
  })
})

describe('limits', () => {
  test.each<[limits: object]>([
    [{ depth: 0 }],
    [{ depth: -1 }],
    [{ depth: 1.5 }],
    [{ depth: Number.POSITIVE_INFINITY }],
    [{ depht: 3 }],
    [{ toString: 3 }],
  ])('%j are none', (limits) => {
    expect(() => resolveLimits(limits)).toThrow(TypeError)
  })

  test('what is not given has its default', () => {
    expect(resolveLimits({ depth: 3 })).toEqual({ ...resolveLimits(), depth: 3 })
  })
})
