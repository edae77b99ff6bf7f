import {
  InvalidMetadataError,
  parseApprovalPolicy,
  prepareSoftwareStatement,
  type SignOptions,
  signSoftwareStatement,
} from '@software-statement/signer'
import { describe, expect, test, vi } from 'vitest'
import { claimsOf, keys, now, sound } from './support.js'

const day = 86_400
const base = {
  software_id: 'mail',
  approvedBy: 'security@publisher.example',
  approvedUntil: '2027-06-30T00:00:00Z',
  metadata_policy: {},
}

const approve = (entry: Record<string, unknown>) => parseApprovalPolicy({ approvals: [{ ...base, ...entry }] })

const prepare = (metadata: Record<string, unknown>, entry: Record<string, unknown> = {}, options: Partial<SignOptions> = {}) =>
  prepareSoftwareStatement({ software_id: 'mail', ...metadata }, { ...sound, approval: approve(entry), ...options })

/** Code and member of each issue; nothing must be signed on the way. */
async function refuse(
  metadata: Record<string, unknown>,
  entry: Record<string, unknown> = {},
  options: Partial<SignOptions> = {},
) {
  const spy = vi.spyOn(crypto.subtle, 'sign')
  try {
    const signing = signSoftwareStatement(
      { software_id: 'mail', ...metadata },
      { ...sound, approval: approve(entry), ...options },
    )
    const error = await signing.catch((thrown) => thrown)
    if (!(error instanceof InvalidMetadataError)) throw error
    expect(spy).not.toHaveBeenCalled()
    return error.issues.map(({ code, member, path }) => [code, member, ...(path === undefined ? [] : [path])])
  } finally {
    spy.mockRestore()
  }
}

describe('an approval covers', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['the software_id alone', {}, {}],
    [
      'a member with an empty policy, whatever its value',
      { logo_uri: 'https://mail.example/logo' },
      { metadata_policy: { logo_uri: {} } },
    ],
    ['a value that is the approved one', { client_name: 'Mail' }, { metadata_policy: { client_name: { value: 'Mail' } } }],
    [
      'a value that is one of the approved',
      { client_name: 'Mail' },
      { metadata_policy: { client_name: { one_of: ['Mail', 'Post'] } } },
    ],
    [
      'a part of the approved values',
      { scope: 'email openid' },
      { metadata_policy: { scope: { subset_of: ['openid', 'email'] } } },
    ],
    ['a tagged member by its own name', { 'client_name#ja': 'メール' }, { metadata_policy: { 'client_name#ja': {} } }],
    [
      'redirect URIs on approved hosts',
      { redirect_uris: ['https://mail.example/cb', 'com.example.app:/cb'] },
      { redirectHosts: ['mail.example', 'com.example.app:'] },
    ],
    ['redirect URIs with a policy', { redirect_uris: ['https://mail.example/cb'] }, { metadata_policy: { redirect_uris: {} } }],
    ['an unknown member that it names', { org_name: 'Example' }, { metadata_policy: { org_name: { value: 'Example' } } }],
  ])('%s', async (_, metadata, entry) => {
    const { claims, filled, approvedBy } = await prepare(metadata, entry)
    expect(claims).toMatchObject(metadata)
    expect(filled).toEqual([])
    expect(approvedBy).toBe('security@publisher.example')
  })
})

