import { mergeMetadataPolicies } from '@software-statement/core'
import { createDecider, type DecisionOptions } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { approval, type DecideOptions, decideWith, trustPublisher } from '../support/registration.js'

describe('members nobody knows', () => {
  const members = { hat: 'red' }
  const claims = { org_id: 'a' }
  test('are ignored unless the server says otherwise', async () => {
    for (const options of [{}, { unknownMembers: 'ignore' }] as const) {
      const { metadata, ignored, unknownMembers } = await approval(decideWith(members, { claims, ...options }))
      expect(metadata).not.toHaveProperty('hat')
      expect(metadata).not.toHaveProperty('org_id')
      expect(unknownMembers).toEqual(['hat', 'org_id'])
      expect(ignored).toEqual([
        { member: 'org_id', source: 'statement', reason: 'unknown' },
        { member: 'hat', source: 'request', reason: 'unknown' },
      ])
    }
  })

  test('are merged by the same rules where they are kept', async () => {
    const decision = await approval(decideWith({ ...members, org_id: 'b' }, { claims, unknownMembers: 'keep' }))
    expect(decision.metadata).toMatchObject({ hat: 'red', org_id: 'a' })
    expect(decision.provenance.org_id).toEqual({ source: 'statement', rule: 'override', lost: 'b' })
    expect(decision.ignored).toEqual([])
  })

  test('are refused where the server says so, all of them by name', async () => {
    const decision = await decideWith(members, { claims, unknownMembers: 'refuse' })
    expect(decision).toMatchObject({ approved: false, code: 'ERR_METADATA_UNKNOWN', error: 'invalid_client_metadata' })
    const issues = decision.approved ? [] : (decision.cause as { issues?: readonly { member?: string }[] }).issues
    expect(issues?.map(({ member }) => member)).toEqual(['hat', 'org_id'])
  })

  test('members that only a server gives are dropped from a request', async () => {
    const given = { client_id: 'mine', client_secret: 'chosen', client_secret_expires_at: 0, registration_access_token: 'a' }
    for (const unknownMembers of ['ignore', 'keep', 'refuse'] as const) {
      const { metadata, ignored } = await approval(decideWith(given, { unknownMembers }))
      for (const name of Object.keys(given)) expect(metadata).not.toHaveProperty(name)
      expect(ignored.map(({ member, reason }) => [member, reason])).toEqual(
        Object.keys(given).map((name) => [name, 'response-only']),
      )
    }
  })
})

describe('the policy of the server', () => {
  test.each<
    [
      what: string,
      metadata_policy: DecisionOptions['metadata_policy'],
      members: Readonly<Record<string, unknown>>,
      outcome: unknown,
    ]
  >([
    ['sets a value', { client_name: { value: 'Set' } }, {}, { client_name: 'Set' }],
    ['adds a default', { scope: { default: ['openid'] } }, {}, { scope: 'openid' }],
    ['trims a scope', { scope: { subset_of: ['openid', 'email'] } }, { scope: 'openid admin' }, { scope: 'openid' }],
    ['leaves nothing of a scope', { scope: { subset_of: ['openid'] } }, { scope: 'admin' }, 'ERR_POLICY_VIOLATION'],
    ['leaves an empty scope alone', { scope: { subset_of: ['openid'] } }, { scope: '' }, { scope: '' }],
    [
      'leaves no grant type',
      { grant_types: { subset_of: ['refresh_token'] } },
      { grant_types: ['authorization_code'] },
      'ERR_POLICY_VIOLATION',
    ],
    ['leaves no redirect URI', { redirect_uris: { subset_of: ['https://other.example/'] } }, {}, 'ERR_POLICY_VIOLATION'],
    [
      'leaves none of what else was asked for',
      { contacts: { subset_of: ['a@mail.example'] } },
      { contacts: ['b@mail.example'] },
      'ERR_POLICY_VIOLATION',
    ],
    ['leaves an empty list alone', { contacts: { subset_of: ['a@mail.example'] } }, { contacts: [] }, { contacts: [] }],
    [
      'is not met by leaving a member out: its default is refused',
      { token_endpoint_auth_method: { one_of: ['private_key_jwt'] } },
      {},
      'ERR_POLICY_VIOLATION',
    ],
    ['holds default lists too', { grant_types: { subset_of: ['client_credentials'] } }, {}, 'ERR_POLICY_VIOLATION'],
    ['holds defaults to what is denied', { application_type: { x_not_any_of: ['web'] } }, {}, 'ERR_POLICY_VIOLATION'],
    [
      'may agree with a default',
      { token_endpoint_auth_method: { one_of: ['client_secret_basic', 'none'] } },
      {},
      { token_endpoint_auth_method: 'client_secret_basic' },
    ],
    [
      'may take a member away that has a default',
      { application_type: { value: null } },
      { application_type: 'native' },
      { application_type: 'web' },
    ],
    [
      'refuses a value',
      { token_endpoint_auth_method: { one_of: ['private_key_jwt'] } },
      { token_endpoint_auth_method: 'none' },
      'ERR_POLICY_VIOLATION',
    ],
    ['asks for a member', { logo_uri: { essential: true } }, {}, 'ERR_POLICY_VIOLATION'],
    [
      'is applied to what is merged, not to what is requested',
      { client_name: { one_of: ['Example Mail'] } },
      { client_name: 'Evil' },
      { client_name: 'Example Mail' },
    ],
    ['is held to the metadata rules itself', { logo_uri: { value: 'javascript:x' } }, {}, 'ERR_URI'],
  ])('%s', async (_, metadata_policy, members, outcome) => {
    const options: DecideOptions = metadata_policy === undefined ? {} : { metadata_policy }
    const decision = await decideWith(members, options)
    if (!decision.approved) expect(decision.code).toBe(outcome)
    else expect(decision.metadata).toMatchObject(outcome as object)
  })

  test('what it changed is traced to it, with the value that lost', async () => {
    const metadata_policy = {
      scope: { subset_of: ['openid'] },
      client_name: { value: null },
      contacts: { default: ['a@as.example'] },
    }
    const { provenance, ignored } = await approval(decideWith({ scope: 'openid admin' }, { metadata_policy }))
    expect(provenance.scope).toEqual({ source: 'policy', rule: 'subset_of', lost: 'openid admin' })
    expect(provenance.contacts).toEqual({ source: 'policy', rule: 'default' })
    expect(provenance).not.toHaveProperty('client_name')
    expect(ignored).toEqual([{ member: 'client_name', source: 'statement', reason: 'policy' }])
  })

  test.each<[code: string, options: DecisionOptions]>([
    ['ERR_POLICY_OPERAND', { metadata_policy: { scope: { one_of: 'openid' } } }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: {}, metadata_policy_crit: ['x_magic'] }],
    ['ERR_POLICY_CRITICAL', { metadata_policy_crit: ['x_magic'] }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: { scope: { subsetof: ['openid'] } } }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: { scope: { subset_of: ['openid'], x_magic: 1 } } }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: { toString: { name: 1 } }, unknownMembers: 'keep' }],
  ])('an illegal one is refused at construction: %s, %j', (code, options) => {
    expect(() => createDecider(trustPublisher(), options)).toThrow(expect.objectContaining({ code }))
  })

  test('one of a federation is taken once what is not understood is out of it', async () => {
    const federated = { scope: { subset_of: ['openid'], x_magic: 1 } }
    const metadata_policy = mergeMetadataPolicies(federated, {})
    const { metadata } = await approval(decideWith({ scope: 'openid admin' }, { metadata_policy }))
    expect(metadata.scope).toBe('openid')
  })
})
