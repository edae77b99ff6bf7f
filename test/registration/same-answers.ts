import { type ClientStore, memoryClientStore } from '@software-statement/registration'
import fc from 'fast-check'
import { expect } from 'vitest'
import { credential, look, makeClient, makeMark, makeToken, now } from './clients.js'

const names = ['a', 'b', 'c']
const name = fc.constantFrom(...names)
const later = fc.integer({ min: 0, max: 5 }).map((seconds) => now + seconds)
const expiry = fc.option(later, { nil: undefined })
const keys = fc.subarray(['one', 'two', 'three'])

/** What may be asked of a store. Names get a prefix, so that each run begins with clients, marks and tokens nobody has seen. */
type Question = (store: ClientStore, prefix: string) => Promise<unknown>

const members = fc.record({
  uniqueKeys: keys,
  secrets: fc.array(
    expiry.map((at) => credential('s', at)),
    { maxLength: 3 },
  ),
})
const prefixed = (prefix: string, texts: readonly string[]) => texts.map((it) => prefix + it)
const markOf = (prefix: string, jti: string | undefined, expiresAt: number | undefined) =>
  jti === undefined ? {} : { replay: makeMark(prefix + jti, expiresAt === undefined ? {} : { expiresAt }) }

const admit = fc
  .record({
    id: name,
    members,
    at: later,
    jti: fc.option(name, { nil: undefined }),
    expiry,
    token: fc.option(name, { nil: undefined }),
  })
  .map(
    ({ id, members: { uniqueKeys, secrets }, at, jti, expiry, token }): Question =>
      (store, prefix) =>
        store.admit(makeClient(prefix + id, { uniqueKeys: prefixed(prefix, uniqueKeys), secrets }), {
          at,
          ...markOf(prefix, jti, expiry),
          ...(token === undefined ? {} : { initialAccessToken: prefix + token }),
        }),
  )
const replace = fc
  .record({ id: name, members, at: later, jti: fc.option(name, { nil: undefined }), expiry, stale: fc.boolean() })
  .map(
    ({ id, members: { uniqueKeys, secrets }, at, jti, expiry, stale }): Question =>
      async (store, prefix) => {
        const version = ((await store.find(prefix + id))?.version ?? 1) + (stale ? 2 : 1)
        const client = makeClient(prefix + id, { uniqueKeys: prefixed(prefix, uniqueKeys), secrets, version })
        return store.replace(client, { at, ...markOf(prefix, jti, expiry) })
      },
  )
const consume = fc.tuple(name, later, expiry).map(
  ([jti, at, expiresAt]): Question =>
    (store, prefix) =>
      store.consume(makeMark(prefix + jti, expiresAt === undefined ? {} : { expiresAt }), at),
)
const addToken = fc.tuple(name, fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }), expiry).map(
  ([digest, uses, expiresAt]): Question =>
    (store, prefix) =>
      store.addInitialAccessToken(
        makeToken(prefix + digest, {
          ...(uses === undefined ? {} : { uses }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        }),
      ),
)
const remove = name.map(
  (id): Question =>
    (store, prefix) =>
      store.remove(prefix + id),
)
const forget = later.map(
  (at): Question =>
    (store) =>
      store.forgetExpired(at),
)

const question = fc.oneof(
  { arbitrary: admit, weight: 4 },
  { arbitrary: replace, weight: 3 },
  { arbitrary: addToken, weight: 2 },
  consume,
  remove,
  forget,
)

/** Whatever is asked in whatever order, a store answers as one in memory does. */
export async function expectSameAnswers(store: ClientStore): Promise<void> {
  const memory = memoryClientStore()
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(question, { minLength: 1, maxLength: 40 }), async (questions) => {
      const prefix = `${runs++} `
      for (const ask of questions) expect(await ask(store, prefix)).toEqual(await ask(memory, prefix))
      const all = prefixed(prefix, names)
      expect(await look(store, all, all)).toEqual(await look(memory, all, all))
    }),
    { numRuns: 100 },
  )
}
