import { applyMetadataPolicy, type MetadataPolicy, MetadataPolicyError, mergeMetadataPolicies } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

describe('two operands of one operator', () => {
  test.each([
    ['value', 'a', 'a', 'a'],
    ['value', null, null, null],
    ['value', ['a', 'b'], ['a', 'b'], ['a', 'b']],
    ['value', ['a', 'b'], ['b', 'a'], ['a', 'b']],
    ['value', [2, 1], [1, 2], [2, 1]],
    ['value', [{ x: 1 }, { y: 2 }], [{ y: 2 }, { x: 1 }], [{ x: 1 }, { y: 2 }]],
    ['default', ['a', 'b'], ['b', 'a'], ['a', 'b']],
    ['value', { x: 1, y: [2] }, { y: [2], x: 1 }, { x: 1, y: [2] }],
    ['default', false, false, false],
    ['default', 0, 0, 0],
    ['add', ['a', 'b'], ['b', 'c'], ['a', 'b', 'c']],
    ['add', ['a', 'a'], [], ['a']],
    ['add', [1], [2, 1], [1, 2]],
    ['one_of', ['a', 'b', 'c'], ['c', 'b'], ['b', 'c']],
    ['one_of', [{ x: 1, y: 2 }], [{ y: 2, x: 1 }], [{ x: 1, y: 2 }]],
    ['subset_of', ['a', 'b'], ['b', 'c'], ['b']],
    ['subset_of', ['a'], ['b'], []],
    ['subset_of', ['1'], [1], []],
    ['superset_of', ['a'], ['b', 'a'], ['a', 'b']],
    ['essential', false, false, false],
    ['essential', true, false, true],
    ['essential', false, true, true],
    ['x_within', ['a', 'b'], ['b', 'c'], ['b']],
    ['x_within', ['a'], ['b'], []],
    ['x_not_any_of', ['a'], ['b'], ['a', 'b']],
    ['x_min_items', 1, 3, 3],
    ['x_min_items', 3, 1, 3],
  ])('%s: %j and %j become %j', (operator, superior, subordinate, merged) => {
    expect(mergeMetadataPolicies({ m: { [operator]: superior } }, { m: { [operator]: subordinate } })).toEqual({
      m: { [operator]: merged },
    })
  })

  test.each([
    ['value', 'a', 'b'],
    ['value', null, 'a'],
    ['value', 1, '1'],
    ['value', ['a', 'b'], ['a']],
    ['value', ['a', 'b'], ['a', 'c']],
    ['value', ['a', 'b', 'a'], ['a', 'b']],
    ['value', ['a', 'b', 'a'], ['a', 'b', 'c']],
    ['value', ['a', 'b', 'c'], ['a', 'b', 'a']],
    ['value', [], ''],
    ['value', '', []],
    ['value', [true, 1], [1, true]],
    ['value', [['a']], [['b']]],
    ['default', ['a', 'b'], ['b', 'c']],
    ['value', { x: 1 }, { x: 2 }],
    ['default', 'a', 'b'],
    ['default', [], ['a']],
    ['default', true, false],
    ['one_of', ['a'], ['b']],
    ['one_of', ['1'], [1]],
    ['one_of', [], []],
    ['add', ['a'], [1]],
    ['superset_of', ['a'], [{ a: 1 }]],
    ['x_not_any_of', ['a'], [1]],
  ])('%s: %j and %j cannot be merged', (operator, superior, subordinate) => {
    const merge = () => mergeMetadataPolicies({ m: { [operator]: superior } }, { m: { [operator]: subordinate } })
    expect(merge).toThrow(MetadataPolicyError)
    expect(merge).toThrow(expect.objectContaining({ code: 'ERR_POLICY_MERGE', member: 'm' }))
  })
})

test('members and operators that only one policy has are copied', () => {
  const superior = { a: { essential: true }, b: { subset_of: ['x', 'y'] } }
  const subordinate = { b: { essential: true }, c: { default: 'z' } }
  expect(mergeMetadataPolicies(superior, subordinate)).toEqual({
    a: { essential: true },
    b: { subset_of: ['x', 'y'], essential: true },
    c: { default: 'z' },
  })
})

test('a policy merged with an empty one stays as it is', () => {
  const policy = { a: { value: null }, b: { one_of: ['x'] } }
  expect(mergeMetadataPolicies(policy, {})).toEqual(policy)
  expect(mergeMetadataPolicies({}, policy)).toEqual(policy)
})

