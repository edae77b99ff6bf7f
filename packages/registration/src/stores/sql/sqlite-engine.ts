import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Database } from 'libsql'
import type { Engine } from './engine.js'
import { groupCommits } from './group-commit.js'
import { migrate } from './migrate.js'
import { adaptDatabase } from './sqlite-database.js'
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
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adaptDatabase(database) }) })
  try {
    // SQLite does not wait for others here.
    for (let left = busyTimeout; !tryToLog(database, left > 0); left -= pause) await timers.setTimeout(pause)
    database.exec('pragma synchronous = full')
    database.exec('pragma foreign_keys = on')
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
      try {
        // Whoever copies the file has all of it then.
        database.exec('pragma wal_checkpoint(truncate)')
      } catch {
        // Another process is at it: the log stays beside the file.
      }
      await db.destroy()
    },
  }
}

/** Turns the write-ahead log on. Answers false where another process is in the way and may be waited for. */
function tryToLog(database: Database, mayWait: boolean): boolean {
  try {
    database.exec('pragma journal_mode = wal')
    return true
  } catch (error) {
    const isBusy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
    if (isBusy && mayWait) return false
    throw error
  }
}
