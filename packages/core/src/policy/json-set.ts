import { canonicalJson, isNumber, isObject } from '../json/json-value.js'

/** Arrays as sets, in the order of their first operand: all items are texts, all are numbers or all are objects. */
export type JsonSet = readonly (string | number | Readonly<Record<string, unknown>>)[]

const isText = (item: unknown) => typeof item === 'string'

export function isJsonSet(value: unknown): value is JsonSet {
  if (!Array.isArray(value)) return false
  return value.every(isText) || value.every(isNumber) || value.every(isObject)
}

/** The items of a set in a form that can be looked up. */
export function keysOf(set: readonly unknown[]): ReadonlySet<string> {
  return new Set(set.map(keyOf))
}

/** An item in that form: no item that is not a text begins with a quotation mark there. */
export function keyOf(item: unknown): string {
  return typeof item === 'string' ? `"${item}` : canonicalJson(item)
}

/** Whether two arrays have the same items in any order. As many, too: how many there are is something that operators ask for. */
export function isEqualSet(one: JsonSet, other: JsonSet): boolean {
  if (one.length !== other.length) return false
  const keys = keysOf(one)
  const others = keysOf(other)
  return keys.size === others.size && [...keys].every((key) => others.has(key))
}

export function uniteSets(one: JsonSet, other: JsonSet): JsonSet {
  return distinct([...one, ...other])
}

export function intersectSets(one: JsonSet, other: JsonSet): JsonSet {
  return retain(one, keysOf(other))
}

/** The items that have one of the keys; the set itself where all do. */
export function retain(set: JsonSet, keys: ReadonlySet<string>): JsonSet {
  const retained = distinct(set.filter((item) => keys.has(keyOf(item))))
  return retained.length === set.length ? set : retained
}

function distinct(items: JsonSet): JsonSet {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = keyOf(item)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
