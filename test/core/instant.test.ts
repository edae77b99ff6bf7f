import { parseInstant, toNumericDate } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('points in time', () => {
  test.each([
    ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21t12:00:00z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21T12:00:00.123456789Z', '2026-11-21T12:00:00.123Z'],
    ['2026-11-21T12:00:00+01:00', '2026-11-21T11:00:00.000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2026-11-21T23:59:59-12:00', '2026-11-22T11:59:59.000Z'],
    ['1795262400', '2026-11-21T12:00:00.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(parseInstant(text).toISOString()).toBe(instant)
  })

  test.each([
    '',
    'now',
    '2026-11-21',
    '2026-11-21T12:00:00',
    '2026-11-21T12:00Z',
    '2026-11-21 12:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T12:60:00Z',
    '2026-11-21T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-04-31T00:00:00+01:00',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-21T12:00:00+25:00',
    '2026-11-21T12:00:00Z\n',
    '+002026-11-21T12:00:00Z',
    '1795262400.5',
    '-1',
    '1795262400000',
    '1e9',
  ])('"%s" is none', (text) => {
    expect(() => parseInstant(text)).toThrow(TypeError)
  })

  test('every whole second is read back', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
        const seconds = toNumericDate(date)
        expect(toNumericDate(parseInstant(date.toISOString()))).toBe(seconds)
        expect(toNumericDate(parseInstant(String(seconds).slice(0, 11)))).toBe(Number(String(seconds).slice(0, 11)))
      }),
    )
  })

  test('a date that is none is no time: nothing would ever have expired', () => {
    expect(() => toNumericDate(new Date(Number.NaN))).toThrow(TypeError)
  })
})
