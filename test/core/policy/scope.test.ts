import { applyMetadataPolicy, compileMetadataPolicy, mergeMetadataPolicies } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

type Operands = Readonly<Record<string, unknown>>

describe('scope is a text to clients and an array to operators', () => {
  test.each<[operands: Operands, given: unknown, resolved: unknown]>([
    [{ subset_of: ['openid', 'email'] }, 'openid profile email', 'openid email'],
    [{ subset_of: ['email', 'openid'] }, 'openid email', 'openid email'],
    [{ subset_of: ['openid'] }, 'profile', ''],
    [{ subset_of: ['openid'] }, '', ''],
    [{ subset_of: ['openid'] }, undefined, undefined],
    [{ superset_of: ['openid'] }, 'profile openid', 'profile openid'],
    [{ add: ['openid', 'email'] }, 'email profile', 'email profile openid'],
    [{ add: ['openid'] }, undefined, 'openid'],
    [{ value: 'openid  email' }, 'profile', 'openid email'],
    [{ value: ['openid', 'email'] }, 'profile', 'openid email'],
    [{ value: null }, 'profile', undefined],
    [{ default: 'openid email' }, undefined, 'openid email'],
    [{ default: ['openid', 'email'] }, undefined, 'openid email'],
    [{ default: 'openid' }, 'profile', 'profile'],
    [{ default: 'openid offline_access', subset_of: ['openid'] }, undefined, 'openid'],
    [{ essential: true }, '  openid   email ', 'openid email'],
    [{ essential: true }, ['openid', 'email'], 'openid email'],
    [{ essential: true }, [], ''],
    [{ subset_of: ['openid'] }, ['openid', 'profile'], 'openid'],
    [{ x_within: ['openid', 'email'] }, 'email openid', 'email openid'],
    [{ x_not_any_of: ['admin'] }, 'administrator', 'administrator'],
    [{ x_min_items: 2 }, 'openid email', 'openid email'],
    [{ value: 'openid', subset_of: ['openid', 'email'], superset_of: ['openid'], add: ['openid'] }, undefined, 'openid'],
    [{ subset_of: ['https://api.example/read'] }, 'https://api.example/read x:y', 'https://api.example/read'],
  ])('%j turns %j into %j', (operands, given, resolved) => {
    const metadata = given === undefined ? {} : { scope: given }
    expect(applyMetadataPolicy({ scope: operands }, metadata)).toEqual(resolved === undefined ? {} : { scope: resolved })
  })

  test.each<[operands: Operands, given: unknown]>([
    [{ superset_of: ['openid'] }, 'openid_connect'],
    [{ x_within: ['openid'] }, 'openid admin'],
    [{ x_not_any_of: ['admin'] }, 'openid  admin'],
    [{ x_not_any_of: ['admin'] }, ['openid admin']],
    [{ x_not_any_of: ['admin'] }, 'openid\tadmin'],
    [{ x_not_any_of: ['admin'] }, 'openid\nadmin'],
    [{ x_not_any_of: ['admin'] }, 'openid\u00a0admin'],
    [{ x_min_items: 1 }, ' '],
    [{ one_of: ['openid'] }, 'openid'],
    [{ essential: true }, undefined],
    [{ essential: true }, null],
    [{ essential: false }, 5],
    [{ essential: false }, { openid: true }],
    [{ essential: false }, ['openid', 1]],
    [{ essential: false }, ['']],
    [{ value: 'openid' }, true],
  ])('%j is broken by %j', (operands, given) => {
    const apply = () => applyMetadataPolicy({ scope: operands }, given === undefined ? {} : { scope: given })
    expect(apply).toThrow(expect.objectContaining({ code: 'ERR_POLICY_VIOLATION', member: 'scope' }))
  })

  test.each<Operands>([
    { value: 5 },
    { value: true },
    { value: {} },
    { value: 'a\tb' },
    { value: ['a b'] },
    { value: [1] },
    { default: 5 },
    { default: ['a', 'b c'] },
    { add: 'openid' },
    { subset_of: 'openid email' },
    { subset_of: ['openid email'] },
    { subset_of: [1] },
    { one_of: [{}] },
    { x_not_any_of: [''] },
  ])('%j is no policy for it', (operands) => {
    expect(() => compileMetadataPolicy({ scope: operands })).toThrow(expect.objectContaining({ code: 'ERR_POLICY_OPERAND' }))
  })

  test.each<[allowed: boolean, operands: Operands]>([
    [true, { value: 'a b', subset_of: ['b', 'a'] }],
    [true, { value: 'a b', add: ['b'] }],
    [true, { value: 'a b', x_min_items: 2 }],
    [true, { value: '', x_min_items: 0 }],
    [false, { value: 'a b', subset_of: ['a'] }],
    [false, { value: 'a', superset_of: ['a', 'b'] }],
    [false, { value: 'a', one_of: ['a'] }],
    [false, { value: 'a b', x_not_any_of: ['b'] }],
  ])('allowed is %s for the combination %j', (allowed, operands) => {
    const compile = () => compileMetadataPolicy({ scope: operands })
    if (allowed) expect(compile).not.toThrow()
    else expect(compile).toThrow(expect.objectContaining({ code: 'ERR_POLICY_COMBINATION' }))
  })

  test.each<[superior: Operands, subordinate: Operands, merged: Operands]>([
    [{ value: 'a b' }, { value: ['a', 'b'] }, { value: ['a', 'b'] }],
    [{ default: 'a  b' }, { default: 'a b' }, { default: ['a', 'b'] }],
    [{ value: null }, { value: null }, { value: null }],
    [{ subset_of: ['a', 'b'] }, { value: 'b' }, { value: ['b'], subset_of: ['a', 'b'] }],
  ])('%j and %j are merged to %j', (superior, subordinate, merged) => {
    expect(mergeMetadataPolicies({ scope: superior }, { scope: subordinate })).toEqual({ scope: merged })
  })

  test('scopes that differ cannot be merged', () => {
    const merge = () => mergeMetadataPolicies({ scope: { value: 'a b' } }, { scope: { value: 'a' } })
    expect(merge).toThrow(expect.objectContaining({ code: 'ERR_POLICY_MERGE' }))
  })
})

test('scope without a policy is left as it came', () => {
  expect(applyMetadataPolicy({ m: { essential: false } }, { scope: ' a  b ' })).toEqual({ scope: ' a  b ' })
})

test('a member with scope in its name is not scope', () => {
  const policy = { 'scope#en': { essential: true }, scopes: { default: 'a b' }, Scope: { value: 'a  b' } }
  expect(applyMetadataPolicy(policy, { 'scope#en': ' a ' })).toEqual({ 'scope#en': ' a ', scopes: 'a b', Scope: 'a  b' })
})

test('changes show scope as a text', () => {
  const { changes } = compileMetadataPolicy({ scope: { add: ['a'], subset_of: ['a', 'b'] } }).apply({ scope: ['b', 'c'] })
  expect(changes).toEqual([
    { member: 'scope', operator: 'add', before: 'b c', after: 'b c a' },
    { member: 'scope', operator: 'subset_of', before: 'b c a', after: 'b a' },
  ])
})
