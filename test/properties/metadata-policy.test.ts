import { isDeepStrictEqual } from 'node:util'
import {
  applyMetadataPolicy,
  compileMetadataPolicy,
  InvalidMetadataError,
  isEqualJson,
  type MetadataPolicy,
  MetadataPolicyError,
  mergeMetadataPolicies,
} from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asSets } from '../core/policy/support.js'

type Metadata = Readonly<Record<string, unknown>>

// Few names and values, so that policies meet each other and the metadata; some are names that objects inherit.
const member = fc.constantFrom('grant_types', 'scope', 'client_name#de', 'toString', 'hasOwnProperty')
const text = fc.constantFrom('a', 'b', 'c')
const object = fc.constantFrom({ x: 1, y: ['a'] }, { y: ['a'], x: 1 }, { x: 2 })
const setOf = (constraints: { readonly minLength?: number }) => {
  const texts = fc.array(text, { ...constraints, maxLength: 4 })
  const numbers = fc.array(fc.constantFrom(1, 2), { ...constraints, maxLength: 3 })
  const objects = fc.array(object, { ...constraints, maxLength: 3 })
  return fc.oneof({ weight: 8, arbitrary: texts }, numbers, objects)
}
const set = setOf({})
const single = fc.oneof({ weight: 4, arbitrary: text }, fc.boolean(), fc.constantFrom(0, 1), object)
const value = fc.oneof(set, single)

const operator: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
  fc.tuple(fc.constantFrom('value', 'default'), value),
  fc.tuple(fc.constantFrom('add', 'subset_of', 'superset_of', 'x_within', 'x_not_any_of'), set),
  // An empty one_of is legal and cannot be merged, not even with itself.
  fc.tuple(fc.constant('one_of'), setOf({ minLength: 1 })),
  fc.tuple(fc.constant('x_min_items'), fc.nat(3)),
  fc.tuple(fc.constant('essential'), fc.boolean()),
  fc.constant(['value', null] as const),
)

/** Legal policies: of the operators drawn for a member, those that may join the ones before. */
const memberPolicy = fc.tuple(member, fc.array(operator, { minLength: 1, maxLength: 6 })).map(([name, drawn]) => {
  let operators: Readonly<Record<string, unknown>> = {}
  for (const [operatorName, operand] of drawn) {
    const extended = { ...operators, [operatorName]: operand }
    if (outcomeOf(() => compileMetadataPolicy({ [name]: extended })) !== refused) operators = extended
  }
  return [name, operators] as const
})
const policy: fc.Arbitrary<MetadataPolicy> = fc.array(memberPolicy, { minLength: 1, maxLength: 3 }).map(Object.fromEntries)
const metadata: fc.Arbitrary<Metadata> = fc.dictionary(member, value, { maxKeys: 4 })

const refused = Symbol('refused')

/** What a call returns, or that the policy or the metadata was refused; any other error passes. */
function outcomeOf<Result>(run: () => Result): Result | typeof refused {
  try {
    return run()
  } catch (error) {
    if (error instanceof MetadataPolicyError || error instanceof InvalidMetadataError) return refused
    throw error
  }
}

const merge = (...policies: readonly MetadataPolicy[]) => policies.reduce((above, below) => mergeMetadataPolicies(above, below))
const comparable = (result: unknown) => (result === refused ? refused : asSets(result))
const comparableMetadata = ({ scope, ...rest }: Metadata) =>
  asSets({ ...rest, scope: typeof scope === 'string' ? scope.split(' ') : scope })

