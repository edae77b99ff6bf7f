import { AccessError, InvalidMetadataError, StatementError, TrustUnavailableError } from '@software-statement/core'
import {
  type Attempt,
  createLimits,
  type LimiterRule,
  type LimitOptions,
  type RequestLimits,
} from '@software-statement/registration'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { basic, nameOf, post, serveClients } from '../../support/client-server.js'

const one: Attempt = { kind: 'client', clientId: 'app', address: '192.0.2.1' }
const seconds = (count: number) => vi.advanceTimersByTime(count * 1000)

beforeEach(() => {
  // The limiters in memory have the clock and the timers of the system.
  vi.useFakeTimers({ now: Date.parse('2026-11-21T12:00:00Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const failure = () => new AccessError('ERR_CLIENT_AUTHENTICATION', 'wrong')

/** What becomes of an attempt: `made`, its own error, or `429 after` some seconds without it having been made. */
async function attempt(limits: RequestLimits, who: Attempt, error?: Error): Promise<string> {
  let made = false
  const check = async () => {
    made = true
    if (error !== undefined) throw error
  }
  return limits.attempt(who, check).then(
    () => 'made',
    (thrown) => describeRefusal(thrown, made),
  )
}

function describeRefusal(error: unknown, made: boolean): string {
  if (!(error instanceof StatementError)) throw error
  if (!(error instanceof AccessError) || error.code !== 'ERR_RATE_LIMITED') return error.code
  return `429 after ${error.retryAfter}${made ? ', too late' : ''}`
}

/** As many failures in a row. */
async function fail(limits: RequestLimits, count: number, who: Attempt = one): Promise<readonly string[]> {
  const outcomes: string[] = []
  for (let n = 0; n < count; n++) outcomes.push(await attempt(limits, who, failure()))
  return outcomes
}

const wrong = 'ERR_CLIENT_AUTHENTICATION'

describe('failures of one client at one address', () => {
  test('are answered ten times; then there is a pause in which nothing is attempted', async () => {
    const limits = createLimits()
    expect(await fail(limits, 10)).toEqual(Array(10).fill(wrong))
    expect(await attempt(limits, one)).toBe('429 after 10')
    seconds(9.5)
    expect(await attempt(limits, one)).toBe('429 after 1')
    seconds(0.5)
    expect(await attempt(limits, one)).toBe('made')
  })

  test('after a pause lead to one that is twice as long, up to the longest', async () => {
    const limits = createLimits({ failures: 3, firstPause: 10, longestPause: 100 })
    await fail(limits, 2)
    const pauses: string[] = []
    for (const pause of [10, 20, 40, 80, 100, 100]) {
      expect(await attempt(limits, one, failure())).toBe(wrong)
      pauses.push(await attempt(limits, one, failure()))
      seconds(pause)
    }
    expect(pauses).toEqual([10, 20, 40, 80, 100, 100].map((pause) => `429 after ${pause}`))
  })

  test('are forgotten when an attempt succeeds', async () => {
    const limits = createLimits()
    await fail(limits, 9)
    expect(await attempt(limits, one)).toBe('made')
    expect(await fail(limits, 10)).toEqual(Array(10).fill(wrong))
  })

  test('are forgotten with all pauses when an attempt succeeds', async () => {
    const limits = createLimits({ failures: 2 })
    await fail(limits, 2)
    for (const pause of [10, 20]) {
      seconds(pause)
      await fail(limits, 1)
    }
    seconds(40)
    expect(await attempt(limits, one)).toBe('made')
    expect(await fail(limits, 3)).toEqual([wrong, wrong, '429 after 10'])
    seconds(10)
    expect(await attempt(limits, one)).toBe('made')
  })

  test('are forgotten after a time', async () => {
    const limits = createLimits({ forgetAfter: '1 hour' })
    await fail(limits, 9)
    seconds(3601)
    expect(await fail(limits, 11)).toEqual([...Array(10).fill(wrong), '429 after 10'])
    seconds(3611)
    expect(await fail(limits, 11)).toEqual([...Array(10).fill(wrong), '429 after 10'])
  })

  test('keep nobody out at another address, and no other client', async () => {
    const limits = createLimits()
    await fail(limits, 11)
    expect(await attempt(limits, { ...one, address: '192.0.2.2' })).toBe('made')
    expect(await attempt(limits, { ...one, clientId: 'other' })).toBe('made')
    expect(await attempt(limits, { ...one, kind: 'registration-token' })).toBe('made')
    expect(await attempt(limits, one)).toBe('429 after 10')
  })

  test('count for all addresses of an IPv6 host together, and for IPv4 in IPv6 as for IPv4', async () => {
    const limits = createLimits()
    await fail(limits, 11, { ...one, address: '2001:db8:1:2::1' })
    expect(await attempt(limits, { ...one, address: '2001:db8:1:2:ffff::9' })).toBe('429 after 10')
    expect(await attempt(limits, { ...one, address: '2001:db8:1:3::1' })).toBe('made')
    await fail(limits, 11)
    expect(await attempt(limits, { ...one, address: '::ffff:192.0.2.1' })).toBe('429 after 10')
  })

  test('count together where no address is known', async () => {
    const limits = createLimits({ failuresPerAddress: 5 })
    const unknown = { kind: 'client', clientId: 'app', address: undefined } as const
    expect(await fail(limits, 11, unknown)).toEqual([...Array(10).fill(wrong), '429 after 10'])
    expect(await attempt(limits, { ...unknown, clientId: 'other' })).toBe('made')
  })

  test('names are told apart, wherever one ends and the next begins', async () => {
    const limits = createLimits({ failures: 1 })
    await fail(limits, 1, { kind: 'client', clientId: 'a","b', address: undefined })
    expect(await attempt(limits, { kind: 'client', clientId: 'a', address: 'b' })).toBe('made')
    await fail(limits, 1, { kind: 'initial-token', address: '192.0.2.1' })
    expect(await attempt(limits, { kind: 'initial-token', clientId: 'null', address: '192.0.2.1' })).toBe('made')
  })

  test('are none where something else went wrong', async () => {
    const limits = createLimits({ failures: 1, failuresPerAddress: 1 })
    const others = [
      new AccessError('ERR_CLIENT_REQUEST', 'x'),
      new AccessError('ERR_TOKEN_MISSING', 'x'),
      new TrustUnavailableError('ERR_CLIENT_KEYS_UNAVAILABLE', 'x'),
      new InvalidMetadataError([{ code: 'ERR_URI', message: 'x' }]),
    ]
    for (const error of others) expect(await attempt(limits, one, error)).toBe(error.code)
    expect(await attempt(limits, one, new AccessError('ERR_TOKEN_INVALID', 'x'))).toBe('ERR_TOKEN_INVALID')
    expect(await attempt(limits, one)).toBe('429 after 60')
  })

  test('are counted without end where the limit is unlimited', async () => {
    const limits = createLimits({ failures: 'unlimited', failuresPerAddress: 'unlimited' })
    expect(await fail(limits, 50)).toEqual(Array(50).fill(wrong))
  })
})

describe('failures of one address', () => {
  const guess = (n: number): Attempt => ({ ...one, clientId: `guessed-${n}` })

  test('are counted together, whatever clients they name, existing or not', async () => {
    const limits = createLimits()
    for (let n = 0; n < 100; n++) expect(await attempt(limits, guess(n), failure())).toBe(wrong)
    seconds(20)
    expect(await attempt(limits, guess(100))).toBe('429 after 40')
    expect(await attempt(limits, { ...one, address: '192.0.2.2' })).toBe('made')
    seconds(40)
    expect(await attempt(limits, guess(101))).toBe('made')
  })

  test('are not forgotten because one attempt succeeds: an attacker has a client, too', async () => {
    const limits = createLimits({ failuresPerAddress: 4 })
    for (let n = 0; n < 4; n++) {
      expect(await attempt(limits, guess(n), failure())).toBe(wrong)
      expect(await attempt(limits, one)).toBe(n < 3 ? 'made' : '429 after 60')
    }
  })

  test('with initial access tokens lead to a pause of the address, and no other', async () => {
    const limits = createLimits()
    const token = { kind: 'initial-token', address: '192.0.2.1' } as const
    await fail(limits, 10, token)
    expect(await attempt(limits, token)).toBe('429 after 10')
    expect(await attempt(limits, { ...token, address: '192.0.2.2' })).toBe('made')
    const nowhere = { kind: 'initial-token', address: undefined } as const
    expect(await fail(limits, 200, nowhere)).toEqual(Array(200).fill(wrong))
  })
})

describe('attempts that overlap are no way around a limit', () => {
  /** Begins many attempts before any of them ends; each ends with the outcome that is given for it. */
  async function overlap(limits: RequestLimits, outcomes: readonly (Error | undefined)[], who = (_: number) => one) {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const begun: string[] = []
    const results = outcomes.map((error, n) => {
      const check = async () => {
        begun.push('begun')
        await gate
        if (error !== undefined) throw error
      }
      return limits.attempt(who(n), check).then(
        () => 'made',
        (thrown) => describeRefusal(thrown, true),
      )
    })
    await vi.waitUntil(() => begun.length === outcomes.length)
    release()
    return Promise.all(results)
  }

  test('of a thousand wrong ones ten are answered', async () => {
    const limits = createLimits()
    const outcomes = await overlap(limits, Array.from({ length: 1000 }, failure))
    expect(outcomes.filter((outcome) => outcome === wrong)).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome.endsWith('too late'))).toHaveLength(990)
  })

  test('the right one behind ten wrong ones is not told', async () => {
    const limits = createLimits()
    const outcomes = await overlap(limits, [...Array.from({ length: 10 }, failure), undefined])
    expect(outcomes.at(-1)).toBe('429 after 10, too late')
  })

  test('as many right ones as there are succeed', async () => {
    const limits = createLimits()
    expect(await overlap(limits, Array(200).fill(undefined))).toEqual(Array(200).fill('made'))
  })

  test('a burst makes the pause that follows no longer than one failure does', async () => {
    const limits = createLimits()
    await overlap(limits, Array.from({ length: 500 }, failure))
    seconds(10)
    const second = await overlap(limits, Array.from({ length: 500 }, failure))
    expect(second.filter((outcome) => outcome === wrong)).toHaveLength(1)
    expect(await attempt(limits, one)).toBe('429 after 20')
    seconds(20)
    expect(await attempt(limits, one)).toBe('made')
  })

  test('a pause that nobody has come to write down begins with the next attempt', async () => {
    class Failing extends RateLimiterMemory {
      override set = () => Promise.reject(new Error('connection refused'))
    }
    const shared = new Map<string, RateLimiterMemory>()
    const share = (make: (rule: LimiterRule) => RateLimiterMemory) => (rule: LimiterRule) => {
      const limiter = make(rule)
      // One memory for both, whatever each of them can do with it.
      Object.assign(limiter, { _memoryStorage: Reflect.get(shared.get(rule.keyPrefix) ?? limiter, '_memoryStorage') })
      shared.set(rule.keyPrefix, shared.get(rule.keyPrefix) ?? limiter)
      return limiter
    }
    const failing = createLimits({ failures: 2, createLimiter: share((rule) => new Failing(rule)) })
    const sound = createLimits({ failures: 2, createLimiter: share((rule) => new RateLimiterMemory(rule)) })
    expect(await fail(failing, 2)).toEqual([wrong, 'ERR_STORE_UNAVAILABLE'])
    expect(await attempt(sound, one)).toBe('429 after 10')
    seconds(10)
    expect(await attempt(sound, one)).toBe('made')
  })

  test('of many clients at one address no more are answered than the address may try', async () => {
    const limits = createLimits({ failuresPerAddress: 20 })
    const outcomes = await overlap(limits, Array.from({ length: 200 }, failure), (n) => ({ ...one, clientId: `guessed-${n}` }))
    expect(outcomes.filter((outcome) => outcome === wrong)).toHaveLength(20)
  })
})

describe('registrations', () => {
  const register = (limits: RequestLimits, address?: string) =>
    limits.countRegistration(address).then(
      () => 'counted',
      (error) => describeRefusal(error, false),
    )

  test('are a thousand a minute from one address', async () => {
    const limits = createLimits()
    for (let n = 0; n < 1000; n++) expect(await register(limits, '192.0.2.1')).toBe('counted')
    seconds(30)
    expect(await register(limits, '192.0.2.1')).toBe('429 after 30')
    expect(await register(limits, '192.0.2.2')).toBe('counted')
    seconds(30)
    expect(await register(limits, '192.0.2.1')).toBe('counted')
  })

  test('from nobody knows where count together', async () => {
    const limits = createLimits({ registrationsPerAddress: 1 })
    expect([await register(limits), await register(limits)]).toEqual(['counted', '429 after 60'])
    expect(await register(limits, '192.0.2.1')).toBe('counted')
  })

  test('are limited by issuer and software_id together', async () => {
    const limits = createLimits({ registrationsPerSoftware: 2 })
    const count = (issuer: string, softwareId: string) =>
      limits.countSoftware(issuer, softwareId).then(
        () => 'counted',
        (error) => describeRefusal(error, false),
      )
    expect([await count('a', 'mail'), await count('a', 'mail'), await count('a', 'mail')]).toEqual([
      'counted',
      'counted',
      '429 after 60',
    ])
    expect([await count('b', 'mail'), await count('a', 'news')]).toEqual(['counted', 'counted'])
  })

  test('have no limit where it is unlimited', async () => {
    const limits = createLimits({ registrationsPerAddress: 'unlimited', registrationsPerSoftware: 'unlimited' })
    for (let n = 0; n < 3000; n++) expect(await register(limits)).toBe('counted')
  })
})

describe('what counts', () => {
  test('can be shared by several processes', async () => {
    const shared = new Map<string, RateLimiterMemory>()
    const rules: LimiterRule[] = []
    const createLimiter = (rule: LimiterRule) => {
      rules.push(rule)
      const limiter = shared.get(rule.keyPrefix) ?? new RateLimiterMemory(rule)
      shared.set(rule.keyPrefix, limiter)
      return limiter
    }
    const [here, there] = [createLimits({ createLimiter }), createLimits({ createLimiter })]
    await fail(here, 5)
    await fail(there, 5)
    expect([await attempt(here, one), await attempt(there, one)]).toEqual(['429 after 10', '429 after 10'])
    expect(shared.size).toBe(4)
    expect(rules.slice(0, 4)).toEqual([
      { keyPrefix: 'software-statement-failures', points: 10, duration: 3600 },
      { keyPrefix: 'software-statement-address', points: 100, duration: 60 },
      { keyPrefix: 'software-statement-registration', points: 1000, duration: 60 },
      { keyPrefix: 'software-statement-software', points: 10_000, duration: 60 },
    ])
  })

  test('is an outage where it cannot be asked, and lets nobody through', async () => {
    class Broken extends RateLimiterMemory {
      override get = () => Promise.reject(new Error('connection refused'))
      override consume = () => Promise.reject(new Error('connection refused'))
    }
    const limits = createLimits({ createLimiter: (rule) => new Broken(rule) })
    expect(await attempt(limits, one)).toBe('ERR_STORE_UNAVAILABLE')
    await expect(limits.countRegistration('192.0.2.1')).rejects.toThrow(TrustUnavailableError)
    await expect(limits.countSoftware('a', 'b')).rejects.toThrow(TrustUnavailableError)
  })

  test('is bounded in memory: what was used least recently is forgotten', async () => {
    const limits = createLimits({ failures: 1, capacity: 10, failuresPerAddress: 'unlimited' })
    const client = (n: number) => ({ ...one, clientId: `client-${n}` })
    for (let n = 0; n < 11; n++) await fail(limits, 1, client(n))
    expect(await attempt(limits, client(0))).toBe('made')
    expect(await attempt(limits, client(10))).toBe('429 after 10')
    expect(vi.getTimerCount()).toBeLessThanOrEqual(10)
  })

  test('keeps names of one length, whatever is sent', async () => {
    const names: unknown[] = []
    class Watched extends RateLimiterMemory {
      override penalty(name: string | number) {
        names.push(name)
        return super.penalty(name)
      }
    }
    await fail(createLimits({ createLimiter: (rule) => new Watched(rule) }), 1, { ...one, clientId: 'a'.repeat(100_000) })
    expect(names).toEqual([expect.stringMatching(/^[\w-]{43}\.0$/)])
  })
})

describe('options that make no sense are mistakes of the program', () => {
  test.each<[string, object]>([
    ['failure', { failure: 10 }],
    ['failures', { failures: 0 }],
    ['failures', { failures: '10' }],
    ['failures', { failures: Number.POSITIVE_INFINITY }],
    ['failuresPerAddress', { failuresPerAddress: -1 }],
    ['registrationsPerAddress', { registrationsPerAddress: 0.5 }],
    ['registrationsPerSoftware', { registrationsPerSoftware: null }],
    ['capacity', { capacity: 0 }],
    ['createLimiter', { createLimiter: {} }],
    ['createLimiter', { createLimiter: () => undefined }],
    ['createLimiter', { createLimiter: async (rule: LimiterRule) => new RateLimiterMemory(rule) }],
    ['options must be an object', null as unknown as object],
    ['firstPause', { firstPause: 0 }],
    ['firstPause', { firstPause: '2 hours' }],
    ['longestPause', { longestPause: '8 days' }],
    ['forgetAfter', { forgetAfter: '8 days' }],
    ['duration', { forgetAfter: 'never' }],
  ])('%s: %o', (name, options) => {
    expect(() => createLimits(options as LimitOptions)).toThrow(TypeError) // what JavaScript lets pass
    expect(() => createLimits(options as LimitOptions)).toThrow(name)
  })
})

describe('the clients of a server', () => {
  test('are kept out after ten wrong secrets, and let in by the right one elsewhere and later', async () => {
    const { authenticate, admit } = serveClients({ limits: createLimits() })
    const secret = await admit('app', {})
    const from = (address: string, text: string) =>
      nameOf(authenticate(post({}, basic('app', text)), { address })).catch((error) => describeRefusal(error, false))
    for (let n = 0; n < 10; n++) expect(await from('192.0.2.66', `guess-${n}`)).toBe(wrong)
    expect(await from('192.0.2.66', secret)).toBe('429 after 10')
    expect(await from('192.0.2.1', secret)).toBe('app authenticated by client_secret_basic')
    seconds(10)
    expect(await from('192.0.2.66', secret)).toBe('app authenticated by client_secret_basic')
  })

  test('are not counted for requests that contradict themselves', async () => {
    const { authenticate, admit } = serveClients({ limits: createLimits({ failures: 1 }) })
    const secret = await admit('app', {})
    const twice = post({ client_id: 'app', client_secret: secret }, basic('app', secret))
    await expect(authenticate(twice, { address: '192.0.2.1' })).rejects.toMatchObject({ code: 'ERR_CLIENT_REQUEST' })
    expect(await nameOf(authenticate(post({}, basic('app', secret)), { address: '192.0.2.1' }))).toContain('authenticated')
  })
})
