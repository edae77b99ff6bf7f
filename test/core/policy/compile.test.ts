import { applyMetadataPolicy, compileMetadataPolicy } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

describe('changes', () => {
  test('name member, operator, what was there and what is there now', () => {
    const policy = compileMetadataPolicy({
      forced: { value: 'a' },
      removed: { value: null },
      filled: { default: ['x'] },
      trimmed: { add: ['b'], subset_of: ['a', 'b'] },
      checked: { one_of: ['a'], x_not_any_of: ['b'], essential: true },
    })
    const { metadata, changes } = policy.apply({ forced: 'b', removed: 1, trimmed: ['a', 'c'], checked: 'a', free: null })
    expect(metadata).toEqual({ forced: 'a', filled: ['x'], trimmed: ['a', 'b'], checked: 'a', free: null })
    expect(changes).toEqual([
      { member: 'forced', operator: 'value', before: 'b', after: 'a' },
      { member: 'removed', operator: 'value', before: 1, after: undefined },
      { member: 'filled', operator: 'default', before: undefined, after: ['x'] },
      { member: 'trimmed', operator: 'add', before: ['a', 'c'], after: ['a', 'c', 'b'] },
      { member: 'trimmed', operator: 'subset_of', before: ['a', 'c', 'b'], after: ['a', 'b'] },
    ])
  })

  test('are empty where every operator finds what it asks for', () => {
    const policy = compileMetadataPolicy({
      a: { value: { x: 1, y: 2 } },
      b: { add: ['x'], subset_of: ['x', 'y'] },
      c: { default: 'z' },
      d: { value: null },
      scope: { subset_of: ['a', 'b'] },
    })
    const { metadata, changes } = policy.apply({ a: { y: 2, x: 1 }, b: ['y', 'x'], c: '', scope: 'b a' })
    expect(metadata).toEqual({ a: { y: 2, x: 1 }, b: ['y', 'x'], c: '', scope: 'b a' })
    expect(changes).toEqual([])
  })
})

describe('what is shared', () => {
  test('a policy that changes after it was compiled has no effect', () => {
    const source = { m: { subset_of: ['a'] } }
    const policy = compileMetadataPolicy(source)
    source.m.subset_of.push('b')
    expect(policy.apply({ m: ['a', 'b'] }).metadata).toEqual({ m: ['a'] })
    expect(policy.policy).toEqual({ m: { subset_of: ['a'] } })
  })

  test('the policy is frozen at every depth', () => {
    const { policy } = compileMetadataPolicy({ m: { value: [{ x: ['y'] }] } })
    const value = policy.m?.value
    expect([policy, policy.m, value].every((part) => Object.isFrozen(part))).toBe(true)
    expect(Array.isArray(value) && Object.isFrozen(value[0]) && Object.isFrozen(value[0].x)).toBe(true)
  })

  test.each([
    ['value', { value: [{ x: ['y'] }] }],
    ['default', { default: [{ x: ['y'] }] }],
    ['add', { add: [{ x: ['y'] }] }],
  ])('metadata that %s has set may be changed without changing the policy', (_, operands) => {
    const policy = compileMetadataPolicy({ m: operands })
    const first = policy.apply({}).metadata
    // What the policy above sets.
    const list = first.m as { x: string[] }[]
    list[0]?.x.push('z')
    list.push({ x: [] })
    expect(policy.apply({}).metadata).toEqual({ m: [{ x: ['y'] }] })
  })

  test('the metadata that came in stays as it was', () => {
    const metadata = { a: 'x', b: ['x', 'y'], c: ['z'], d: 1 }
    const before = structuredClone(metadata)
    const policy = { a: { value: 'z' }, b: { subset_of: ['x'] }, c: { add: ['x'] }, d: { value: null }, e: { default: 1 } }
    expect(applyMetadataPolicy(policy, Object.freeze(metadata))).toEqual({ a: 'z', b: ['x'], c: ['z', 'x'], e: 1 })
    expect(metadata).toEqual(before)
  })
})

describe('names', () => {
  const names = [
    'toString',
    'hasOwnProperty',
    'valueOf',
    'isPrototypeOf',
    '__defineGetter__',
    '__lookupSetter__',
    'length',
    '0',
    '',
  ]

  test.each(names)('a member named %j that is absent is absent', (name) => {
    expect(applyMetadataPolicy({ [name]: { one_of: ['a'] } }, {})).toEqual({})
    expect(applyMetadataPolicy({ [name]: { default: 'a' } }, {})).toEqual({ [name]: 'a' })
    expect(() => applyMetadataPolicy({ [name]: { essential: true } }, {})).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY_VIOLATION', member: name }),
    )
  })

  test.each(names)('a member named %j is a member like any other', (name) => {
    expect(applyMetadataPolicy({ [name]: { subset_of: ['a'] } }, { [name]: ['a', 'b'] })).toEqual({ [name]: ['a'] })
    expect(applyMetadataPolicy({ [name]: { value: null } }, { [name]: ['a', 'b'] })).toEqual({})
  })

  test('metadata cannot set a prototype', () => {
    const metadata = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')
    const resolved = applyMetadataPolicy({ m: { default: 1 } }, metadata)
    expect(Object.getPrototypeOf(resolved)).toBe(Object.prototype)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(Object.hasOwn(resolved, '__proto__')).toBe(true)
  })

  test('values that metadata inherits are not its values', () => {
    expect(applyMetadataPolicy({ m: { default: 'own' } }, Object.create({ m: 'inherited' }))).toEqual({ m: 'own' })
  })

  test.each([
    ['client_name#de', { 'client_name#de': 'x', client_name: 'b', 'client_name#fr': 'c' }],
    ['client_name', { client_name: 'x', 'client_name#de': 'a', 'client_name#fr': 'c' }],
    ['client_name#de-CH', { client_name: 'b', 'client_name#de': 'a', 'client_name#fr': 'c', 'client_name#de-CH': 'x' }],
    ['client_name#DE', { client_name: 'b', 'client_name#de': 'a', 'client_name#fr': 'c', 'client_name#DE': 'x' }],
  ])('a policy for %s is for exactly that name', (member, resolved) => {
    const metadata = { client_name: 'b', 'client_name#de': 'a', 'client_name#fr': 'c' }
    expect(applyMetadataPolicy({ [member]: { value: 'x' } }, metadata)).toEqual(resolved)
  })

  test('a member that is undefined is absent', () => {
    const resolved = applyMetadataPolicy(
      { m: { one_of: ['a'] }, scope: { subset_of: ['a'] } },
      { m: undefined, scope: undefined },
    )
    expect(Object.keys(resolved)).toEqual([])
  })
})
