import { keyOf, keysOf } from './json-set.js'
import type { OperatorName } from './operators.js'

/** Two operators that may stand together only if their operands agree, or never. */
interface Combination {
  readonly operators: readonly [OperatorName, OperatorName]
  readonly isAllowed: (one: unknown, other: unknown) => boolean
  /** What the operands have to be to each other. */
  readonly rule: string
}

const combination = (
  one: OperatorName,
  other: OperatorName,
  rule: string,
  isAllowed: (one: unknown, other: unknown) => boolean,
): Combination => ({ operators: [one, other], isAllowed, rule })

/**
 * The pairs that are not free to combine. The first eleven are the conditions of OpenID Federation 1.0, 6.1.3.1.1 to 6.1.3.1.7;
 * pairs it allows without a condition are absent. The rest follows from what the additional checks do: as with `subset_of`, a
 * contradiction that no metadata could resolve is refused when the policy is loaded; `default`, which metadata replaces, is free.
 * `value: null` agrees with nothing but `essential: false`.
 */
const combinations: readonly Combination[] = [
  combination('value', 'add', 'value has to contain what is added', (value, add) => isWithin(add, value)),
  combination('value', 'default', 'value must not be null', (value) => value !== null),
  combination('value', 'one_of', 'value has to be one of the allowed', (value, allowed) => hasItem(allowed, value)),
  combination('value', 'subset_of', 'value has to lie within it', isWithin),
  combination('value', 'superset_of', 'value has to contain it', (value, required) => isWithin(required, value)),
  combination('value', 'essential', 'value must not be null', (value, essential) => value !== null || essential === false),
  combination('add', 'one_of', 'they exclude each other', never),
  combination('add', 'subset_of', 'what is added has to lie within it', isWithin),
  combination('one_of', 'subset_of', 'they exclude each other', never),
  combination('one_of', 'superset_of', 'they exclude each other', never),
  combination('subset_of', 'superset_of', 'superset_of has to lie within subset_of', (most, least) => isWithin(least, most)),

  combination('value', 'x_within', 'value has to lie within it', isWithin),
  combination('value', 'x_not_any_of', 'value must not be denied', isUndenied),
  combination('value', 'x_min_items', 'value has to have as many items', hasItems),
  combination('add', 'x_within', 'what is added has to lie within it', isWithin),
  combination('add', 'x_not_any_of', 'what is added must not be denied', isUndenied),
  combination('one_of', 'x_within', 'they exclude each other', never),
  combination('one_of', 'x_not_any_of', 'one of the allowed has to be undenied', (allowed, denied) => !isWithin(allowed, denied)),
  combination('one_of', 'x_min_items', 'they exclude each other', never),
  combination('subset_of', 'x_min_items', 'subset_of has to have as many items', hasDistinctItems),
  combination('superset_of', 'x_within', 'superset_of has to lie within it', isWithin),
  combination('superset_of', 'x_not_any_of', 'what is required must not be denied', isUndenied),
  combination('x_within', 'x_min_items', 'x_within must not be empty', (allowed, count) => count === 0 || hasItems(allowed, 1)),
]

/** The first pair of operators that may not stand together, with the rule it breaks. */
export function findForbiddenCombination(operands: ReadonlyMap<OperatorName, unknown>): Combination | undefined {
  return combinations.find(({ operators: [one, other], isAllowed }) => {
    return operands.has(one) && operands.has(other) && !isAllowed(operands.get(one), operands.get(other))
  })
}

function never(): boolean {
  return false
}

function isWithin(inner: unknown, outer: unknown): boolean {
  if (!Array.isArray(inner) || !Array.isArray(outer)) return false
  const keys = keysOf(outer)
  return inner.every((item) => keys.has(keyOf(item)))
}

function hasItem(set: unknown, item: unknown): boolean {
  return isWithin([item], set)
}

function isUndenied(given: unknown, denied: unknown): boolean {
  if (given === null || typeof given === 'boolean') return false
  return !(Array.isArray(given) ? given : [given]).some((item) => hasItem(denied, item))
}

function hasItems(set: unknown, count: unknown): boolean {
  return Array.isArray(set) && set.length >= Number(count)
}

function hasDistinctItems(set: unknown, count: unknown): boolean {
  return Array.isArray(set) && keysOf(set).size >= Number(count)
}
