import { TrustUnavailableError } from '@software-statement/core'
import type { ClientStore, InitialAccessToken, StoredClient } from './client-store.js'
import { countExpired, isExpired, withoutExpired } from './expired-credentials.js'
import { createMemoryMarks } from './memory-marks.js'
import { validateStoreOptions } from './store-options.js'
import { copyClient, copyInitialAccessToken, validateMark, validateTime } from './validate-entry.js'

/** Options of `memoryClientStore`. */
export interface MemoryStoreOptions {
  /** How many clients, marks of statements and initial access tokens there is room for, of each kind. Default: 100,000. */
  readonly capacity?: number
}

/**
 * Keeps clients in memory, for one process and as long as it runs: for tests and for trying things out. It is bounded: when it is
 * full it says so, with `TrustUnavailableError`, and forgets nothing that counts.
 *
 * Throws `TypeError` for a capacity that is not a positive whole number, and for options there are not.
 *
 * @example
 * ```ts
 * const store = memoryClientStore()
 * await store.check()
 * ```
 */
export function memoryClientStore(options: MemoryStoreOptions = {}): ClientStore {
  validateStoreOptions(options, ['capacity'])
  const { capacity = 100_000 } = options
  const clients = new Map<string, StoredClient>()
  const owners = new Map<string, string>()
  const tokens = new Map<string, InitialAccessToken>()
  const marks = createMemoryMarks(capacity)
  let isClosed = false

  const stayOpen = () => {
    if (isClosed) throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the store has been closed')
  }
  const makeRoom = (kept: ReadonlyMap<string, unknown>, name: string, what: string) => {
    if (kept.size < capacity || kept.has(name)) return
    throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', `more than ${capacity} ${what} to remember`)
  }
  const isTaken = ({ clientId, uniqueKeys }: StoredClient) =>
    uniqueKeys.some((key) => owners.has(key) && owners.get(key) !== clientId)
  const put = (client: StoredClient) => {
    for (const key of clients.get(client.clientId)?.uniqueKeys ?? []) owners.delete(key)
    for (const key of client.uniqueKeys) owners.set(key, client.clientId)
    clients.set(client.clientId, client)
  }
  const countsAt = (token: InitialAccessToken | undefined, at: number) =>
    token !== undefined && !isExpired(token.expiresAt, at) && token.uses !== 0
  const spend = (token: InitialAccessToken | undefined) => {
    if (token?.uses === undefined) return
    tokens.set(token.digest, Object.freeze({ ...token, uses: token.uses - 1 }))
  }

  // Nothing waits between the questions and the changes of a function, so that each is one step.
  return {
    async admit(given, { at, replay, initialAccessToken }) {
      stayOpen()
      const client = copyClient(given)
      if (client.version !== 1) throw new TypeError('a client that is admitted has version 1')
      validateTime(at)
      if (replay !== undefined) validateMark(replay)
      const token = initialAccessToken === undefined ? undefined : tokens.get(initialAccessToken)

      if (initialAccessToken !== undefined && !countsAt(token, at)) return 'token-spent'
      if (replay !== undefined && marks.has(replay, at)) return 'replayed'
      if (clients.has(client.clientId)) return 'id-taken'
      if (isTaken(client)) return 'key-taken'
      makeRoom(clients, client.clientId, 'clients')
      if (replay !== undefined) marks.makeRoom(replay, at)

      spend(token)
      if (replay !== undefined) marks.add(replay)
      put(client)
      return 'admitted'
    },

    async find(clientId) {
      stayOpen()
      return clients.get(clientId)
    },

    async replace(given, { at, replay }) {
      stayOpen()
      const client = copyClient(given)
      validateTime(at)
      if (replay !== undefined) validateMark(replay)
      const stored = clients.get(client.clientId)

      if (stored === undefined) return 'gone'
      if (stored.version !== client.version - 1) return 'changed'
      if (replay !== undefined && marks.has(replay, at)) return 'replayed'
      if (isTaken(client)) return 'key-taken'
      if (replay !== undefined) marks.makeRoom(replay, at)

      if (replay !== undefined) marks.add(replay)
      put(client)
      return 'replaced'
    },

    async remove(clientId) {
      stayOpen()
      for (const key of clients.get(clientId)?.uniqueKeys ?? []) owners.delete(key)
      return clients.delete(clientId)
    },

    async consume(mark, at) {
      stayOpen()
      validateMark(mark)
      validateTime(at)
      if (marks.has(mark, at)) return 'seen'
      marks.makeRoom(mark, at)
      marks.add(mark)
      return 'first'
    },

    async addInitialAccessToken(given) {
      stayOpen()
      const token = copyInitialAccessToken(given)
      makeRoom(tokens, token.digest, 'initial access tokens')
      if (!tokens.has(token.digest)) tokens.set(token.digest, token)
    },

    async findInitialAccessToken(digest) {
      stayOpen()
      return tokens.get(digest)
    },

    async forgetExpired(at) {
      stayOpen()
      validateTime(at)
      let forgotten = marks.forgetExpired(at)
      for (const { digest, expiresAt } of tokens.values()) {
        if (isExpired(expiresAt, at) && tokens.delete(digest)) forgotten++
      }
      for (const client of clients.values()) {
        const expired = countExpired(client, at)
        if (expired > 0) clients.set(client.clientId, copyClient(withoutExpired(client, at)))
        forgotten += expired
      }
      return forgotten
    },

    async check() {
      stayOpen()
    },

    async close() {
      isClosed = true
    },
  }
}
