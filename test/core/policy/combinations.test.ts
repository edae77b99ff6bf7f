import { compileMetadataPolicy, mergeMetadataPolicies } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

type Operands = Readonly<Record<string, unknown>>

type Row = readonly [verdict: 'legal' | 'illegal', operands: Operands]

/** OpenID Federation 1.0, 6.1.3.1: every pair of the seven standard operators; the diagonal is in merge.test.ts. */
const standard: readonly Row[] = [
  ['legal', { value: ['a', 'b'], add: ['a'] }],
  ['legal', { value: ['a'], add: ['a'] }],
  ['legal', { value: [], add: [] }],
  ['legal', { value: [{ x: 1, y: 2 }], add: [{ y: 2, x: 1 }] }],
  ['illegal', { value: ['a'], add: ['a', 'b'] }],
  ['illegal', { value: [], add: ['a'] }],
  ['illegal', { value: 'a', add: ['a'] }],
  ['illegal', { value: [1], add: ['1'] }],
  ['illegal', { value: null, add: ['a'] }],
  ['illegal', { value: null, add: [] }],
  ['legal', { value: 'a', default: 'b' }],
  ['legal', { value: false, default: true }],
  ['legal', { value: [], default: ['a'] }],
  ['legal', { value: 0, default: 1 }],
  ['legal', { value: '', default: 'b' }],
  ['illegal', { value: null, default: 'a' }],
  ['legal', { value: 'a', one_of: ['a', 'b'] }],
  ['legal', { value: 1, one_of: [1, 2] }],
  ['legal', { value: { x: 1, y: 2 }, one_of: [{ y: 2, x: 1 }] }],
  ['illegal', { value: 'c', one_of: ['a', 'b'] }],
  ['illegal', { value: ['a'], one_of: ['a', 'b'] }],
  ['illegal', { value: true, one_of: ['true'] }],
  ['illegal', { value: '1', one_of: [1] }],
  ['illegal', { value: 'a', one_of: [] }],
  ['illegal', { value: null, one_of: ['a'] }],
  ['illegal', { value: null, one_of: [] }],
  ['legal', { value: ['a'], subset_of: ['a', 'b'] }],
  ['legal', { value: ['a', 'b'], subset_of: ['b', 'a'] }],
  ['legal', { value: [], subset_of: [] }],
  ['illegal', { value: ['a', 'c'], subset_of: ['a', 'b'] }],
  ['illegal', { value: ['a'], subset_of: [] }],
  ['illegal', { value: 'a', subset_of: ['a'] }],
  ['illegal', { value: ['1'], subset_of: [1] }],
  ['illegal', { value: null, subset_of: ['a'] }],
  ['illegal', { value: null, subset_of: [] }],
  ['legal', { value: ['a', 'b'], superset_of: ['a'] }],
  ['legal', { value: ['a'], superset_of: [] }],
  ['illegal', { value: ['a'], superset_of: ['a', 'b'] }],
  ['illegal', { value: [], superset_of: ['a'] }],
  ['illegal', { value: 'a', superset_of: ['a'] }],
  ['illegal', { value: null, superset_of: ['a'] }],
  ['illegal', { value: null, superset_of: [] }],
  ['legal', { value: 'a', essential: true }],
  ['legal', { value: 'a', essential: false }],
  ['legal', { value: [], essential: true }],
  ['legal', { value: false, essential: true }],
  ['legal', { value: null, essential: false }],
  ['illegal', { value: null, essential: true }],
  ['legal', { add: ['a'], default: ['b'] }],
  ['legal', { add: [], default: [] }],
  ['illegal', { add: ['a'], one_of: ['a'] }],
  ['illegal', { add: [], one_of: ['a'] }],
  ['legal', { add: ['a'], subset_of: ['a', 'b'] }],
  ['legal', { add: [], subset_of: [] }],
  ['illegal', { add: ['a', 'c'], subset_of: ['a', 'b'] }],
  ['illegal', { add: ['a'], subset_of: [] }],
  ['legal', { add: ['a'], superset_of: ['b'] }],
  ['legal', { add: ['a'], superset_of: ['a'] }],
  ['legal', { add: ['a'], essential: true }],
  ['legal', { add: ['a'], essential: false }],
  ['legal', { default: 'a', one_of: ['a'] }],
  ['legal', { default: 'c', one_of: ['a'] }],
  ['legal', { default: ['a'], subset_of: ['a'] }],
  ['legal', { default: ['c'], subset_of: ['a'] }],
  ['legal', { default: ['a'], superset_of: ['a'] }],
  ['legal', { default: [], superset_of: ['a'] }],
  ['legal', { default: 'a', essential: true }],
  ['legal', { default: 'a', essential: false }],
  ['illegal', { one_of: ['a'], subset_of: ['a'] }],
  ['illegal', { one_of: ['a'], subset_of: [] }],
  ['illegal', { one_of: ['a'], superset_of: ['a'] }],
  ['illegal', { one_of: ['a'], superset_of: [] }],
  ['legal', { one_of: ['a'], essential: true }],
  ['legal', { one_of: ['a'], essential: false }],
  ['legal', { subset_of: ['a', 'b'], superset_of: ['a'] }],
  ['legal', { subset_of: ['a'], superset_of: ['a'] }],
  ['legal', { subset_of: [], superset_of: [] }],
  ['illegal', { subset_of: ['a'], superset_of: ['a', 'b'] }],
  ['illegal', { subset_of: [], superset_of: ['a'] }],
  ['legal', { subset_of: ['a'], essential: true }],
  ['legal', { subset_of: [], essential: false }],
  ['legal', { superset_of: ['a'], essential: true }],
  ['legal', { superset_of: [], essential: false }],
]

