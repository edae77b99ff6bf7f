import { AccessError } from '@software-statement/core'
import { createLimits, type RequestLimits } from '@software-statement/registration'
import { Pool } from 'pg'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database, obstacle } from '../../support/postgres.js'

// Limits that processes share over a database: what counts in memory counts there in the same way.

if (obstacle !== undefined) console.log(`left out: limits over PostgreSQL, since ${obstacle}`)

const who = { kind: 'client', clientId: 'app', address: '192.0.2.1' } as const
const wrong = new AccessError('ERR_CLIENT_AUTHENTICATION', 'wrong')

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'made',
    (error) => error.code,
  )
const attempt = (limits: RequestLimits, error?: Error) =>
  codeOf(limits.attempt(who, () => (error === undefined ? Promise.resolve() : Promise.reject(error))))

describe.skipIf(obstacle !== undefined)('limits that two processes share over PostgreSQL', () => {
  let database: Database
  const pools: Pool[] = []
  const tableName = 'limits'
  const connect = () => {
    const pool = new Pool({ connectionString: database.url })
    // Its database is dropped in the end, whether connections have been closed by then or not.
    pool.on('error', () => undefined)
    pools.push(pool)
    return pool
  }

  beforeAll(async () => {
    database = await createDatabase()
    const rule = { points: 1, duration: 1, storeClient: connect(), tableName }
    await new Promise<void>((resolve, reject) => {
      new RateLimiterPostgres(rule, (error) => (error === undefined ? resolve() : reject(error)))
    })
  })

  afterAll(async () => {
    for (const pool of pools) await pool.end()
    await database.drop()
  })

  /** Limits as one process makes them, with connections of its own. */
  function makeLimits(prefix: string, options = {}): RequestLimits {
    const storeClient = connect()
    return createLimits({
      createLimiter: (rule) =>
        new RateLimiterPostgres({
          ...rule,
          storeClient,
          tableName,
          tableCreated: true,
          keyPrefix: `${prefix}-${rule.keyPrefix}`,
        }),
      ...options,
    })
  }

  test('ten failures are answered, wherever; then both pause, until the pause is over', async () => {
    const here = makeLimits('a', { firstPause: 1 })
    const there = makeLimits('a', { firstPause: 1 })
    for (let n = 0; n < 5; n++) {
      expect([await attempt(here, wrong), await attempt(there, wrong)]).toEqual(Array(2).fill('ERR_CLIENT_AUTHENTICATION'))
    }
    expect(await attempt(here)).toBe('ERR_RATE_LIMITED')
    await expect.poll(() => attempt(there), { timeout: 15_000 }).toBe('made')
    expect(await attempt(here, wrong)).toBe('ERR_CLIENT_AUTHENTICATION')
  })

  test('of many wrong ones at once no more are answered than in one process', async () => {
    const both = [makeLimits('b'), makeLimits('b')]
    const outcomes = await Promise.all(both.flatMap((limits) => Array.from({ length: 50 }, () => attempt(limits, wrong))))
    expect(outcomes.filter((outcome) => outcome === 'ERR_CLIENT_AUTHENTICATION')).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome === 'ERR_RATE_LIMITED')).toHaveLength(90)
    for (const limits of both) expect(await attempt(limits)).toBe('ERR_RATE_LIMITED')
  })

  test('registrations count together', async () => {
    const both = [makeLimits('c', { registrationsPerAddress: 5 }), makeLimits('c', { registrationsPerAddress: 5 })]
    const counted = await Promise.all(
      both.flatMap((limits) => Array.from({ length: 5 }, () => codeOf(limits.countRegistration('192.0.2.1')))),
    )
    expect(counted.filter((outcome) => outcome === 'made')).toHaveLength(5)
  })
})
