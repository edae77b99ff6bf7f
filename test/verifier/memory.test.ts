import { memorySeenStatements, type ReplayMark, type SeenStatements } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { issuer, now } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'

const mark = (jti: string, expiresAt?: number): ReplayMark => ({
  issuer,
  jti,
  mode: 'once',
  ...(expiresAt === undefined ? {} : { expiresAt }),
})
const consume = (seen: SeenStatements, ...[given, time = now]: readonly [ReplayMark, number?]) => seen.consume(given, time)

describe('memory', () => {
  test('a mark is consumed once', async () => {
    const seen = memorySeenStatements()
    expect(await consume(seen, mark('a', now + 10))).toBe('first')
    expect(await consume(seen, mark('a', now + 10))).toBe('seen')
    expect(await consume(seen, mark('b', now + 10))).toBe('first')
  })

  test.each([Number.NaN, undefined, Number.POSITIVE_INFINITY, '0'])(
    'a time that is none (%o) never makes a mark expire',
    async (time) => {
      const seen = memorySeenStatements({ capacity: 1 })
      await seen.consume(mark('a', now + 10), now)
      await expect(seen.consume(mark('a', now + 10), time as number)).rejects.toThrow(TypeError)
      await expect(seen.consume(mark('b', Number.NaN), now)).rejects.toThrow(TypeError)
      expect(await seen.consume(mark('a', now + 10), now)).toBe('seen')
    },
  )

  test('marks of different issuers are different, however their names are put together', async () => {
    const seen = memorySeenStatements()
    const names: readonly (readonly [string, string])[] = [
      ['a', 'b'],
      ['ab', ''],
      ['', 'ab'],
      ['a","b', ''],
      ['a', 'b"]'],
      ['["a"', 'b'],
    ]
    for (const [name, jti] of names) expect(await seen.consume({ issuer: name, jti, mode: 'once' }, now)).toBe('first')
  })

  test('of many at once exactly one is the first', async () => {
    const seen = memorySeenStatements()
    const answers = await Promise.all(Array.from({ length: 100 }, () => consume(seen, mark('a'))))
    expect(answers.filter((answer) => answer === 'first')).toHaveLength(1)
  })

  test('a mark is forgotten when it may be, and not before', async () => {
    const seen = memorySeenStatements()
    await consume(seen, mark('a', now + 10))
    await consume(seen, mark('for ever'))
    expect(await consume(seen, mark('a', now + 10), now + 9)).toBe('seen')
    expect(await consume(seen, mark('a', now + 99), now + 10)).toBe('first')
    expect(await consume(seen, mark('a', now + 99), now + 11)).toBe('seen')
    expect(await consume(seen, mark('for ever'), now + 1e9)).toBe('seen')
  })

  test('when it is full it says so and forgets nothing', async () => {
    const seen = memorySeenStatements({ capacity: 2 })
    await consume(seen, mark('a', now + 10))
    await consume(seen, mark('b', now + 20))
    expect(await outcomeOfPromise(consume(seen, mark('c', now + 30)))).toBe('ERR_REPLAY_UNAVAILABLE')
    expect(await consume(seen, mark('a', now + 10))).toBe('seen')
    expect(await consume(seen, mark('b', now + 20))).toBe('seen')
    expect(await consume(seen, mark('c', now + 30), now + 10)).toBe('first')
    expect(await outcomeOfPromise(consume(seen, mark('d', now + 40), now + 11))).toBe('ERR_REPLAY_UNAVAILABLE')
  })

  test('a mark that is known may be renewed when it has expired, also where there is no room', async () => {
    const seen = memorySeenStatements({ capacity: 1 })
    await consume(seen, mark('a', now + 10))
    expect(await consume(seen, mark('a', now + 99), now + 10)).toBe('first')
    expect(await outcomeOfPromise(consume(seen, mark('b'), now + 98))).toBe('ERR_REPLAY_UNAVAILABLE')
    expect(await consume(seen, mark('b'), now + 99)).toBe('first')
  })

  test('one mark after the other is forgotten at its own time', async () => {
    const seen = memorySeenStatements({ capacity: 3 })
    for (const [jti, expiresAt] of Object.entries({ a: 10, b: 20, c: 15 })) await consume(seen, mark(jti, now + expiresAt))
    for (const [jti, at] of Object.entries({ d: 10, e: 15, f: 20 })) {
      expect(await outcomeOfPromise(consume(seen, mark(jti, now + 99), now + at - 1))).toBe('ERR_REPLAY_UNAVAILABLE')
      expect(await consume(seen, mark(jti, now + 99), now + at)).toBe('first')
    }
  })

  test.each([{ size: 5 }, { capacity: '5' }, null, 5, [5]])('%j are no options', (options) => {
    expect(() => memorySeenStatements(options as object)).toThrow(TypeError)
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a capacity of %s is none', (capacity) => {
    expect(() => memorySeenStatements({ capacity })).toThrow(TypeError)
  })
})
