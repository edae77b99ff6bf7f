import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Engine } from './engine.js'
import { groupCommits } from './group-commit.js'
import { migrate } from './migrate.js'
import type { Tables } from './tables.js'

/** How long another process is waited for before a lock is asked for again, in milliseconds, where SQLite itself does not wait. */
const pause = 20

/**
 * Opens a SQLite file, made for its owner alone where there is none.
 *
 * Writes are durable when they are acknowledged: `synchronous=FULL` waits for the disk at each commit, also with a write-ahead log.
 * Several processes may share the file; they wait `busyTimeout` milliseconds for each other.
 */
export async function openSqlite(file: string, busyTimeout: number): Promise<Engine> {
  const { default: Database } = await import('libsql')
  const { open } = await import('node:fs/promises')
  const { resolve } = await import('node:path')
  const timers = await import('node:timers/promises')

  // A path from the root is never taken for the URL of a server. SQLite gives the files beside it the mode of this one.
  const path = resolve(file)
  await (await open(path, 'a', 0o600)).close()

  const database = new Database(path, { timeout: busyTimeout })
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  try {
    // SQLite does not wait for others here.
    for (let left = busyTimeout; ; left -= pause) {
      try {
        await sql`pragma journal_mode = wal`.execute(db)
        break
      } catch (error) {
        if (left <= 0 || !isBusy(error)) throw error
        await timers.setTimeout(pause)
      }
    }
    await sql`pragma synchronous = full`.execute(db)
    await sql`pragma foreign_keys = on`.execute(db)
    await migrate(db, { begin: [sql`begin immediate`] })
  } catch (error) {
    await db.destroy()
    throw error
  }

  const group = groupCommits(db, () => timers.setImmediate())
  return {
    read: (work) => work(db),
    write: (work) => group.write(work),
    async close() {
      await group.drain()
      // Whoever copies the file has all of it then; another process that reads is no reason to fail.
      await sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => undefined)
      await db.destroy()
    },
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')
}
