import type { Kysely, Migration } from 'kysely'

/** Every step from an empty database to `Tables`, by its name. Names sort in the order of the steps; a step that was released is never changed. */
const steps: Readonly<Record<string, (db: Kysely<unknown>) => Promise<void>>> = { '0001_first': createTables }

/** The steps as Kysely's migrator takes them. There is no way back: whoever needs one has a backup. */
export function listMigrations(schema?: string): Record<string, Migration> {
  const migrations = Object.entries(steps).map(([name, step]): [string, Migration] => [
    name,
    // The migrator types what it hands over as Kysely<any>.
    { up: (db: Kysely<unknown>) => step(schema === undefined ? db : db.withSchema(schema)) },
  ])
  return Object.fromEntries(migrations)
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('clients')
    .addColumn('client_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('issued_at', 'double precision', (column) => column.notNull())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('provenance', 'text', (column) => column.notNull())
    .addColumn('statement', 'text')
    .addColumn('secrets', 'text', (column) => column.notNull())
    .addColumn('tokens', 'text', (column) => column.notNull())
    .addColumn('unique_keys', 'text', (column) => column.notNull())
    .addColumn('credentials_expire_at', 'double precision')
    .execute()
  await db.schema
    .createTable('unique_keys')
    .addColumn('digest', 'text', (column) => column.primaryKey().notNull())
    .addColumn('client_id', 'text', (column) => column.notNull().references('clients.client_id').onDelete('cascade'))
    .execute()
  await db.schema
    .createTable('seen_statements')
    .addColumn('digest', 'text', (column) => column.primaryKey().notNull())
    .addColumn('expires_at', 'double precision')
    .execute()
  await db.schema
    .createTable('initial_access_tokens')
    .addColumn('digest', 'text', (column) => column.primaryKey().notNull())
    .addColumn('issued_at', 'double precision', (column) => column.notNull())
    .addColumn('expires_at', 'double precision')
    .addColumn('uses', 'double precision')
    .execute()
  await db.schema
    .createTable('store_checks')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('state', 'integer', (column) => column.notNull())
    .execute()

  await db.schema.createIndex('clients_credentials_expire_at').on('clients').column('credentials_expire_at').execute()
  await db.schema.createIndex('unique_keys_client_id').on('unique_keys').column('client_id').execute()
  await db.schema.createIndex('seen_statements_expires_at').on('seen_statements').column('expires_at').execute()
  await db.schema.createIndex('initial_access_tokens_expires_at').on('initial_access_tokens').column('expires_at').execute()
}