describe('an approval refuses', () => {
  const policy = (operators: Record<string, unknown>) => ({ metadata_policy: operators })
  test.each<[string, Record<string, unknown>, Record<string, unknown>, readonly unknown[]]>([
    ['a missing software_id', { software_id: undefined }, {}, ['ERR_APPROVAL_SOFTWARE_ID', 'software_id']],
    ['an unknown software_id', { software_id: 'chat' }, {}, ['ERR_APPROVAL_SOFTWARE_ID', 'software_id']],
    ['a software_id in another case', { software_id: 'Mail' }, {}, ['ERR_APPROVAL_SOFTWARE_ID', 'software_id']],
    [
      'a software_id named like a property of every object',
      { software_id: 'constructor' },
      {},
      ['ERR_APPROVAL_SOFTWARE_ID', 'software_id'],
    ],
    ['a member it does not list', { client_name: 'Mail' }, {}, ['ERR_APPROVAL_MEMBER', 'client_name']],
    [
      'a tag of a member it lists',
      { 'client_name#ja': 'x' },
      policy({ client_name: {} }),
      ['ERR_APPROVAL_MEMBER', 'client_name#ja'],
    ],
    [
      'a tag in another case',
      { 'client_name#JA': 'x' },
      policy({ 'client_name#ja': {} }),
      ['ERR_APPROVAL_MEMBER', 'client_name#JA'],
    ],
    ['redirect URIs without hosts', { redirect_uris: ['https://mail.example/cb'] }, {}, ['ERR_APPROVAL_MEMBER', 'redirect_uris']],
    [
      'a value that would be overwritten',
      { client_name: 'Post' },
      policy({ client_name: { value: 'Mail' } }),
      ['ERR_APPROVAL_VALUE', 'client_name'],
    ],
    [
      'a value that would be trimmed',
      { scope: 'openid payments' },
      policy({ scope: { subset_of: ['openid'] } }),
      ['ERR_APPROVAL_VALUE', 'scope'],
    ],
    [
      'a value that would be added to',
      { scope: 'openid' },
      policy({ scope: { add: ['email'] } }),
      ['ERR_APPROVAL_VALUE', 'scope'],
    ],
    [
      'a value that would be removed',
      { client_name: 'Mail' },
      policy({ client_name: { value: null } }),
      ['ERR_APPROVAL_VALUE', 'client_name'],
    ],
    [
      'a value that is not one of the approved',
      { client_name: 'mail' },
      policy({ client_name: { one_of: ['Mail'] } }),
      ['ERR_APPROVAL_VALUE', 'client_name'],
    ],
    [
      'a value that lacks a required one',
      { scope: 'email' },
      policy({ scope: { superset_of: ['openid'] } }),
      ['ERR_APPROVAL_VALUE', 'scope'],
    ],
    [
      'a value of another type',
      { client_name: 'Mail' },
      policy({ client_name: { subset_of: ['Mail'] } }),
      ['ERR_APPROVAL_VALUE', 'client_name'],
    ],
    [
      'the absence of an essential member',
      {},
      policy({ client_name: { essential: true } }),
      ['ERR_APPROVAL_VALUE', 'client_name'],
    ],
    [
      'a position outside',
      { grant_types: ['refresh_token', 'password'] },
      policy({ grant_types: { x_within: ['refresh_token'] } }),
      ['ERR_APPROVAL_VALUE', 'grant_types', [1]],
    ],
    [
      'a software_id that the policy would change',
      {},
      policy({ software_id: { value: 'chat' } }),
      ['ERR_APPROVAL_VALUE', 'software_id'],
    ],
    [
      'lists in another order',
      { contacts: ['b', 'a'] },
      policy({ contacts: { value: ['a', 'b'] } }),
      ['ERR_APPROVAL_VALUE', 'contacts'],
    ],
    [
      'a redirect URI on a host below',
      { redirect_uris: ['https://eu.mail.example/cb'] },
      { redirectHosts: ['mail.example'] },
      ['ERR_APPROVAL_REDIRECT_HOST', 'redirect_uris', [0]],
    ],
    [
      'a redirect URI on another port',
      { redirect_uris: ['https://mail.example/cb', 'https://mail.example:8443/cb'] },
      { redirectHosts: ['mail.example:443'] },
      ['ERR_APPROVAL_REDIRECT_HOST', 'redirect_uris', [1]],
    ],
    [
      'a redirect URI on the local machine',
      { redirect_uris: ['http://127.0.0.1/cb'] },
      { redirectHosts: ['mail.example'] },
      ['ERR_APPROVAL_REDIRECT_HOST', 'redirect_uris', [0]],
    ],
    [
      'a place to go after logout on another host',
      { post_logout_redirect_uris: ['https://mail.example/bye', 'https://evil.example/bye'] },
      { redirectHosts: ['mail.example'], ...policy({ post_logout_redirect_uris: {} }) },
      ['ERR_APPROVAL_REDIRECT_HOST', 'post_logout_redirect_uris', [1]],
    ],
    [
      'a place to go after claims gathering on another host',
      { claims_redirect_uris: ['https://evil.example/claims'] },
      { redirectHosts: ['mail.example'], ...policy({ claims_redirect_uris: {} }) },
      ['ERR_APPROVAL_REDIRECT_HOST', 'claims_redirect_uris', [0]],
    ],
    [
      'a place to go after logout that it does not list',
      { post_logout_redirect_uris: ['https://mail.example/bye'] },
      { redirectHosts: ['mail.example'] },
      ['ERR_APPROVAL_MEMBER', 'post_logout_redirect_uris'],
    ],
    [
      'a redirect URI on another host that it fills in',
      {},
      { redirectHosts: ['mail.example'], ...policy({ redirect_uris: { default: ['https://evil.example/cb'] } }) },
      ['ERR_APPROVAL_REDIRECT_HOST', 'redirect_uris', [0]],
    ],
  ])('%s', async (_, metadata, entry, issue) => {
    expect(await refuse(metadata, entry)).toEqual([issue])
  })

  test('an extra member that it does not list', async () => {
    expect(await refuse({ org_name: 'x' }, {}, { extraMembers: ['org_name'] })).toEqual([['ERR_APPROVAL_MEMBER', 'org_name']])
  })

  test('with all reasons at once, those of the metadata rules among them', async () => {
    const entry = {
      approvedUntil: '2026-01-01T00:00:00Z',
      redirectHosts: ['mail.example'],
      metadata_policy: {
        client_name: { value: 'Mail' },
        scope: { subset_of: ['openid'] },
        logo_uri: {},
        tos_uri: { essential: true },
      },
    }
    const metadata = {
      client_name: 'Post',
      scope: 'payments',
      logo_uri: 'http://mail.example/logo',
      contacts: ['a'],
      exp: 1,
      redirect_uris: ['https://mail.example/cb', 'https://evil.example/cb'],
    }
    expect(await refuse(metadata, entry)).toEqual([
      ['ERR_APPROVAL_EXPIRED', undefined],
      ['ERR_APPROVAL_MEMBER', 'contacts'],
      ['ERR_APPROVAL_VALUE', 'client_name'],
      ['ERR_APPROVAL_VALUE', 'scope'],
      ['ERR_APPROVAL_VALUE', 'tos_uri'],
      ['ERR_APPROVAL_REDIRECT_HOST', 'redirect_uris', [1]],
      ['ERR_METADATA_FORBIDDEN', 'exp'],
      ['ERR_URI', 'logo_uri'],
    ])
  })

  test('what it does not cover beside members of a wrong type and members that cannot be read', async () => {
    const entry = {
      metadata_policy: {
        client_name: { value: 'Mail' },
        contacts: { essential: true },
        scope: { subset_of: ['openid'] },
        logo_uri: {},
      },
    }
    const metadata = {
      client_name: () => 'Mail',
      contacts: [Number.NaN],
      scope: 5,
      logo_uri: 'data:,x',
      tos_uri: 'https://mail.example/tos',
    }
    expect(await refuse(metadata, entry)).toEqual([
      ['ERR_METADATA_TYPE', 'client_name'],
      ['ERR_METADATA_TYPE', 'contacts'],
      ['ERR_APPROVAL_MEMBER', 'tos_uri'],
      ['ERR_APPROVAL_VALUE', 'scope'],
      ['ERR_METADATA_TYPE', 'scope'],
      ['ERR_URI', 'logo_uri'],
    ])
  })
})

