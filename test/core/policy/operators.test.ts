import { applyMetadataPolicy, InvalidMetadataError } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

type Operands = Readonly<Record<string, unknown>>
const absent = undefined

const apply = (operands: Operands, value: unknown) => {
  return applyMetadataPolicy({ m: operands }, value === absent ? {} : { m: value })
}

describe('what operators make of a value', () => {
  test.each<[operands: Operands, given: unknown, resolved: unknown]>([
    [{ value: 'a' }, absent, 'a'],
    [{ value: 'a' }, 'b', 'a'],
    [{ value: 'a' }, ['b'], 'a'],
    [{ value: [] }, ['b'], []],
    [{ value: false }, true, false],
    [{ value: { x: 1 } }, 'b', { x: 1 }],
    [{ value: null }, 'b', absent],
    [{ value: null }, absent, absent],

    [{ add: ['b', 'c'] }, ['a', 'b'], ['a', 'b', 'c']],
    [{ add: ['a', 'a'] }, absent, ['a']],
    [{ add: ['b'] }, ['a', 'a'], ['a', 'b']],
    [{ add: [] }, absent, []],
    [{ add: [2] }, [1], [1, 2]],
    [{ add: [{ y: 2, x: 1 }] }, [{ x: 1, y: 2 }], [{ x: 1, y: 2 }]],
    [{ add: ['a'] }, [], ['a']],

    [{ default: 'a' }, absent, 'a'],
    [{ default: 'a' }, 'b', 'b'],
    [{ default: true }, false, false],
    [{ default: 1 }, 0, 0],
    [{ default: 'a' }, '', ''],
    [{ default: ['a'] }, [], []],
    [{ default: 'a' }, { x: 1 }, { x: 1 }],

    [{ one_of: ['a', 'b'] }, 'b', 'b'],
    [{ one_of: ['a'] }, absent, absent],
    [{ one_of: [1, 2] }, 2, 2],
    [{ one_of: [{ x: 1, y: [2] }] }, { y: [2], x: 1 }, { x: 1, y: [2] }],

    [{ subset_of: ['a', 'b', 'c'] }, ['c', 'e', 'a'], ['c', 'a']],
    [{ subset_of: ['a', 'b', 'c'] }, ['d', 'e'], []],
    [{ subset_of: ['a'] }, absent, absent],
    [{ subset_of: ['a'] }, ['a', 'a'], ['a']],
    [{ subset_of: ['1'] }, [1], []],
    [{ subset_of: [{ x: 1, y: 2 }] }, [{ y: 2, x: 1 }, { x: 1 }], [{ x: 1, y: 2 }]],
    [{ subset_of: ['a', 'b', 'c'], essential: true }, ['a', 'e'], ['a']],
    [{ subset_of: ['a', 'b', 'c'], essential: false }, ['a', 'e'], ['a']],
    [{ subset_of: ['a', 'b', 'c'], essential: true }, ['d', 'e'], []],
    [{ subset_of: ['a', 'b', 'c'], essential: false }, ['d', 'e'], []],
    [{ subset_of: ['a', 'b', 'c'], essential: false }, absent, absent],

    [{ superset_of: ['a', 'b'] }, ['c', 'b', 'a'], ['c', 'b', 'a']],
    [{ superset_of: ['a'] }, absent, absent],
    [{ superset_of: [] }, [], []],
    [{ subset_of: ['a', 'b'], superset_of: ['a', 'b'] }, ['b', 'a'], ['b', 'a']],

    [{ x_within: ['a', 'b'] }, ['b'], ['b']],
    [{ x_within: ['a'] }, [], []],
    [{ x_within: ['a'] }, absent, absent],
    [{ x_not_any_of: ['a'] }, ['b'], ['b']],
    [{ x_not_any_of: ['a'] }, 'b', 'b'],
    [{ x_not_any_of: ['1'] }, 1, 1],
    [{ x_not_any_of: ['a'] }, absent, absent],
    [{ x_min_items: 2 }, ['a', 'b'], ['a', 'b']],
    [{ x_min_items: 1 }, [true], [true]],
    [{ x_min_items: 1 }, absent, absent],

    [{ essential: true }, false, false],
    [{ essential: true }, '', ''],
    [{ essential: true }, [], []],
    [{ essential: true }, { x: 1 }, { x: 1 }],
    [{ essential: false }, absent, absent],
  ])('%j turns %j into %j', (operands, given, resolved) => {
    expect(apply(operands, given)).toEqual(resolved === absent ? {} : { m: resolved })
  })

  test.each<[operands: Operands, given: unknown]>([
    [{ one_of: ['a'] }, 'b'],
    [{ one_of: ['1'] }, 1],
    [{ one_of: [] }, 'a'],
    [{ one_of: [{ x: 1 }] }, { x: 1, y: 2 }],
    [{ superset_of: ['a', 'b'] }, ['a']],
    [{ superset_of: ['a'] }, []],
    [{ x_within: ['a'] }, ['a', 'b']],
    [{ x_within: [1] }, ['1']],
    [{ x_not_any_of: ['a'] }, ['b', 'a']],
    [{ x_not_any_of: ['a'] }, 'a'],
    [{ x_not_any_of: [{ x: 1, y: 2 }] }, { y: 2, x: 1 }],
    [{ x_min_items: 2 }, ['a']],
    [{ essential: true }, absent],
    [{ subset_of: ['a'], essential: true }, absent],
  ])('%j is broken by %j', (operands, given) => {
    expect(() => apply(operands, given)).toThrow(InvalidMetadataError)
    expect(() => apply(operands, given)).toThrow(expect.objectContaining({ code: 'ERR_POLICY_VIOLATION', member: 'm' }))
  })
})

