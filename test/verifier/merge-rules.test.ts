import type { MergeRule } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { canonicalName } from '../../packages/verifier/src/merge/member-unit.js'
import { mergeMetadata } from '../../packages/verifier/src/merge/merge-metadata.js'
import { applyMergeRule, type MergeOutcome, mergeRules, parseMergeRules } from '../../packages/verifier/src/merge/merge-rules.js'

/** What a rule makes of two values of a member that nobody knows, unless another is named. */
function apply(rule: MergeRule, vouched: unknown, requested: unknown, { member = 'x_custom', locked = false } = {}) {
  return applyMergeRule(rule, { member, vouched, requested, locked })
}

// A conflict says why; what it says is for people.
const conflict = { conflict: expect.stringMatching(/\w/) } as unknown as MergeOutcome

describe('a rule for sets', () => {
  const setRules = ['match', 'ceiling', 'intersect', 'floor'] as const

  test.each(setRules)('%s takes values that are no sets as they are', (rule) => {
    expect(apply(rule, 'a', 'a')).toStrictEqual({ value: 'a', source: 'statement' })
    expect(apply(rule, { a: 1 }, { a: 1 })).toStrictEqual({ value: { a: 1 }, source: 'statement' })
    for (const [vouched, requested] of [
      ['a', 'b'],
      ['a', ['a']],
      [['a'], 'a'],
      [{}, []],
    ]) {
      expect(apply(rule, vouched, requested)).toEqual(conflict)
    }
  })

  test.each(setRules)('%s takes a scope that is none as it is', (rule) => {
    const options = { member: 'scope' }
    expect(apply(rule, 'a\tb', 'a\tb', options)).toStrictEqual({ value: 'a\tb', source: 'statement' })
    expect(apply(rule, 'a b', 'a\tb', options)).toEqual(conflict)
    expect(apply(rule, 'a\tb', 'a', options)).toEqual(conflict)
  })

  test.each(['ceiling', 'intersect'] as const)('%s lets nothing be asked for where nothing is vouched for', (rule) => {
    expect(apply(rule, undefined, 'a')).toEqual(conflict)
    expect(apply(rule, undefined, ['a'])).toEqual(conflict)
    expect(apply(rule, undefined, [])).toStrictEqual({ value: [], source: 'request' })
  })

  test.each(['intersect', 'floor'] as const)('%s refuses sets that have nothing in common', (rule) => {
    expect(apply(rule, ['a'], ['b'])).toEqual(conflict)
  })

  test('intersect leaves a scope of several values a scope', () => {
    const outcome = { value: 'a c', source: 'request', lost: 'a b c' }
    expect(apply('intersect', 'a c d', 'a b c', { member: 'scope' })).toStrictEqual(outcome)
  })

  test('items that are no texts are compared as what they are', () => {
    expect(apply('ceiling', [1, { a: 1 }], [{ a: 1 }])).toStrictEqual({ value: [{ a: 1 }], source: 'request' })
    expect(apply('ceiling', [1], ['1'])).toEqual(conflict)
    expect(apply('ceiling', [1], [1], { member: 'redirect_uris' })).toStrictEqual({ value: [1], source: 'request' })
  })

  test('only a scope is split and held to its syntax', () => {
    expect(apply('ceiling', ['A b', 'C d'], ['A b'], { member: 'contacts' })).toStrictEqual({
      value: ['A b'],
      source: 'request',
    })
  })
})

describe('a member whose unit is vouched for in another form', () => {
  test.each<[rule: MergeRule, outcome: MergeOutcome]>([
    ['override', { absent: true }],
    ['match', conflict],
    ['ceiling', conflict],
    ['intersect', conflict],
    ['floor', { absent: true }],
    ['statement-only', { absent: true }],
    ['request-only', { value: ['a'], source: 'request' }],
  ])('%s', (rule, outcome) => {
    expect(apply(rule, undefined, ['a'], { locked: true })).toEqual(outcome)
  })
})

describe('a member that is not requested', () => {
  test.each(mergeRules)('%s', (rule) => {
    const outcome = rule === 'request-only' ? { absent: true } : { value: 'a', source: 'statement' }
    expect(apply(rule, 'a', undefined)).toStrictEqual(outcome)
  })
})

test('a form with a rule of its own is not locked by one whose rule ignores it', () => {
  const rules = parseMergeRules({ client_name: 'request-only', 'client_name#de': 'override' }, 'ignore')
  const vouched = { client_name: 'Mail' }
  expect(mergeMetadata(vouched, { 'client_name#de': 'Post' }, rules).metadata).toEqual({ 'client_name#de': 'Post' })
  expect(mergeMetadata(vouched, { 'client_name#de': 'Post' }, new Map()).metadata).toEqual(vouched)
})

test('the origin of a member has what lost only where something did', () => {
  const { provenance } = mergeMetadata({ a: 1, b: 1, c: 1 }, { b: 1, c: 2 }, new Map())
  expect(provenance).toStrictEqual({
    a: { source: 'statement', rule: 'override' },
    b: { source: 'statement', rule: 'override' },
    c: { source: 'statement', rule: 'override', lost: 2 },
  })
})

test('a member that a rule leaves out is told with where it came from', () => {
  const rules = parseMergeRules({ client_name: 'request-only', client_uri: 'statement-only' }, 'ignore')
  expect(mergeMetadata({ client_name: 'Mail' }, { client_uri: 'https://mail.example/' }, rules)).toEqual({
    metadata: {},
    provenance: {},
    ignored: [
      { member: 'client_name', source: 'statement', reason: 'merge-rule' },
      { member: 'client_uri', source: 'request', reason: 'merge-rule' },
    ],
  })
})

test('members nobody knows may have rules for sets where they are kept', () => {
  expect(parseMergeRules({ x_custom: 'ceiling' }, 'keep')).toEqual(new Map([['x_custom', 'ceiling']]))
  expect(() => parseMergeRules({ x_custom: 'ceiling' }, 'ignore')).toThrow(TypeError)
  expect(() => parseMergeRules({ iss: 'override' }, 'keep')).toThrow(TypeError)
})

test.each([
  ['client_name', 'client_name'],
  ['client_name#DE', 'client_name#de'],
  ['scope#DE', 'scope#DE'],
  ['x_custom#DE', 'x_custom#DE'],
])('the canonical name of %s is %s', (member, name) => {
  expect(canonicalName(member)).toBe(name)
})
