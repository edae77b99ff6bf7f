import { Kysely, PostgresDialect, sql } from 'kysely'
import type { PoolConfig } from 'pg'
import type { Engine } from './engine.js'
import { migrate } from './migrate.js'
import { guardPool, LostConnection, sqlStateOf } from './postgres-pool.js'
import type { Tables } from './tables.js'

/**
 * Opens a database of PostgreSQL.
 *
 * READ COMMITTED is enough: every decision is a statement that changes what it judges, or a unique index that lets one of two
 * insertions wait for the other. SERIALIZABLE would turn the same conflicts into errors to repeat, and false alarms besides.
 */
export async function openPostgres(config: PoolConfig, schema: string): Promise<Engine> {
  const { Pool } = await import('pg')
  const pool = guardPool(new Pool(config))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  // Held until the end of the transaction. The number is that of the schema, so that only migrations of the same tables wait.
  const lock = sql`select pg_advisory_xact_lock(hashtextextended(${`client store ${schema}`}, 0))`
  try {
    await migrate(db, { begin: [sql`begin isolation level read committed`, lock], schema })
  } catch (error) {
    await db.destroy()
    throw error
  }

  // A restart of the server ends every connection of the pool: one attempt more gets a new one.
  const attempts = (config.max ?? 10) + 1
  const tables = db.withSchema(schema)
  return {
    read: (work) => repeat(attempts, () => work(tables), canBeAskedAgain),
    write(work) {
      let isDone = false
      const transact = async () => {
        isDone = false
        return tables
          .transaction()
          .setIsolationLevel('read committed')
          .execute(async (transaction) => {
            const answer = await work(transaction)
            isDone = true
            return answer
          })
      }
      // What was lost before the commit was asked for has changed nothing; after that nobody knows.
      return repeat(attempts, transact, (error) => isGivenUp(error) || (!isDone && canBeAskedAgain(error)))
    },
    close: () => db.destroy(),
  }
}

async function repeat<Answer>(
  attempts: number,
  work: () => Promise<Answer>,
  isWorthIt: (error: unknown) => boolean,
): Promise<Answer> {
  for (let left = attempts - 1; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left <= 0 || !isWorthIt(error)) throw error
    }
  }
}

/** A conflict that the server ended by giving up this transaction: serialization failure, deadlock. */
function isGivenUp(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === '40001' || state === '40P01'
}

/** Another attempt may do better: the connection was lost, or the server ended it before it was used. Nobody waits for a timeout twice. */
function canBeAskedAgain(error: unknown): boolean {
  return error instanceof LostConnection || isGivenUp(error) || sqlStateOf(error) === '57P01'
}
