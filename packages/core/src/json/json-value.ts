import { isForbiddenName } from './forbidden-names.js'

/** JSON values as policy operators see them: what may be one, when two are equal, how one is copied. */

export type JsonValueFault = 'value' | 'depth' | 'name'

/** Bounds the recursion here: a value that nothing has parsed strictly before must not exhaust the stack. */
const maxDepth = 32

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whether a value is an object that is its own members and nothing else: no instance of a class, no `Map`, no `Date`, of whatever realm.
 *
 * @example
 * ```ts
 * isPlainObject({ a: 1 }) // true
 * isPlainObject(new Map()) // false
 * ```
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** What keeps a value from being a JSON value that is safe to walk, or nothing. */
export function findJsonFault(value: unknown, depth = 1): JsonValueFault | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || isNumber(value)) return undefined
  if (typeof value !== 'object') return 'value'
  if (depth > maxDepth) return 'depth'
  if (!Array.isArray(value) && Object.keys(value).some(isForbiddenName)) return 'name'
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    const fault = findJsonFault(inner, depth + 1)
    if (fault !== undefined) return fault
  }
  return undefined
}

/**
 * Writes a JSON value as a text that two values share exactly if they are equal: object members in the order of their names,
 * no white space. The value has to come from a parser that bounds its depth.
 *
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: ['x'] }) // '{"a":["x"],"b":1}'
 * ```
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`).join(',')}}`
}

/**
 * Compares two JSON values: arrays in their order, objects in any order of their members. Absence, `undefined`, equals only itself.
 * Objects and arrays have to come from a parser that bounds their depth.
 *
 * @example
 * ```ts
 * isEqualJson({ a: 1, b: 2 }, { b: 2, a: 1 }) // true
 * ```
 */
export function isEqualJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqualJson(item, other[index]))
  }
  if (!isObject(one) || !isObject(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => Object.hasOwn(other, name) && isEqualJson(one[name], other[name]))
}

export function copyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyJson)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyJson(inner)]))
}

export function freezeJson<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freezeJson(inner)
    Object.freeze(value)
  }
  return value
}
