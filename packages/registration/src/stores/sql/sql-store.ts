import { StatementError, TrustUnavailableError } from '@software-statement/core'
import type { ReplayMark } from '@software-statement/verifier'
import { type Kysely, sql } from 'kysely'
import { digestText } from '../../credentials/credential.js'
import type { AdmissionOutcome, ClientStore, ReplacementOutcome, StoredClient } from '../client-store.js'
import { copyClient, copyInitialAccessToken, isStorable, validateMark, validateTime } from '../validate-entry.js'
import { readClient, readInitialAccessToken, writeInitialAccessToken } from './client-rows.js'
import type { Engine } from './engine.js'
import { forgetExpired } from './forget-expired.js'
import { claimKeys, dropKeys, insertClient, spendToken, updateClient, writeMark } from './statements.js'
import type { Tables } from './tables.js'

/** What undoes a transaction: the outcome is an answer, not a failure. */
class Refusal<Outcome> extends Error {
  override readonly name = 'Refusal'

  constructor(readonly outcome: Outcome) {
    super('nothing is changed')
  }
}

type Work<Answer> = (db: Kysely<Tables>) => Promise<Answer>

/** The digests that stand for names in the tables, made before a transaction begins. */
const digestMark = ({ issuer, jti }: ReplayMark) => digestText(JSON.stringify([issuer, jti]))
const digestKeys = ({ uniqueKeys }: StoredClient) =>
  Promise.all([...new Set(uniqueKeys)].map((key) => digestText(JSON.stringify(key))))

/** Keeps clients in a database that has the tables. */
export function createSqlStore(engine: Engine): ClientStore {
  let isClosed = false

  /** What goes wrong is an outage: whether something was stored cannot be told. */
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    if (isClosed) throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the store has been closed')
    try {
      return await question()
    } catch (cause) {
      if (cause instanceof StatementError) throw cause
      throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the store of clients could not be asked', { cause })
    }
  }
  /** A change with an outcome: one that is refused changes nothing. */
  const change = <Outcome>(work: (db: Kysely<Tables>, refuse: (outcome: Outcome) => never) => Promise<Outcome>) =>
    ask(async () => {
      const refuse = (outcome: Outcome): never => {
        throw new Refusal(outcome)
      }
      try {
        return await engine.write((db) => work(db, refuse))
      } catch (error) {
        // Only `refuse` makes refusals, with an outcome of this change.
        if (error instanceof Refusal) return error.outcome as Outcome
        throw error
      }
    })
  const read = <Answer>(work: Work<Answer>) => ask(() => engine.read(work))

  return {
    async admit(given, { at, replay, initialAccessToken }) {
      const client = copyClient(given)
      if (client.version !== 1) throw new TypeError('a client that is admitted has version 1')
      validateTime(at)
      if (replay !== undefined) validateMark(replay)
      const mark = replay === undefined ? undefined : await digestMark(replay)
      const keys = await digestKeys(client)
      return change<AdmissionOutcome>(async (db, refuse) => {
        if (initialAccessToken !== undefined && !(await spendToken(db, initialAccessToken, at))) refuse('token-spent')
        if (mark !== undefined && !(await writeMark(db, mark, replay?.expiresAt, at))) refuse('replayed')
        if (!(await insertClient(db, client))) refuse('id-taken')
        if (!(await claimKeys(db, client.clientId, keys))) refuse('key-taken')
        return 'admitted'
      })
    },

    async find(clientId) {
      if (!isStorable(clientId)) return undefined
      const row = await read((db) => db.selectFrom('clients').selectAll().where('client_id', '=', clientId).executeTakeFirst())
      return row === undefined ? undefined : readClient(row)
    },

    async replace(given, { at, replay }) {
      const client = copyClient(given)
      validateTime(at)
      if (replay !== undefined) validateMark(replay)
      const mark = replay === undefined ? undefined : await digestMark(replay)
      const keys = await digestKeys(client)
      return change<ReplacementOutcome>(async (db, refuse) => {
        const updated = await updateClient(db, client)
        if (updated !== 'updated') return refuse(updated)
        if (mark !== undefined && !(await writeMark(db, mark, replay?.expiresAt, at))) refuse('replayed')
        const kept = await dropKeys(db, client.clientId, keys)
        const wanted = keys.filter((key) => !kept.includes(key))
        if (!(await claimKeys(db, client.clientId, wanted))) refuse('key-taken')
        return 'replaced'
      })
    },

    async remove(clientId) {
      if (!isStorable(clientId)) return false
      // The unique keys of a client go with it: the tables say so.
      return ask(async () => {
        const removal = (db: Kysely<Tables>) => db.deleteFrom('clients').where('client_id', '=', clientId).executeTakeFirst()
        return (await engine.write(removal)).numDeletedRows > 0
      })
    },

    async consume(mark, at) {
      validateMark(mark)
      validateTime(at)
      const digest = await digestMark(mark)
      return ask(async () => ((await engine.write((db) => writeMark(db, digest, mark.expiresAt, at))) ? 'first' : 'seen'))
    },

    async addInitialAccessToken(given) {
      const row = writeInitialAccessToken(copyInitialAccessToken(given))
      const insertion: Work<unknown> = (db) =>
        db
          .insertInto('initial_access_tokens')
          .values(row)
          .onConflict((conflict) => conflict.column('digest').doNothing())
          .execute()
      await ask(() => engine.write(insertion))
    },

    async findInitialAccessToken(digest) {
      if (!isStorable(digest)) return undefined
      const query: Work<Parameters<typeof readInitialAccessToken>[0] | undefined> = (db) =>
        db.selectFrom('initial_access_tokens').selectAll().where('digest', '=', digest).executeTakeFirst()
      const row = await read(query)
      return row === undefined ? undefined : readInitialAccessToken(row)
    },

    async forgetExpired(at) {
      validateTime(at)
      return ask(() => forgetExpired(engine, at))
    },

    async check() {
      // Something else each time: SQLite does not write what is there already.
      const upsert: Work<unknown> = (db) =>
        db
          .insertInto('store_checks')
          .values({ id: 1, state: 0 })
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((it) => ({ state: sql<number>`1 - ${it.ref('store_checks.state')}` })),
          )
          .execute()
      await ask(() => engine.write(upsert))
    },

    async close() {
      if (isClosed) return
      isClosed = true
      await engine.close()
    },
  }
}