const additional: readonly Row[] = [
  ['legal', { value: ['a'], x_within: ['a', 'b'] }],
  ['illegal', { value: ['c'], x_within: ['a', 'b'] }],
  ['illegal', { value: 'a', x_within: ['a'] }],
  ['illegal', { value: null, x_within: [] }],
  ['legal', { value: ['a'], x_not_any_of: ['b'] }],
  ['legal', { value: 'a', x_not_any_of: ['b'] }],
  ['legal', { value: 1, x_not_any_of: ['1'] }],
  ['illegal', { value: ['a', 'b'], x_not_any_of: ['b'] }],
  ['illegal', { value: 'b', x_not_any_of: ['b'] }],
  ['illegal', { value: { x: 1 }, x_not_any_of: [{ x: 1 }] }],
  ['illegal', { value: true, x_not_any_of: ['b'] }],
  ['illegal', { value: null, x_not_any_of: [] }],
  ['legal', { value: ['a'], x_min_items: 1 }],
  ['legal', { value: [], x_min_items: 0 }],
  ['illegal', { value: ['a'], x_min_items: 2 }],
  ['illegal', { value: 'ab', x_min_items: 1 }],
  ['illegal', { value: null, x_min_items: 0 }],
  ['legal', { add: ['a'], x_within: ['a', 'b'] }],
  ['illegal', { add: ['c'], x_within: ['a', 'b'] }],
  ['legal', { add: ['a'], x_not_any_of: ['b'] }],
  ['illegal', { add: ['a', 'b'], x_not_any_of: ['b'] }],
  ['legal', { add: [], x_min_items: 3 }],
  ['legal', { default: ['c'], x_within: ['a'] }],
  ['legal', { default: ['c'], x_not_any_of: ['c'] }],
  ['legal', { default: [], x_min_items: 1 }],
  ['illegal', { one_of: ['a'], x_within: ['a'] }],
  ['legal', { one_of: ['a', 'b'], x_not_any_of: ['b'] }],
  ['illegal', { one_of: ['a', 'b'], x_not_any_of: ['b', 'a'] }],
  ['illegal', { one_of: ['a'], x_min_items: 0 }],
  ['legal', { subset_of: ['a', 'b'], x_within: ['c'] }],
  ['legal', { subset_of: ['a'], x_not_any_of: ['a'] }],
  ['legal', { subset_of: ['a', 'b'], x_min_items: 2 }],
  ['illegal', { subset_of: ['a'], x_min_items: 2 }],
  ['illegal', { subset_of: ['a', 'a'], x_min_items: 2 }],
  ['illegal', { subset_of: [], x_min_items: 1 }],
  ['legal', { superset_of: ['a'], x_within: ['a', 'b'] }],
  ['illegal', { superset_of: ['a', 'c'], x_within: ['a', 'b'] }],
  ['legal', { superset_of: ['a'], x_not_any_of: ['b'] }],
  ['illegal', { superset_of: ['a'], x_not_any_of: ['a'] }],
  ['legal', { superset_of: ['a'], x_min_items: 2 }],
  ['legal', { x_within: ['a'], x_not_any_of: ['a'] }],
  ['legal', { x_within: ['a'], x_min_items: 2 }],
  ['legal', { x_within: [], x_min_items: 0 }],
  ['illegal', { x_within: [], x_min_items: 1 }],
  ['legal', { x_not_any_of: ['a'], x_min_items: 1 }],
  ['legal', { x_within: [], essential: true }],
  ['legal', { x_not_any_of: ['a'], essential: true }],
  ['legal', { x_min_items: 1, essential: true }],
]