describe('merging', () => {
  test('a policy with itself gives the policy', () => {
    fc.assert(
      fc.property(policy, (one) => {
        expect(asSets(merge(one, one))).toEqual(asSets(compileMetadataPolicy(one).policy))
      }),
      { numRuns: 500 },
    )
  })

  test('does not depend on who is the superior', () => {
    fc.assert(
      fc.property(policy, policy, (one, other) => {
        expect(comparable(outcomeOf(() => merge(one, other)))).toEqual(comparable(outcomeOf(() => merge(other, one))))
      }),
      { numRuns: 1000 },
    )
  })

  test('does not depend on where a chain is begun', () => {
    fc.assert(
      fc.property(policy, policy, policy, (one, two, three) => {
        const fromAbove = outcomeOf(() => merge(merge(one, two), three))
        const fromBelow = outcomeOf(() => merge(one, merge(two, three)))
        expect(comparable(fromAbove)).toEqual(comparable(fromBelow))
      }),
      { numRuns: 1000 },
    )
  })

  test('gives a policy that is legal by itself', () => {
    fc.assert(
      fc.property(policy, policy, (one, other) => {
        const merged = outcomeOf(() => merge(one, other))
        fc.pre(merged !== refused)
        expect(compileMetadataPolicy(merged).policy).toEqual(merged)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a subordinate', () => {
  // What the merged policy lets through need not be what the superior alone lets through unchanged: a subordinate may add what the
  // superior requires. But whatever comes out satisfies the superior, which finds nothing left to do.
  test('never widens: what a merged policy yields, each of the two policies accepts and leaves alone', () => {
    let applied = 0
    fc.assert(
      fc.property(policy, policy, metadata, (superior, subordinate, given) => {
        const merged = outcomeOf(() => merge(superior, subordinate))
        fc.pre(merged !== refused)
        const resolved = outcomeOf(() => applyMetadataPolicy(merged, given))
        fc.pre(resolved !== refused)
        applied++
        for (const alone of [superior, subordinate]) {
          expect(comparableMetadata(applyMetadataPolicy(alone, resolved))).toEqual(comparableMetadata(resolved))
        }
      }),
      { numRuns: 1000 },
    )
    expect(applied).toBeGreaterThanOrEqual(1000)
  })
})

describe('applying', () => {
  test('a second time changes nothing', () => {
    fc.assert(
      fc.property(policy, metadata, (one, given) => {
        const resolved = outcomeOf(() => applyMetadataPolicy(one, given))
        fc.pre(resolved !== refused)
        expect(applyMetadataPolicy(one, resolved)).toEqual(resolved)
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves members without a policy alone', () => {
    fc.assert(
      fc.property(policy, metadata, (one, given) => {
        const resolved = outcomeOf(() => applyMetadataPolicy(one, given))
        fc.pre(resolved !== refused)
        const isFree = ([name]: readonly [string, unknown]) => !Object.hasOwn(one, name)
        expect(Object.entries(resolved).filter(isFree)).toEqual(Object.entries(given).filter(isFree))
      }),
    )
  })

  test('never yields null, nor a list that holds a value twice where it has changed the list', () => {
    fc.assert(
      fc.property(policy, metadata, (one, given) => {
        const result = outcomeOf(() => compileMetadataPolicy(one).apply(given))
        fc.pre(result !== refused)
        expect(Object.values(result.metadata)).not.toContain(null)
        for (const { operator: name, after } of result.changes) {
          if (name !== 'add' && name !== 'subset_of') continue
          const items = typeof after === 'string' ? after.split(' ') : after
          expect(
            Array.isArray(items) && items.every((item, at) => !items.slice(0, at).some((other) => isEqualJson(item, other))),
          ).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('reports changes that lead from what came in to what goes out', () => {
    fc.assert(
      fc.property(policy, metadata, (one, { scope: _, ...given }) => {
        const result = outcomeOf(() => compileMetadataPolicy(one).apply(given))
        fc.pre(result !== refused)
        const current = new Map<string, unknown>(Object.entries(given))
        for (const { member: name, before, after } of result.changes) {
          expect(before).toEqual(current.get(name))
          expect(after).not.toEqual(before)
          if (after === undefined) current.delete(name)
          else current.set(name, after)
        }
        expect(Object.fromEntries(current)).toEqual(result.metadata)
      }),
      { numRuns: 500 },
    )
  })
})

test('nothing that comes in is changed', () => {
  fc.assert(
    fc.property(policy, policy, metadata, (superior, subordinate, given) => {
      const before = structuredClone({ superior, subordinate, given })
      outcomeOf(() => applyMetadataPolicy(merge(superior, subordinate), given))
      outcomeOf(() => applyMetadataPolicy(superior, given))
      expect({ superior, subordinate, given }).toEqual(before)
    }),
  )
})

test('whatever comes in, the answer is a result or a refusal', () => {
  const names = fc.oneof(member, fc.constantFrom('__proto__', 'constructor', 'valueOf'), fc.string())
  const operatorNames = fc.oneof(fc.constantFrom('value', 'add', 'default', 'one_of', 'subset_of', 'x_min_items'), fc.string())
  const anyPolicy = fc.oneof(fc.anything(), fc.dictionary(names, fc.dictionary(operatorNames, fc.anything())))
  fc.assert(
    fc.property(anyPolicy, fc.dictionary(names, fc.anything()), (hostile, given) => {
      // Whatever the type promises.
      outcomeOf(() => applyMetadataPolicy(hostile as MetadataPolicy, given))
      outcomeOf(() => merge(hostile as MetadataPolicy, hostile as MetadataPolicy))
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(policy, fc.dictionary(names, fc.anything()), (legal, hostile) => {
      outcomeOf(() => applyMetadataPolicy(legal, hostile))
    }),
    { numRuns: 1000 },
  )
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('two JSON values are equal exactly if their structures are', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((drawn) => JSON.parse(JSON.stringify(drawn)))
  const shuffled = (input: unknown): unknown => {
    if (Array.isArray(input)) return input.map(shuffled)
    if (typeof input !== 'object' || input === null) return input
    return Object.fromEntries(
      Object.entries(input)
        .reverse()
        .map(([name, inner]) => [name, shuffled(inner)]),
    )
  }
  fc.assert(fc.property(json, json, (one, other) => isEqualJson(one, other) === isDeepStrictEqual(one, other)))
  fc.assert(fc.property(json, (one) => isEqualJson(one, shuffled(one))))
})