describe('the order of application', () => {
  test.each<[reason: string, operands: Operands, given: unknown, resolved: unknown]>([
    ['value before add', { value: ['a'], add: ['a'] }, ['b'], ['a']],
    ['add before default', { add: ['a'], default: ['b'] }, absent, ['a']],
    ['default before one_of', { default: 'a', one_of: ['a'] }, absent, 'a'],
    ['default before subset_of', { default: ['a', 'b'], subset_of: ['b'] }, absent, ['b']],
    ['add before superset_of', { add: ['a'], superset_of: ['a', 'b'] }, ['b'], ['b', 'a']],
    ['subset_of before x_within', { subset_of: ['a'], x_within: ['a'] }, ['a', 'b'], ['a']],
    ['subset_of before x_not_any_of', { subset_of: ['a'], x_not_any_of: ['b'] }, ['a', 'b'], ['a']],
    ['default before essential', { default: 'a', essential: true }, absent, 'a'],
    ['add before essential', { add: [], essential: true }, absent, []],
  ])('%s', (_, operands, given, resolved) => {
    const reversed = Object.fromEntries(Object.entries(operands).reverse())
    expect(apply(operands, given)).toEqual({ m: resolved })
    expect(apply(reversed, given)).toEqual({ m: resolved })
  })

  test.each<[reason: string, operands: Operands, given: unknown]>([
    ['default before one_of', { default: 'b', one_of: ['a'] }, absent],
    ['subset_of before superset_of', { subset_of: ['a', 'b'], superset_of: ['b'] }, ['a', 'c']],
    ['subset_of before x_min_items', { subset_of: ['a', 'b'], x_min_items: 2 }, ['a', 'c']],
    ['default before x_within', { default: ['b'], x_within: ['a'] }, absent],
  ])('%s, which breaks the policy', (_, operands, given) => {
    expect(() => apply(operands, given)).toThrow(expect.objectContaining({ code: 'ERR_POLICY_VIOLATION' }))
  })
})

