import { generateKeyPairSync } from 'node:crypto'
import { createGuardedFetch, type Jwk, trustIssuers } from '@software-statement/verifier'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificates, startServer, type TestServer } from '../../support/https-server.js'
import { keys as otherKeys, publicHalf, type TestKey } from '../../support/keys.js'
import { issuer, makeStatement } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'
import { verify } from '../../support/registration.js'

const steps = 24
const keys = Array.from({ length: steps + 2 }, (_, index): TestKey => {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return { ...jwk, kty: 'OKP', kid: `key-${index}` }
})
const statements = keys.map((key) => makeStatement({ key }))
const nameless = keys.map((key) => makeStatement({ key, header: { kid: undefined } }))
const withoutKid = ({ kid: _, ...key }: Jwk): Jwk => key
const legacy = withoutKid(otherKeys.ed25519)

let certificates: Awaited<ReturnType<typeof makeCertificates>>
let server: TestServer
let published: readonly Jwk[] = []
let answers = true

beforeAll(async () => {
  certificates = await makeCertificates()
  server = await startServer((_, response) => {
    // What is published now, though the answer takes a while: keys may come and go meanwhile.
    const body = JSON.stringify({ keys: published.map(publicHalf) })
    const answer = () => {
      if (answers) response.writeHead(200, { 'content-type': 'application/json' }).end(body)
      else response.writeHead(500).end()
    }
    setTimeout(answer, 3)
  }, certificates)
})

afterAll(() => server.close())

/** Trust in what the server publishes, with a clock that is set by hand. */
function open() {
  let seconds = 1_800_000_000
  const fetch = createGuardedFetch({ ca: certificates.ca, allowHosts: [`localhost:${server.port}`] })
  const now = () => new Date(seconds * 1000)
  const trust = trustIssuers([{ issuer, jwksUri: `https://localhost:${server.port}/jwks` }], { fetch, now })
  const pass = (more: number) => {
    seconds += more
  }
  const judge = (statement = '') => outcomeOfPromise(verify(statement, { trust }))
  return { pass, judge, check: (index: number) => judge(statements[index]) }
}

describe('keys that rotate under load', () => {
  const asTheyAre = (set: readonly Jwk[]) => set
  test.each([
    ['published when they are used first', 0, asTheyAre, statements],
    ['published one step before', 1, asTheyAre, statements],
    ['beside an old one without a kid', 0, (set: readonly Jwk[]) => [legacy, ...set], statements],
    ['without a kid', 0, (set: readonly Jwk[]) => set.map(withoutKid), nameless],
  ])('%s make no wrong refusal', async (_, early, publish, signed) => {
    const { pass, judge } = open()
    const before = server.counts.requests
    const outcomes = new Map<string, number>()
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    const underWay: Promise<unknown>[] = []
    for (let step = 1; step < steps; step++) {
      published = publish(keys.slice(Math.max(0, step - 2), step + early + 1))
      // What is signed with the newest key and with the one before it comes in all the time, some of it before the last is through.
      const arrivals = Array.from({ length: 40 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index % 8))
        count(await judge(signed[step - (index % 2)]))
      })
      underWay.push(Promise.all(arrivals))
      await underWay[step - 2]
      pass(31)
    }
    await Promise.all(underWay)
    expect(Object.fromEntries(outcomes)).toEqual({ accepted: 40 * (steps - 1) })
    // One for each set that has a key nobody knew, and now and then one for age.
    expect(server.counts.requests - before).toBeLessThanOrEqual(2 * steps)
  })

  test('through an outage of the server: known keys count, new ones are called an outage and never wrong', async () => {
    const { pass, check } = open()
    published = keys.slice(0, 1)
    expect(await check(0)).toBe('accepted')
    answers = false
    published = keys.slice(0, 2)
    pass(601)
    const during = await Promise.all([0, 1, 0, 1].map(check))
    answers = true
    pass(31)
    expect(during).toEqual(['accepted', 'ERR_KEYS_UNAVAILABLE', 'accepted', 'ERR_KEYS_UNAVAILABLE'])
    expect(await Promise.all([0, 1].map(check))).toEqual(['accepted', 'accepted'])
  })

  test('a key that is withdrawn is refused as soon as the set is asked for again', async () => {
    const { pass, check } = open()
    published = keys.slice(0, 2)
    expect(await check(0)).toBe('accepted')
    published = keys.slice(1, 2)
    pass(600)
    expect(await Promise.all([0, 1].map(check))).toEqual(['ERR_KEY_NOT_FOUND', 'accepted'])
  })
})
