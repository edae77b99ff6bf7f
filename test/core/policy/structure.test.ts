import {
  applyMetadataPolicy,
  compileMetadataPolicy,
  type MetadataPolicy,
  MetadataPolicyError,
  mergeMetadataPolicies,
} from '@software-statement/core'
import { describe, expect, test } from 'vitest'

// The faults looked for are those that the type does not let through.
const untyped = (policy: unknown) => policy as MetadataPolicy

describe('structure', () => {
  test.each([
    ['null', null],
    ['an array', []],
    ['a text', 'policy'],
    ['a number', 1],
    ['a member policy that is null', { m: null }],
    ['a member policy that is an array', { m: [] }],
    ['a member policy that is a text', { m: 'value' }],
    ['a member named __proto__', JSON.parse('{"__proto__": {"essential": true}}')],
    ['a member named constructor', { constructor: { essential: true } }],
    ['a member named prototype', { prototype: { essential: true } }],
    ['an operator named __proto__', { m: JSON.parse('{"__proto__": true}') }],
    ['an operator named constructor', { m: { constructor: true } }],
    ['an operator named prototype', { m: { prototype: true } }],
    ['a forbidden name deep in an operand', { m: { value: [{ x: JSON.parse('{"__proto__": {}}') }] } }],
  ])('%s is refused', (_, policy) => {
    for (const use of [
      () => compileMetadataPolicy(untyped(policy)),
      () => applyMetadataPolicy(untyped(policy), {}),
      () => mergeMetadataPolicies(untyped(policy), {}),
      () => mergeMetadataPolicies({}, untyped(policy)),
    ]) {
      expect(use).toThrow(MetadataPolicyError)
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_POLICY_STRUCTURE' }))
    }
  })

  test.each([{}, { m: {} }])('%j asks for nothing', (policy) => {
    expect(compileMetadataPolicy(policy).policy).toEqual({})
    expect(applyMetadataPolicy(policy, { m: null, n: 1 })).toEqual({ m: null, n: 1 })
  })

  test('a policy without a prototype is a policy', () => {
    const policy = Object.assign(Object.create(null), { m: Object.assign(Object.create(null), { essential: true }) })
    expect(compileMetadataPolicy(policy).policy).toEqual({ m: { essential: true } })
  })

  test('operators that an object inherits are not its operators', () => {
    const policy = { m: Object.create({ value: 'inherited' }) }
    expect(compileMetadataPolicy(policy).policy).toEqual({})
  })
})

describe('operands', () => {
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
  const setOperators = ['add', 'one_of', 'subset_of', 'superset_of', 'x_within', 'x_not_any_of']
  const sets = ['a', 1, true, null, {}, [1, 'a'], ['a', {}], [true], [null], [['a']], undefined, [undefined]]

  test.each<readonly [name: string, operand: unknown]>([
    ...setOperators.flatMap((name) => sets.map((operand) => [name, operand] as const)),
    ...['true', 1, 0, null, [], {}].map((operand) => ['essential', operand] as const),
    ...['1', -1, 1.5, null, [], true, 2 ** 53].map((operand) => ['x_min_items', operand] as const),
    ...[undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, [1n], { x: undefined }].map(
      (operand) => ['value', operand] as const,
    ),
    ...[null, undefined, Number.NaN].map((operand) => ['default', operand] as const),
    ['default', nested(33)],
  ])('%s refuses %s', (name, operand) => {
    const compile = () => compileMetadataPolicy({ m: { [name]: operand } })
    expect(compile).toThrow(expect.objectContaining({ code: 'ERR_POLICY_OPERAND', member: 'm' }))
  })

  test.each([
    ...setOperators.flatMap((name) => [[], ['a'], [1, 2.5], [{ x: [null] }]].map((operand) => [name, operand] as const)),
    ...['a', '', 1, 0, true, false, [], [1, 'a', null], {}, null].map((operand) => ['value', operand] as const),
    ...['a', '', 1, 0, true, false, [], [1, 'a', null], {}].map((operand) => ['default', operand] as const),
    ['value', nested(32)] as const,
    ['essential', true] as const,
    ['essential', false] as const,
    ['x_min_items', 0] as const,
    ['x_min_items', 7] as const,
  ])('%s accepts %j', (name, operand) => {
    expect(compileMetadataPolicy({ m: { [name]: operand } }).policy).toEqual({ m: { [name]: operand } })
  })

  test('an operand of any depth is refused without exhausting the stack', () => {
    const compile = () => compileMetadataPolicy({ m: { value: nested(100_000) } })
    expect(compile).toThrow(expect.objectContaining({ code: 'ERR_POLICY_OPERAND' }))
  })

  test('an operand that holds itself is refused', () => {
    const operand: unknown[] = []
    operand.push(operand)
    expect(() => compileMetadataPolicy({ m: { value: operand } })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY_OPERAND' }),
    )
  })
})

describe('operators that are not understood', () => {
  const policy = { m: { regexp: '^a', essential: true, Value: 'x', toString: 1 }, n: { hasOwnProperty: [] } }

  test('are ignored', () => {
    expect(compileMetadataPolicy(policy).policy).toEqual({ m: { essential: true } })
    expect(mergeMetadataPolicies(policy, policy)).toEqual({ m: { essential: true } })
    expect(applyMetadataPolicy(policy, { m: 'b' })).toEqual({ m: 'b' })
  })

  test.each(['regexp', 'Value', 'toString', 'hasOwnProperty', '__proto__', '', 'notused'])(
    '%j is refused as critical',
    (name) => {
      const crit = ['value', name]
      for (const use of [
        () => compileMetadataPolicy(policy, { crit }),
        () => compileMetadataPolicy({}, { crit }),
        () => mergeMetadataPolicies(policy, {}, { crit }),
        () => mergeMetadataPolicies({}, policy, { crit }),
      ]) {
        expect(use).toThrow(expect.objectContaining({ code: 'ERR_POLICY_CRITICAL' }))
      }
    },
  )

  test('every understood operator may be critical', () => {
    const crit = 'value add default one_of subset_of superset_of essential x_within x_not_any_of x_min_items'.split(' ')
    expect(compileMetadataPolicy({ m: { essential: true } }, { crit }).policy).toEqual({ m: { essential: true } })
    expect(mergeMetadataPolicies({ m: { x_min_items: 1 } }, {}, { crit })).toEqual({ m: { x_min_items: 1 } })
  })

  test.each([
    ['a text', 'value', 'ERR_POLICY_STRUCTURE'],
    ['null', null, 'ERR_POLICY_STRUCTURE'],
    ['an array of other things', [1], 'ERR_POLICY_CRITICAL'],
  ])('a list of critical operators that is %s is refused', (_, crit, code) => {
    // As above: the type does not let this through, JSON does.
    const options = { crit: crit as unknown as string[] }
    expect(() => compileMetadataPolicy({}, options)).toThrow(expect.objectContaining({ code }))
    expect(() => mergeMetadataPolicies({}, {}, options)).toThrow(expect.objectContaining({ code }))
  })
})
