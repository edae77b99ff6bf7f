import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.js'

/** How many writes share one transaction at most: what else the process does has its turn in between. */
const largestGroup = 100

type Work<Answer> = (db: Kysely<Tables>) => Promise<Answer>

/** A write that waits for its group. */
interface Waiting {
  /** Does the work behind a savepoint, so that its failure is its own. Rejects only if the whole transaction is lost. */
  readonly attempt: Work<void>
  /** Tells what became of it, once that is durable. */
  readonly settle: () => void
  readonly fail: (error: unknown) => void
}

/** Writes that wait together, committed together. */
export interface GroupCommit {
  write<Answer>(work: Work<Answer>): Promise<Answer>
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>
}

/**
 * Commits the writes of one connection in groups: each commit waits for the disk, and whatever arrives in the meantime shares the
 * next one.
 *
 * @param nextTurn lets what has arrived be heard before a group is closed
 */
export function groupCommits(db: Kysely<Tables>, nextTurn: () => Promise<unknown>): GroupCommit {
  const waiting: Waiting[] = []
  let running: Promise<void> | undefined

  const run = async () => {
    while (waiting.length > 0) {
      await nextTurn()
      await commitGroup(db, waiting.splice(0, largestGroup))
    }
    running = undefined
  }
  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        waiting.push(makeWaiting(work, resolve, reject))
        running ??= run()
      }),
    drain: async () => running,
  }
}

function makeWaiting<Answer>(work: Work<Answer>, resolve: (answer: Answer) => void, reject: (error: unknown) => void): Waiting {
  let settle = () => reject(new Error('the write was not attempted'))
  return {
    async attempt(db) {
      await sql`savepoint work`.execute(db)
      try {
        const answer = await work(db)
        settle = () => resolve(answer)
      } catch (error) {
        settle = () => reject(error)
        await sql`rollback to work`.execute(db)
      }
      await sql`release work`.execute(db)
    },
    settle: () => settle(),
    fail: reject,
  }
}

/** Never rejects: what goes wrong is told to those who wait. */
async function commitGroup(db: Kysely<Tables>, group: readonly Waiting[]): Promise<void> {
  try {
    await db.connection().execute(async (connection) => {
      // The right to write is asked for at once: a transaction that began with reading could not wait for it.
      await sql`begin immediate`.execute(connection)
      try {
        for (const { attempt } of group) await attempt(connection)
        await sql`commit`.execute(connection)
      } catch (error) {
        // SQLite ends some transactions by itself, such as those that find the disk full.
        await sql`rollback`.execute(connection).catch(() => undefined)
        throw error
      }
    })
  } catch (error) {
    for (const { fail } of group) fail(error)
    return
  }
  for (const { settle } of group) settle()
}
