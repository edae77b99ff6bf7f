import { createGuardedFetch, type Jwk, remoteKeys, verifyJws } from '@software-statement/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { respond, uri } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { makeJws } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'

const signers = { first: keys.ed25519, second: keys.other, third: keys.p256 } as const
type Signer = keyof typeof signers

/** A key under a name, or under none. */
interface Named {
  readonly signer: Signer
  readonly kid: 'a' | 'b' | undefined
}

const jwkOf = ({ signer, kid }: Named): Jwk => {
  const { kid: _, ...nameless } = publicHalf(signers[signer])
  return kid === undefined ? nameless : { ...nameless, kid }
}

const statements = new Map<string, string>()
const statementOf = ({ signer, kid }: Named) => {
  const id = `${signer} ${kid}`
  const alg = signer === 'third' ? 'ES256' : 'EdDSA'
  const header = { alg, ...(kid === undefined ? {} : { kid }) }
  const statement = statements.get(id) ?? makeJws({ header, payload: {}, key: signers[signer], alg })
  statements.set(id, statement)
  return statement
}

/** What may happen to a publisher, who names keys as it likes, and a verifier, in any order. */
type Event =
  | { readonly does: 'publish'; readonly keys: readonly Named[] }
  | { readonly does: 'break' | 'repair' }
  | { readonly does: 'pass'; readonly seconds: number }
  | { readonly does: 'ask'; readonly key: Named }

const named: fc.Arbitrary<Named> = fc.record({
  signer: fc.constantFrom<Signer[]>('first', 'second', 'third'),
  kid: fc.constantFrom('a' as const, 'b' as const, undefined),
})
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ does: fc.constant('publish' as const), keys: fc.array(named, { minLength: 1, maxLength: 3 }) }),
  fc.record({ does: fc.constantFrom('break' as const, 'repair' as const) }),
  fc.record({ does: fc.constant('pass' as const), seconds: fc.constantFrom(1, 10, 30, 60, 600) }),
  { arbitrary: fc.record({ does: fc.constant('ask' as const), key: named }), weight: 4 },
)

interface Question {
  readonly kid: string | undefined
  /** Whether the server was well, and for how many seconds it had been left alone. */
  readonly well: boolean
  readonly quiet: number
  readonly outcome: string
  /** What those say who ask the server each time. */
  readonly truth: string
}

/** Plays the events. Moments are in seconds. */
async function play(events: readonly Event[]) {
  let seconds = 1_800_000_000
  let published: readonly Jwk[] = [jwkOf({ signer: 'first', kid: 'a' })]
  let well = true
  const requests: number[] = []
  const fetch = createGuardedFetch({
    fetch: async () => {
      requests.push(seconds)
      return well ? respond(JSON.stringify({ keys: published })) : respond(null, { status: 500 })
    },
  })
  const source = remoteKeys(uri, { fetch, now: () => new Date(seconds * 1000) })
  const questions: Question[] = []
  for (const it of events) {
    if (it.does === 'publish') published = [...new Map(it.keys.map((key) => [statementOf(key), jwkOf(key)])).values()]
    else if (it.does === 'pass') seconds += it.seconds
    else if (it.does !== 'ask') well = it.does === 'repair'
    else {
      const statement = statementOf(it.key)
      const quiet = seconds - (requests.at(-1) ?? 0)
      const truth = await outcomeOfPromise(verifyJws(statement, { keys: published }))
      questions.push({ kid: it.key.kid, well, quiet, truth, outcome: await outcomeOfPromise(verifyJws(statement, source)) })
    }
  }
  return { questions, requests }
}

const checkPlays = (property: (played: Awaited<ReturnType<typeof play>>) => void) =>
  fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => property(await play(events))),
    { numRuns: 200 },
  )

describe('whatever names a publisher gives its keys, and takes from them', () => {
  test('what is signed with a published key is accepted by those who have left the server alone for a while', async () => {
    await checkPlays(({ questions }) => {
      for (const { well, quiet, truth, outcome } of questions) {
        if (!well || quiet < 30) continue
        if (truth === 'accepted') expect(outcome).toBe('accepted')
        // A key that was withdrawn is used until its time is up; nothing else is said than what the server says.
        else if (outcome !== 'accepted') expect(outcome).toBe(truth)
      }
    })
  })

  test('what is signed with a published key is never refused, but for one with the name of another', async () => {
    await checkPlays(({ questions }) => {
      for (const { kid, truth, outcome } of questions) {
        if (truth === 'accepted' && kid === undefined) expect(['accepted', 'ERR_KEYS_UNAVAILABLE']).toContain(outcome)
      }
    })
  })

  test('a server is asked three times in 30 seconds at most', async () => {
    await checkPlays(({ requests }) => {
      for (const [index, moment] of requests.entries()) {
        expect(requests.slice(index).filter((later) => later - moment < 30).length).toBeLessThanOrEqual(3)
      }
    })
  })
})