describe('a value of a type that an operator does not support', () => {
  const onSets = ['a', 1, true, null, {}, ['a', 1], [true], [null], [['a']], [{}, 'a']]
  test.each<[operands: Operands, given: unknown]>([
    ...[{ add: ['a'] }, { subset_of: ['a'] }, { superset_of: [] }, { x_within: ['a'] }].flatMap((operands) =>
      onSets.map((given): [Operands, unknown] => [operands, given]),
    ),
    ...[['a'], true, null].map((given): [Operands, unknown] => [{ one_of: ['a'] }, given]),
    ...[true, null, ['b', 1], [true]].map((given): [Operands, unknown] => [{ x_not_any_of: ['a'] }, given]),
    ...['ab', 2, { length: 2 }, null].map((given): [Operands, unknown] => [{ x_min_items: 0 }, given]),
    [{ add: [1] }, ['a']],
    [{ value: 'a' }, null],
    [{ value: null }, null],
    [{ default: 'a' }, null],
    [{ essential: true }, null],
    [{ essential: false }, null],
    [{ essential: true }, Number.NaN],
    [{ essential: true }, Symbol.iterator],
    [{ essential: true }, JSON.parse('{"a": {"__proto__": 1}}')],
    [{ essential: true }, JSON.parse('['.repeat(33) + ']'.repeat(33))],
  ])('%j refuses %s', (operands, given) => {
    expect(() => apply(operands, given)).toThrow(InvalidMetadataError)
    expect(() => apply(operands, given)).toThrow(expect.objectContaining({ code: 'ERR_POLICY_VIOLATION', member: 'm' }))
  })

  test('is told once, without what later operators make of it', () => {
    const policy = { m: { add: ['a'], superset_of: ['b'], x_min_items: 3, essential: true } }
    expect(issuesOf(() => applyMetadataPolicy(policy, { m: 'text' }))).toHaveLength(1)
  })

  test('an empty array is of every type', () => {
    for (const operands of [{ add: [1] }, { subset_of: ['a'] }, { superset_of: [] }, { x_within: [{}] }, { x_not_any_of: [1] }]) {
      expect(() => apply(operands, [])).not.toThrow()
    }
  })
})

describe('issues', () => {
  test('all of them are reported, in the order of the policy', () => {
    const policy = {
      a: { essential: true },
      b: { one_of: ['x'] },
      c: { superset_of: ['x'], x_within: ['x', 'y'], x_min_items: 2 },
      d: { subset_of: ['x'] },
    }
    const issues = issuesOf(() => applyMetadataPolicy(policy, { b: 'y', c: ['z'], d: 'x', e: 'free' }))
    expect(issues.map(({ code, member }) => [code, member])).toEqual(
      ['a', 'b', 'c', 'c', 'c', 'd'].map((member) => ['ERR_POLICY_VIOLATION', member]),
    )
  })

  test.each<[operands: Operands, given: unknown, path: readonly number[] | undefined]>([
    [{ x_within: ['a'] }, ['a', 'b', 'c'], [1]],
    [{ x_not_any_of: ['c'] }, ['a', 'b', 'c'], [2]],
    [{ x_not_any_of: ['c'] }, 'c', undefined],
    [{ add: ['c'], x_within: ['c'] }, ['a'], undefined],
    [{ superset_of: ['c'] }, ['a'], undefined],
  ])('%j says of %j where the fault is, if it is in what was sent: %j', (operands, given, path) => {
    const [issue, ...others] = issuesOf(() => apply(operands, given))
    expect(issue?.path).toEqual(path)
    expect(Object.keys(issue ?? {}).includes('path')).toBe(path !== undefined)
    expect(others).toEqual([])
  })

  test('no message shows a value', () => {
    const secret = 'k7Qz'
    const policy = { a: { one_of: ['x'] }, b: { x_within: ['x'] }, c: { x_not_any_of: [secret] }, d: { add: ['x'] } }
    const issues = issuesOf(() => applyMetadataPolicy(policy, { a: secret, b: [secret], c: [secret], d: secret }))
    expect(issues).toHaveLength(4)
    expect(JSON.stringify(issues)).not.toContain(secret)
  })
})

test.each([null, undefined, [], 'metadata', 1])('metadata that is %j is a mistake of the caller', (metadata) => {
  // The type does not let this through.
  expect(() => applyMetadataPolicy({}, metadata as unknown as Record<string, unknown>)).toThrow(TypeError)
})

function issuesOf(run: () => unknown) {
  try {
    run()
  } catch (error) {
    if (error instanceof InvalidMetadataError) return error.issues
    throw error
  }
  throw new Error('no error was thrown')
}
