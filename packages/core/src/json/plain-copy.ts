import { isPlainObject } from './json-value.js'

/** Deeper than any limit that somebody sets, and no danger to the stack. */
const maxDepth = 100

const notPlain = Symbol('not plain')

/**
 * Copies an object that is nothing but what `JSON.parse` makes: plain objects, arrays, texts, finite numbers, booleans, null. `undefined`
 * for anything else, such as what has a `toJSON` or holds `undefined`, and for what may have more than `maxBytes` as JSON text: its
 * text will tell.
 */
export function copyPlainObject(value: unknown, maxBytes: number): Readonly<Record<string, unknown>> | undefined {
  try {
    const copied = new Copier(maxBytes).object(value, 1)
    return copied === notPlain ? undefined : copied
  } catch {
    // A getter or a proxy may throw anything.
    return undefined
  }
}

class Copier {
  /** What of the limit is left, if every character is escaped as six; there are quotation marks, colons and commas. */
  #left: number

  constructor(maxBytes: number) {
    this.#left = maxBytes - 2
  }

  object(object: unknown, depth: number): Readonly<Record<string, unknown>> | typeof notPlain {
    if (!isPlainObject(object) || 'toJSON' in object) return notPlain
    const copied: Record<string, unknown> = { ...object }
    for (const name of Object.keys(copied)) {
      this.#left -= 6 * name.length + 4
      const value = copied[name]
      const inner = this.#value(value, depth)
      if (inner === notPlain) return notPlain
      if (!Object.is(inner, value)) copied[name] = inner
    }
    return copied
  }

  #array(array: readonly unknown[], depth: number): unknown {
    if (Object.getPrototypeOf(array) !== Array.prototype || 'toJSON' in array) return notPlain
    const copied: unknown[] = []
    // By position, as JSON.stringify does: what an array says of its items when it is iterated is up to the array.
    for (let index = 0; index < array.length; index++) {
      const inner = this.#value(array[index], depth)
      if (inner === notPlain) return notPlain
      copied.push(inner)
    }
    return copied
  }

  #value(value: unknown, depth: number): unknown {
    this.#left -= typeof value === 'string' ? 6 * value.length + 3 : 25
    // At once: parts that stand in many places are as many copies.
    if (this.#left < 0) return notPlain
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    // Minus zero is written as zero.
    if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : notPlain
    if (typeof value !== 'object' || depth === maxDepth) return notPlain
    return Array.isArray(value) ? this.#array(value, depth + 1) : this.object(value, depth + 1)
  }
}
