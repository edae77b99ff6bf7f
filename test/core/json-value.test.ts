import { canonicalJson, isEqualJson, isPlainObject } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

describe('plain objects', () => {
  test.each<[what: string, value: unknown, plain: boolean]>([
    ['an empty object', {}, true],
    ['an object with members', { a: 1 }, true],
    ['an object without a prototype', Object.create(null), true],
    ['an object whose prototype has members', Object.create({ a: 1 }), false],
    ['an array', [], false],
    ['null', null, false],
    ['undefined', undefined, false],
    ['a text', 'a', false],
    ['a function', () => undefined, false],
    ['a map', new Map(), false],
    ['a date', new Date(0), false],
    ['an error', new Error('a'), false],
  ])('%s', (_, value, plain) => {
    expect(isPlainObject(value)).toBe(plain)
  })
})

describe('equality', () => {
  test.each<[one: unknown, other: unknown, equal: boolean]>([
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [[1, 23], [12, 3], false],
    [[1, 23], [123], false],
    [['a', 'b'], ['b', 'a'], false],
    [[], {}, false],
    [['a'], { 0: 'a' }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: 1 }, [{ a: 1 }], false],
    ['a', 'a', true],
    ['1', 1, false],
    ['{"a":1}', { a: 1 }, false],
    [null, {}, false],
    [null, null, true],
    [undefined, undefined, true],
    [undefined, null, false],
    [0, -0, true],
  ])('%j and %j: %s', (one, other, equal) => {
    expect(isEqualJson(one, other)).toBe(equal)
    expect(isEqualJson(other, one)).toBe(equal)
  })
})

test.each<[value: unknown, text: string]>([
  [[1, 23, ['a']], '[1,23,["a"]]'],
  [{ b: 1, a: { d: null, c: true } }, '{"a":{"c":true,"d":null},"b":1}'],
  ['a"b', '"a\\"b"'],
])('%j is written as %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})
