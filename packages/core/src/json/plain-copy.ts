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
    const copier = new Copier()
    const copied = copier.object(value, 1)
    return copied === notPlain || copier.bytes > maxBytes ? undefined : copied
  } catch {
    // A getter or a proxy may throw anything.
    return undefined
  }
}

class Copier {
  /** What the JSON text has at most: a character may be escaped as six, and there are quotation marks, colons and commas. */
  bytes = 2

  object(object: unknown, depth: number): Readonly<Record<string, unknown>> | typeof notPlain {
    if (!isPlainObject(object) || 'toJSON' in object) return notPlain
    const copied: Record<string, unknown> = { ...object }
    for (const name of Object.keys(copied)) {
      this.bytes += 6 * name.length + 4
      const value = copied[name]
      const inner = this.#value(value, depth)
      if (inner === notPlain) return notPlain
      if (inner !== value) copied[name] = inner
    }
    return copied
  }

  #array(array: readonly unknown[], depth: number): unknown {
    if (Object.getPrototypeOf(array) !== Array.prototype || 'toJSON' in array) return notPlain
    const copied: unknown[] = []
    for (const item of array) {
      const inner = this.#value(item, depth)
      if (inner === notPlain) return notPlain
      copied.push(inner)
    }
    return copied
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') this.bytes += 6 * value.length + 3
    else this.bytes += 25
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : notPlain
    if (typeof value !== 'object' || depth === maxDepth) return notPlain
    return Array.isArray(value) ? this.#array(value, depth + 1) : this.object(value, depth + 1)
  }
}