const table = [...standard, ...additional]
const rowsOf = (verdict: Row[0]) =>
  table.filter((row) => row[0] === verdict).map(([, pair]) => [JSON.stringify(pair), pair] as const)
const namesOf = (operands: Operands) => Object.keys(operands).sort().join('+')

describe('operators that may stand together', () => {
  test.each(rowsOf('legal'))('%s is a legal policy', (_, pair) => {
    expect(compileMetadataPolicy({ m: pair }).policy).toEqual({ m: pair })
  })

  test.each(rowsOf('legal'))('%s is legal when a superior and a subordinate give one each', (_, pair) => {
    for (const [superior, subordinate] of bothWays(pair)) {
      expect(mergeMetadataPolicies({ m: superior }, { m: subordinate })).toEqual({ m: pair })
    }
  })
})

describe('operators that must not stand together', () => {
  test.each(rowsOf('illegal'))('%s is refused in one policy', (_, pair) => {
    expect(() => compileMetadataPolicy({ m: pair })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY_COMBINATION', member: 'm' }),
    )
  })

  test.each(rowsOf('illegal'))('%s is refused when a superior and a subordinate give one each', (_, pair) => {
    for (const [superior, subordinate] of bothWays(pair)) {
      const merge = () => mergeMetadataPolicies({ m: superior }, { m: subordinate })
      expect(merge).toThrow(expect.objectContaining({ code: 'ERR_POLICY_COMBINATION', member: 'm' }))
    }
  })
})

test.each([
  ['standard operators', standard, 'value add default one_of subset_of superset_of essential'],
  ['all operators', table, 'value add default one_of subset_of superset_of x_within x_not_any_of x_min_items essential'],
] as const)('the table has every pair of %s', (_, rows, names) => {
  const list = names.split(' ')
  const pairs = list.flatMap((one, index) => list.slice(index + 1).map((other) => [one, other].sort().join('+')))
  expect([...new Set(rows.map(([, operands]) => namesOf(operands)))].sort()).toEqual(pairs.sort())
})

test('a combination that only a merge brings about is refused', () => {
  const superior = { grant_types: { subset_of: ['a', 'b'], superset_of: ['a'] } }
  const subordinate = { grant_types: { subset_of: ['b', 'c'] } }
  expect(() => mergeMetadataPolicies(superior, subordinate)).toThrow(expect.objectContaining({ code: 'ERR_POLICY_COMBINATION' }))
})

function bothWays(pair: Operands): readonly (readonly [Operands, Operands])[] {
  const [one = {}, other = {}] = Object.entries(pair).map(([name, operand]) => ({ [name]: operand }))
  return [
    [one, other],
    [other, one],
  ]
}