describe('absent members', () => {
  test.each([
    ['a value', { value: 'Mail' }, 'Mail'],
    ['a default', { default: 'Mail' }, 'Mail'],
    ['a list that is added to', { add: ['a'] }, ['a']],
  ])('are filled in from %s, and reported', async (_, operators, value) => {
    const member = Array.isArray(value) ? 'contacts' : 'client_name'
    const { claims, filled } = await prepare({}, { metadata_policy: { [member]: operators } })
    expect(claims[member]).toEqual(value)
    expect(filled).toEqual([{ member, value }])
  })

  test.each([
    ['an empty policy', {}],
    ['an operator that only narrows', { subset_of: ['a'] }],
    ['a value that is null', { value: null }],
  ])('stay absent with %s', async (_, operators) => {
    const { claims, filled } = await prepare({}, { metadata_policy: { contacts: operators } })
    expect(claims).not.toHaveProperty('contacts')
    expect(filled).toEqual([])
  })

  test('that are filled in keep the metadata rules, alone and beside what was submitted', async () => {
    const name = { metadata_policy: { client_name: { value: 'a\u202eb' } } }
    expect(await refuse({}, name)).toEqual([['ERR_METADATA_TEXT', 'client_name']])
    const keySets = { metadata_policy: { jwks: {}, jwks_uri: { default: 'https://mail.example/jwks' } } }
    expect(await refuse({ jwks: { keys: [] } }, keySets)).toEqual([['ERR_JWKS_CONFLICT', 'jwks']])
    expect(await refuse({}, { metadata_policy: { client_name: { value: 5 } } })).toEqual([['ERR_METADATA_TYPE', 'client_name']])
  })
})

