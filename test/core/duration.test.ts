import { parseDuration } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

describe('durations', () => {
  test.each([
    [0, 0],
    [300, 300],
    [0.5, 0.5],
    ['0', 0],
    ['300', 300],
    ['1 s', 1],
    ['30 seconds', 30],
    ['30secs', 30],
    ['10 minutes', 600],
    ['10min', 600],
    ['12 hours', 43_200],
    ['1.5 hours', 5400],
    ['90 days', 7_776_000],
    ['90 Days', 7_776_000],
    ['90d', 7_776_000],
    ['2 weeks', 1_209_600],
    ['1 year', 31_557_600],
    ['100 years', 3_155_760_000],
    [3_155_760_000, 3_155_760_000],
  ])('%j is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test.each<[unknown]>([
    [-1],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e99],
    [3_155_760_001],
    ['3155760001'],
    ['101 years'],
    ['999999999 years'],
    [90 * 86_400_000],
    [''],
    [' '],
    ['days'],
    ['-1 day'],
    ['+1 day'],
    ['1  day'],
    [' 1 day'],
    ['1 day '],
    ['1 day\n'],
    ['1 month'],
    ['1e3'],
    ['1,5 hours'],
    ['.5 hours'],
    ['1 day 2 hours'],
    ['0x10'],
    ['9'.repeat(10)],
    ['1 toString'],
    ['1 \u212b'],
    ['P1D'],
    [null],
    [undefined],
    [{}],
    [true],
  ])('%j is none', (value) => {
    // Callers in JavaScript pass what they like.
    expect(() => parseDuration(value as string)).toThrow(TypeError)
  })
})
