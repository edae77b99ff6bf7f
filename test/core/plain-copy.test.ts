import { describe, expect, test } from 'vitest'
import { copyPlainObject } from '../../packages/core/src/json/plain-copy.js'

const plenty = 10_000
const nest = (depth: number): unknown => (depth === 0 ? 'end' : depth % 2 === 0 ? [nest(depth - 1)] : { a: nest(depth - 1) })

describe('copyPlainObject', () => {
  test.each([
    {},
    { a: 'text', b: 1.5, c: -0, d: true, e: false, f: null },
    { a: [], b: [1, 'a', null, [true]], c: { d: { e: [{}] } } },
    JSON.parse('{"__proto__":{"a":1},"constructor":[]}'),
    Object.assign(Object.create(null), { a: 1 }),
  ])('copies %j as JSON would', (value) => {
    const copied = copyPlainObject(value, plenty)
    expect(copied).toEqual(JSON.parse(JSON.stringify(value)))
    expect(JSON.stringify(copied)).toBe(JSON.stringify(value))
    expect(copied).not.toBe(value)
  })

  test('what is copied is nobody else’s', () => {
    const value = { a: [1, { b: 2 }], c: { d: [3] } }
    const copied = copyPlainObject(value, plenty)
    value.a.push(4)
    value.c.d.push(5)
    expect(copied).toEqual({ a: [1, { b: 2 }], c: { d: [3] } })
  })

  class List extends Array<unknown> {}
  const withJson = Object.assign([], { toJSON: () => 1 })
  const throwing = Object.defineProperty({}, 'a', { enumerable: true, get: () => JSON.parse('?') })
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'a'],
    ['an array', []],
    ['a date', new Date()],
    ['a map', new Map()],
    ['undefined inside', { a: undefined }],
    ['undefined in an array', { a: [undefined] }],
    ['a hole', { a: Array(1) }],
    ['a function', { a: () => 1 }],
    ['a symbol', { a: Symbol('a') }],
    ['a bigint', { a: 1n }],
    ['NaN', { a: Number.NaN }],
    ['infinity', { a: [Number.POSITIVE_INFINITY] }],
    ['a date inside', { a: new Date() }],
    ['an array of another kind', { a: List.from([1]) }],
    ['toJSON', { toJSON: () => 1 }],
    ['toJSON inside', { a: { toJSON: 1 } }],
    ['an array with toJSON', { a: withJson }],
    ['a getter that throws', throwing],
    ['a proxy that is revoked', { a: revoked.proxy }],
  ])('leaves %s to others', (_, value) => {
    expect(copyPlainObject(value, plenty)).toBeUndefined()
  })

  test('a circle ends', () => {
    const circle: Record<string, unknown> = {}
    circle.a = [circle]
    expect(copyPlainObject(circle, 1e9)).toBeUndefined()
  })

  test.each([
    [99, true],
    [100, true],
    [101, false],
  ])('%i levels', (depth, isCopied) => {
    expect(copyPlainObject({ a: nest(depth - 1) }, 1e6) !== undefined).toBe(isCopied)
    expect(copyPlainObject({ a: [nest(depth - 2)] }, 1e6) !== undefined).toBe(isCopied)
  })

  /** The least limit at which something is copied. */
  const least = (value: object) => {
    for (let limit = 0; ; limit++) if (copyPlainObject(value, limit) !== undefined) return limit
  }
  test.each<[object, number]>([
    [{ a: '' }, 2 + 10 + 3],
    [{ abc: 'abcd' }, 2 + 22 + 27],
    [{ a: 1 }, 2 + 10 + 25],
    [{ a: true, b: null }, 2 + 2 * 10 + 2 * 25],
    [{ a: [] }, 2 + 10 + 25],
    [{ a: ['b', 1] }, 2 + 10 + 25 + 9 + 25],
    [{ a: { b: '' } }, 2 + 10 + 25 + 10 + 3],
  ])('%j is copied within %i bytes', (value, bytes) => {
    expect(least(value)).toBe(bytes)
  })
})
