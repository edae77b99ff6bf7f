import { isEqualJson, isNumber, isObject } from '../json/json-value.js'
import { intersectSets, isEqualSet, isJsonSet, type JsonSet, keyOf, keysOf, retain, uniteSets } from './json-set.js'
import { broken, defineOperator, next, type Operator, unsupported } from './operator.js'

export type OperatorName =
  | 'value'
  | 'add'
  | 'default'
  | 'one_of'
  | 'subset_of'
  | 'superset_of'
  | 'x_within'
  | 'x_not_any_of'
  | 'x_min_items'
  | 'essential'

type Single = string | number | Readonly<Record<string, unknown>>

const isAnything = (operand: unknown): operand is unknown => operand !== undefined
const isPresent = (value: unknown): value is NonNullable<unknown> => value !== null && value !== undefined
const isBoolean = (operand: unknown): operand is boolean => typeof operand === 'boolean'
const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isSingle = (value: unknown): value is Single => typeof value === 'string' || isNumber(value) || isObject(value)
const isSingleOrSet = (value: unknown): value is Single | JsonSet => isSingle(value) || isJsonSet(value)
const isCount = (operand: unknown): operand is number => Number.isSafeInteger(operand) && Number(operand) >= 0

const anything = 'a text, number, boolean, object or array'
const set = 'an array of texts, of numbers or of objects'
const single = 'a text, number or object'

const onSets = { operands: set, isOperand: isJsonSet, values: set, isValue: isJsonSet } as const

/** Arrays are equal as sets: the order in which operands are merged into one is not defined (OpenID Federation 1.0, 6.1.3). */
const isEqualOperand = (one: unknown, other: unknown) =>
  isJsonSet(one) && isJsonSet(other) ? isEqualSet(one, other) : isEqualJson(one, other)

const keepEqual = <Value>(superior: Value, subordinate: Value) => (isEqualOperand(superior, subordinate) ? superior : undefined)

/**
 * The operators of OpenID Federation 1.0 (6.1.3.1) and three additional checks (6.1.3.2), in the order in which they are applied.
 * Which of them may stand together is in `combinations.ts`.
 */
export const operators: ReadonlyMap<OperatorName, Operator> = new Map([
  [
    'value',
    defineOperator({
      operands: `${anything}, or null`,
      isOperand: isAnything,
      values: anything,
      isValue: isPresent,
      prepare: (operand) => () => next(operand ?? undefined),
      merge: keepEqual,
    }),
  ],
  [
    'add',
    defineOperator({
      ...onSets,
      prepare: (operand) => (value) => {
        const sum = uniteSets(value ?? [], operand)
        return isJsonSet(sum) ? next(sum) : unsupported('has items of another type than those to add')
      },
      merge: uniteSets,
    }),
  ],
  [
    'default',
    defineOperator({
      operands: anything,
      isOperand: isPresent,
      values: anything,
      isValue: isPresent,
      prepare: (operand) => (value) => next(value ?? operand),
      merge: keepEqual,
    }),
  ],
  [
    'one_of',
    defineOperator({
      operands: set,
      isOperand: isJsonSet,
      values: single,
      isValue: isSingle,
      prepare: (operand) => {
        const allowed = keysOf(operand)
        return (value) => {
          if (value === undefined || allowed.has(keyOf(value))) return next(value)
          return broken('is not one of the allowed values')
        }
      },
      merge: (superior, subordinate) => {
        const common = intersectSets(superior, subordinate)
        return common.length === 0 ? undefined : common
      },
    }),
  ],
  [
    'subset_of',
    defineOperator({
      ...onSets,
      prepare: (operand) => {
        const allowed = keysOf(operand)
        return (value) => next(value && retain(value, allowed))
      },
      merge: intersectSets,
    }),
  ],
  [
    'superset_of',
    defineOperator({
      ...onSets,
      prepare: (operand) => {
        const required = [...keysOf(operand)]
        return (value) => {
          if (value === undefined) return next(value)
          const given = keysOf(value)
          return required.every((key) => given.has(key)) ? next(value) : broken('lacks a required value')
        }
      },
      merge: uniteSets,
    }),
  ],
  [
    'x_within',
    defineOperator({
      ...onSets,
      prepare: (operand) => {
        const allowed = keysOf(operand)
        return (value) => {
          const position = value?.findIndex((item) => !allowed.has(keyOf(item))) ?? -1
          return position === -1 ? next(value) : broken('has a value that is not allowed', position)
        }
      },
      merge: intersectSets,
    }),
  ],
  [
    'x_not_any_of',
    defineOperator({
      operands: set,
      isOperand: isJsonSet,
      values: `${single}, or ${set}`,
      isValue: isSingleOrSet,
      prepare: (operand) => {
        const denied = keysOf(operand)
        return (value) => {
          if (value === undefined) return next(value)
          if (!isArray(value)) return denied.has(keyOf(value)) ? broken('is a denied value') : next(value)
          const position = value.findIndex((item) => denied.has(keyOf(item)))
          return position === -1 ? next(value) : broken('has a denied value', position)
        }
      },
      merge: uniteSets,
    }),
  ],
  [
    'x_min_items',
    defineOperator({
      operands: 'a whole number that is not negative',
      isOperand: isCount,
      values: 'an array',
      isValue: isArray,
      prepare: (operand) => (value) => {
        return value !== undefined && value.length < operand ? broken(`has fewer than ${operand} values`) : next(value)
      },
      merge: (superior, subordinate) => Math.max(superior, subordinate),
    }),
  ],
  [
    'essential',
    defineOperator({
      operands: 'a boolean',
      isOperand: isBoolean,
      values: anything,
      isValue: isPresent,
      prepare: (operand) => (value) => (operand && value === undefined ? broken('is required') : next(value)),
      merge: (superior, subordinate) => superior || subordinate,
    }),
  ],
])

const names: readonly unknown[] = [...operators.keys()]

export function isOperatorName(name: unknown): boolean {
  return names.includes(name)
}
