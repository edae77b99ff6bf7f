import { remoteKeys, trustIssuers } from '@software-statement/verifier'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { good, header, kidsOf, respond, serve, set, uri } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { verify } from '../support/registration.js'

const minutes = 60_000

// The clock only, and by hand: the time limits of requests stay real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T12:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})
const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)

describe('how often it is asked', () => {
  test('many statements at once make one request', async () => {
    const { fetch, requests } = serve(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return respond(set)
    })
    const trust = trustIssuers([{ issuer, jwksUri: uri }], { fetch })
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOfPromise(verify(makeStatement(), { trust }))))
    expect(new Set(outcomes)).toEqual(new Set(['accepted']))
    expect(requests).toHaveLength(1)
  })

  test('keys are kept for ten minutes', async () => {
    const { fetch, requests } = serve(() => respond(set))
    const source = remoteKeys(uri, fetch)
    for (const [later, asked] of [
      [0, 1],
      [9 * minutes, 1],
      [59_000, 1],
      [1000, 2],
    ] as const) {
      pass(later)
      await source(header(good.kid))
      expect(requests).toHaveLength(asked)
    }
  })

  test('an unknown kid is looked up at most every 30 seconds, however many come', async () => {
    const { fetch, requests } = serve(() => respond(set))
    const source = remoteKeys(uri, fetch)
    await source(header(good.kid))
    for (const kid of ['a', 'b', 'c']) expect(await kidsOf(source, kid)).toEqual([good.kid])
    expect(requests).toHaveLength(1)
    pass(30_000)
    await Promise.all(Array.from({ length: 20 }, (_, index) => source(header(`kid-${index}`))))
    expect(requests).toHaveLength(2)
    pass(29_000)
    await source(header('another'))
    expect(requests).toHaveLength(2)
  })

  test('a key that was added is found by its kid', async () => {
    const added = publicHalf(keys.other)
    const { fetch } = serve((request) => respond(request === 1 ? set : JSON.stringify({ keys: [good, added] })))
    const source = remoteKeys(uri, fetch)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(31_000)
    expect(await kidsOf(source, added.kid)).toEqual([good.kid, added.kid])
  })

  test('a key that was taken away is gone after ten minutes', async () => {
    const { fetch } = serve((request) => respond(request === 1 ? set : '{"keys":[]}'))
    const source = remoteKeys(uri, fetch)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(10 * minutes)
    expect(await kidsOf(source, good.kid)).toEqual([])
  })
})

describe('in an outage', () => {
  test('it is asked at most every 30 seconds, and found again when it is over', async () => {
    const { fetch, requests } = serve((request) => (request < 3 ? respond(null, { status: 500 }) : respond(set)))
    const source = remoteKeys(uri, fetch)
    for (const [later, asked, outcome] of [
      [0, 1, 'unavailable'],
      [0, 1, 'unavailable'],
      [29_000, 1, 'unavailable'],
      [1000, 2, 'unavailable'],
      [30_000, 3, [good.kid]],
    ] as const) {
      pass(later)
      expect(await kidsOf(source, good.kid)).toEqual(outcome)
      expect(requests).toHaveLength(asked)
    }
  })

  test('known keys are used for an hour, unknown ones are not looked for in vain', async () => {
    const { fetch } = serve((request) => (request === 1 ? respond(set) : respond('{"keys":[')))
    const source = remoteKeys(uri, fetch)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(10 * minutes)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(await kidsOf(source)).toEqual([good.kid])
    expect(await kidsOf(source, 'unknown')).toBe('unavailable')
    pass(49 * minutes)
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    pass(minutes)
    expect(await kidsOf(source, good.kid)).toBe('unavailable')
  })

  test('an unknown kid does not take good keys away', async () => {
    const { fetch, requests } = serve((request) => (request === 1 ? respond(set) : respond(null, { status: 503 })))
    const source = remoteKeys(uri, fetch)
    await source(header(good.kid))
    pass(30_000)
    expect(await kidsOf(source, 'unknown')).toBe('unavailable')
    expect(await kidsOf(source, good.kid)).toEqual([good.kid])
    expect(requests).toHaveLength(2)
  })
})
