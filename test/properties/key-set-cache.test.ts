import { createGuardedFetch, remoteKeys, TrustUnavailableError } from '@software-statement/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { header, respond, uri } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'

const names = ['a', 'b', 'c'] as const
type Name = (typeof names)[number]
const jwkOf = (name: Name) => ({ ...publicHalf(keys.ed25519), kid: name })

/** What may happen to a publisher and a verifier, in any order. */
type Event =
  | { readonly does: 'publish'; readonly names: readonly Name[] }
  | { readonly does: 'break' | 'repair' }
  | { readonly does: 'pass'; readonly seconds: number }
  | { readonly does: 'ask'; readonly kid: Name | 'unknown' }

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ does: fc.constant('publish' as const), names: fc.subarray([...names]) }),
  fc.record({ does: fc.constantFrom('break' as const, 'repair' as const) }),
  fc.record({ does: fc.constant('pass' as const), seconds: fc.constantFrom(1, 10, 30, 60, 600, 3600, 7200) }),
  { arbitrary: fc.record({ does: fc.constant('ask' as const), kid: fc.constantFrom(...names, 'unknown' as const) }), weight: 4 },
)

interface Question {
  readonly kid: string
  /** What was published when it came, and when each key was published last. */
  readonly published: readonly string[]
  readonly sincePublished: ReadonlyMap<string, number>
  /** Whether the server was well, and for how many seconds it had been left alone. */
  readonly well: boolean
  readonly quiet: number
  readonly answer: readonly string[] | 'unavailable'
}

/** Plays the events. Moments are in seconds. */
async function play(events: readonly Event[]) {
  let seconds = 1_800_000_000
  let published: readonly Name[] = ['a']
  let broken = false
  const withdrawn = new Map<string, number>()
  const requests: number[] = []
  const fetch = createGuardedFetch({
    fetch: async () => {
      requests.push(seconds)
      return broken ? respond(null, { status: 500 }) : respond(JSON.stringify({ keys: published.map(jwkOf) }))
    },
  })
  const source = remoteKeys(uri, { fetch, now: () => new Date(seconds * 1000) })
  const ask = async (kid: string): Promise<Question['answer']> => {
    try {
      return (await source(header(kid))).map((key) => key.kid ?? '')
    } catch (error) {
      if (error instanceof TrustUnavailableError) return 'unavailable'
      throw error
    }
  }
  const questions: Question[] = []
  for (const it of events) {
    if (it.does === 'publish') {
      for (const name of published) withdrawn.set(name, seconds)
      published = it.names
    } else if (it.does === 'pass') seconds += it.seconds
    else if (it.does !== 'ask') broken = it.does === 'break'
    else {
      const since = (name: string) => (published.some((one) => one === name) ? 0 : seconds - (withdrawn.get(name) ?? 0))
      const sincePublished = new Map(names.map((name) => [name, since(name)]))
      const quiet = seconds - (requests.at(-1) ?? 0)
      const well = !broken && published.length > 0
      questions.push({ kid: it.kid, published, sincePublished, well, quiet, answer: await ask(it.kid) })
    }
  }
  return { questions, requests }
}

/** Checks every question of many plays that was answered, or that was not. */
const checkPlays = (property: (played: Awaited<ReturnType<typeof play>>) => void) =>
  fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => property(await play(events))),
    { numRuns: 500 },
  )

describe('whatever happens to a publisher', () => {
  test('no key is said to be missing that was published when the question came', async () => {
    await checkPlays(({ questions }) => {
      for (const { kid, published, answer } of questions) {
        if (answer !== 'unavailable' && !answer.includes(kid)) expect(published).not.toContain(kid)
      }
    })
  })

  test('a key that was taken away is gone when its time is up, and a while later in an outage', async () => {
    await checkPlays(({ questions }) => {
      for (const { sincePublished, well, quiet, answer } of questions) {
        if (answer === 'unavailable') continue
        const longest = well && quiet >= 30 ? 600 : 600 + 3600
        for (const name of answer) expect(sincePublished.get(name)).toBeLessThan(longest)
      }
    })
  })

  test('a server that is well and was left alone for a while is asked, and what it says is the answer', async () => {
    await checkPlays(({ questions }) => {
      for (const { well, quiet, answer } of questions) if (well && quiet >= 30) expect(answer).not.toBe('unavailable')
    })
  })

  test('a server is asked three times in 30 seconds at most', async () => {
    await checkPlays(({ requests }) => {
      for (const [index, moment] of requests.entries()) {
        const soon = requests.slice(index).filter((later) => later - moment < 30)
        expect(soon.length).toBeLessThanOrEqual(3)
      }
    })
  })
})