test('a chain of four policies only ever gets stricter', () => {
  const chain: readonly MetadataPolicy[] = [
    { grant_types: { subset_of: ['a', 'b', 'c', 'd'] }, contacts: { add: ['anchor@example.org'] } },
    { grant_types: { subset_of: ['a', 'b', 'c'], superset_of: ['a'] } },
    { grant_types: { subset_of: ['a', 'b', 'd'], essential: true }, contacts: { add: ['unit@example.org'] } },
    { grant_types: { superset_of: ['b'] }, contacts: { x_min_items: 1 } },
  ]
  const merged = chain.reduce((superior, subordinate) => mergeMetadataPolicies(superior, subordinate))
  expect(merged).toEqual({
    grant_types: { subset_of: ['a', 'b'], superset_of: ['a', 'b'], essential: true },
    contacts: { add: ['anchor@example.org', 'unit@example.org'], x_min_items: 1 },
  })
  expect(applyMetadataPolicy(merged, { grant_types: ['d', 'b', 'a'] })).toEqual({
    grant_types: ['b', 'a'],
    contacts: ['anchor@example.org', 'unit@example.org'],
  })
})

test.each([
  ['the second', 1],
  ['the third', 2],
  ['the last', 3],
])('a chain in which %s policy conflicts is refused', (_, position) => {
  const chain = [0, 1, 2, 3].map((index) => ({ m: { value: index === position ? 'other' : 'same' } }))
  const merge = () => chain.reduce<MetadataPolicy>((superior, subordinate) => mergeMetadataPolicies(superior, subordinate), {})
  expect(merge).toThrow(expect.objectContaining({ code: 'ERR_POLICY_MERGE' }))
})

test('policies of several entity types are merged without touching each other', () => {
  const superior = { openid_relying_party: { m: { value: 'a' } }, oauth_client: { m: { value: 'b' } } }
  const subordinate = { openid_relying_party: { m: { essential: true } }, oauth_client: {} }
  expect(mergeMetadataPolicies(superior.openid_relying_party, subordinate.openid_relying_party)).toEqual({
    m: { value: 'a', essential: true },
  })
  expect(mergeMetadataPolicies(superior.oauth_client, subordinate.oauth_client)).toEqual({ m: { value: 'b' } })
})

test.each([
  ['superior', { m: { essential: 'yes' } }, {}],
  ['subordinate', {}, { m: { essential: 'yes' } }],
])('an illegal %s is refused though the other has nothing to merge', (_, superior, subordinate) => {
  expect(() => mergeMetadataPolicies(superior, subordinate)).toThrow(expect.objectContaining({ code: 'ERR_POLICY_OPERAND' }))
})

test('an illegal subordinate is refused though the merge would be legal', () => {
  const superior = { m: { subset_of: ['a'] } }
  const subordinate = { m: { subset_of: ['b'], superset_of: ['a'] } }
  expect(() => mergeMetadataPolicies(superior, subordinate)).toThrow(expect.objectContaining({ code: 'ERR_POLICY_COMBINATION' }))
})

test('the merged policy shares nothing with the policies it came from', () => {
  const superior = { m: { value: { list: ['a'] } } }
  const subordinate = { n: { add: ['x'] } }
  const merged = mergeMetadataPolicies(superior, subordinate)
  superior.m.value.list.push('b')
  subordinate.n.add.push('y')
  expect(merged).toEqual({ m: { value: { list: ['a'] } }, n: { add: ['x'] } })
  expect(Object.isFrozen(merged.n?.add)).toBe(true)
})

test('the example of the specification resolves as it says', () => {
  const anchor = {
    grant_types: {
      default: ['authorization_code'],
      subset_of: ['authorization_code', 'refresh_token'],
      superset_of: ['authorization_code'],
    },
    token_endpoint_auth_method: { one_of: ['private_key_jwt', 'self_signed_tls_client_auth'], essential: true },
    token_endpoint_auth_signing_alg: { one_of: ['PS256', 'ES256'] },
    subject_type: { value: 'pairwise' },
    contacts: { add: ['helpdesk@federation.example.org'] },
  }
  const organization = {
    grant_types: { subset_of: ['authorization_code'] },
    token_endpoint_auth_method: { one_of: ['self_signed_tls_client_auth'] },
    contacts: { add: ['helpdesk@org.example.org'] },
  }
  const leaf = {
    redirect_uris: ['https://rp.example.org/callback'],
    response_types: ['code'],
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    contacts: ['rp_admins@rp.example.org'],
  }
  expect(applyMetadataPolicy(mergeMetadataPolicies(anchor, organization), leaf)).toEqual({
    ...leaf,
    grant_types: ['authorization_code'],
    subject_type: 'pairwise',
    contacts: ['rp_admins@rp.example.org', 'helpdesk@federation.example.org', 'helpdesk@org.example.org'],
  })
})
