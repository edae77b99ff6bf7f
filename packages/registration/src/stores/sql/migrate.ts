import { TrustUnavailableError } from '@software-statement/core'
import { type Kysely, Migrator, type RawBuilder, sql } from 'kysely'
import { listMigrations } from './migrations.js'
import type { Tables } from './tables.js'

/** What a database needs for migrations that several processes may start at once. */
export interface MigrationLock {
  /** Begins a transaction and keeps every other migration waiting until it ends: Kysely's migrator takes no lock on SQLite. */
  readonly begin: readonly RawBuilder<unknown>[]
  /** The schema of the tables, where the database has schemas. */
  readonly schema?: string
}

/**
 * Brings a database to the tables this version knows, all the way or not at all. Throws `TrustUnavailableError` for a database of a
 * newer version.
 */
export async function migrate(db: Kysely<Tables>, { begin, schema }: MigrationLock): Promise<void> {
  await db.connection().execute(async (connection) => {
    const known = listMigrations(schema)
    const migrator = new Migrator({
      db: connection,
      provider: { getMigrations: async () => known },
      disableTransactions: true,
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    })
    try {
      for (const statement of begin) await statement.execute(connection)
      const { error } = await migrator.migrateToLatest()
      if (error !== undefined) throw error
      await sql`commit`.execute(connection)
    } catch (error) {
      // What ended the transaction already leaves nothing to roll back.
      await sql`rollback`.execute(connection).catch(() => undefined)
      const unknown = await findUnknown(connection, Object.keys(known), schema)
      if (unknown.length === 0) throw error
      const message = `the store was written by a newer version: it has the migration ${unknown[0]}, which this one does not know`
      throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', message, { cause: error })
    }
  })
}

/** The migrations a database has had that are not known here; none where nothing can be read. */
async function findUnknown(db: Kysely<Tables>, known: readonly string[], schema?: string): Promise<readonly string[]> {
  const table = schema === undefined ? sql.table('kysely_migration') : sql.id(schema, 'kysely_migration')
  const read = sql<{ readonly name: string }>`select name from ${table} order by name`.execute(db)
  const { rows } = await read.catch(() => ({ rows: [] }))
  return rows.map(({ name }) => name).filter((name) => !known.includes(name))
}