describe('the life of a statement', () => {
  const lifeOf = async (entry: Record<string, unknown>, options: Partial<SignOptions> = {}) =>
    Number((await prepare({}, entry, options)).claims.exp) - now
  const until = (seconds: number) => new Date((now + seconds) * 1000).toISOString()

  test.each<[string, Record<string, unknown>, number]>([
    ['is 90 days', {}, 90 * day],
    ['is shortened to what the approval allows', { maxLifetime: '30 days' }, 30 * day],
    ['is shortened to the end of the approval', { approvedUntil: until(5 * day) }, 5 * day],
    ['is shortened to the nearer of both', { maxLifetime: '30 days', approvedUntil: until(40 * day) }, 30 * day],
    ['is not lengthened', { maxLifetime: '2 years', approvedUntil: until(1000 * day) }, 90 * day],
    ['can be one second', { approvedUntil: until(1) }, 1],
  ])('%s by default', async (_, entry, seconds) => {
    expect(await lifeOf(entry)).toBe(seconds)
  })

  test.each<[string, Record<string, unknown>, number]>([
    ['all the approval allows', { maxLifetime: '30 days' }, 30 * day],
    ['to the end of the approval', { approvedUntil: until(day) }, day],
    ['longer than the default', {}, 200 * day],
  ])('may be asked for: %s', async (_, entry, seconds) => {
    expect(await lifeOf(entry, { expiresIn: seconds })).toBe(seconds)
  })

  test.each<[string, Record<string, unknown>, number, number]>([
    ['one second more than the approval allows', { maxLifetime: '30 days' }, 30 * day + 1, 1],
    ['beyond the end of the approval', { approvedUntil: until(day) }, day + 1, 1],
    ['beyond both', { approvedUntil: until(day), maxLifetime: 60 }, day + 1, 2],
  ])('may not be %s', async (_, entry, expiresIn, count) => {
    const lifetime = ['ERR_APPROVAL_LIFETIME', undefined]
    expect(await refuse({}, entry, { expiresIn })).toEqual(Array.from({ length: count }, () => lifetime))
  })

  test.each([
    ['at this second', until(0)],
    ['within this second', until(0.5)],
    ['long ago', '2020-01-01T00:00:00+02:00'],
  ])('is none where the approval ended %s', async (_, approvedUntil) => {
    expect(await refuse({}, { approvedUntil })).toEqual([['ERR_APPROVAL_EXPIRED', undefined]])
  })
})

test('each software has its own approval', async () => {
  const approval = parseApprovalPolicy({
    approvals: [
      { ...base, metadata_policy: { client_name: { value: 'Mail' } } },
      { ...base, software_id: 'chat', approvedBy: 'chat@publisher.example', metadata_policy: { client_name: { value: 'Chat' } } },
    ],
  })
  const options = { ...sound, key: keys.Ed25519, approval }
  expect(claimsOf(await signSoftwareStatement({ software_id: 'chat' }, options)).client_name).toBe('Chat')
  await expect(signSoftwareStatement({ software_id: 'mail', client_name: 'Chat' }, options)).rejects.toMatchObject({
    code: 'ERR_APPROVAL_VALUE',
  })
})
