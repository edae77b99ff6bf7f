import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLifetime } from '../../../packages/verifier/src/keys/freshness.js'

const now = new Date('2026-11-21T12:00:00Z')
const in10Minutes = 'Sat, 21 Nov 2026 12:10:00 GMT'

test.each<[headers: Readonly<Record<string, string>>, seconds: number | undefined]>([
  [{}, undefined],
  [{ 'cache-control': '' }, undefined],
  [{ 'cache-control': 'public, must-revalidate' }, undefined],
  [{ 'cache-control': 'max-age=300' }, 300],
  [{ 'cache-control': 'Public, MAX-AGE=300, immutable' }, 300],
  [{ 'cache-control': 'max-age="300"' }, 300],
  [{ 'cache-control': 's-maxage=900, max-age=300' }, 300],
  [{ 'cache-control': 'x-max-age=900' }, undefined],
  [{ 'cache-control': 'max-age=900, max-age=300' }, 300],
  [{ 'cache-control': 'max-age=300', age: '100' }, 200],
  [{ 'cache-control': 'max-age=300', age: '301' }, 0],
  [{ 'cache-control': 'max-age=300', age: 'old' }, 300],
  [{ 'cache-control': 'max-age=0' }, 0],
  [{ 'cache-control': 'max-age=-1' }, 0],
  [{ 'cache-control': 'max-age=1e9' }, 0],
  [{ 'cache-control': 'max-age' }, 0],
  [{ 'cache-control': 'max-age=soon' }, 0],
  [{ 'cache-control': 'max-age=300, no-store' }, 0],
  [{ 'cache-control': 'no-cache', expires: in10Minutes }, 0],
  [{ 'cache-control': 'no-cache="set-cookie", max-age=300' }, 0],
  [{ expires: in10Minutes }, 600],
  [{ expires: in10Minutes, date: 'Sat, 21 Nov 2026 12:05:00 GMT' }, 300],
  [{ expires: in10Minutes, date: 'today' }, 600],
  [{ expires: in10Minutes, age: '60' }, 540],
  [{ expires: in10Minutes, 'cache-control': 'max-age=60' }, 60],
  [{ expires: '0' }, 0],
  [{ expires: 'never' }, 0],
  [{ expires: 'Sat, 21 Nov 2020 12:00:00 GMT' }, 0],
])('%j: %s', (headers, seconds) => {
  expect(readLifetime(new Headers(headers), now)).toBe(seconds)
})

test('nothing a server says makes a time that is none', () => {
  const text = fc.stringMatching(/^[ -~]*$/)
  fc.assert(
    fc.property(text, text, text, text, (cacheControl, expires, age, date) => {
      const seconds = readLifetime(new Headers({ 'cache-control': cacheControl, expires, age, date }), now)
      expect(seconds === undefined || (Number.isFinite(seconds) && seconds >= 0)).toBe(true)
    }),
  )
})
