import type { Kysely } from 'kysely'
import type { StoredClient } from '../client-store.js'
import { isStorable } from '../validate-entry.js'
import { writeClient } from './client-rows.js'
import type { Tables } from './tables.js'

// Each statement judges and changes in one, so that it needs no stronger isolation than READ COMMITTED: where another transaction
// is about to change the same row, the database waits for it and judges what it left.

type Database = Kysely<Tables>

/** Takes one use of an initial access token. Answers whether it counted. */
export async function spendToken(db: Database, digest: string, at: number): Promise<boolean> {
  if (!isStorable(digest)) return false
  const token = await db.selectFrom('initial_access_tokens').selectAll().where('digest', '=', digest).executeTakeFirst()
  if (token === undefined || (token.expires_at !== null && token.expires_at <= at)) return false
  // A token without a limit is not written to: registrations with it need not wait for each other.
  if (token.uses === null) return true
  const spent = await db
    .updateTable('initial_access_tokens')
    .set((it) => ({ uses: it('uses', '-', 1) }))
    .where('digest', '=', digest)
    .where('uses', '>=', 1)
    .returning('digest')
    .executeTakeFirst()
  return spent !== undefined
}

/** Writes a mark down that is not there or has expired. Answers whether it was the first. */
export async function writeMark(db: Database, digest: string, expiresAt: number | undefined, at: number): Promise<boolean> {
  const written = await db
    .insertInto('seen_statements')
    .values({ digest, expires_at: expiresAt ?? null })
    .onConflict((conflict) =>
      conflict
        .column('digest')
        .doUpdateSet((it) => ({ expires_at: it.ref('excluded.expires_at') }))
        .where('seen_statements.expires_at', '<=', at),
    )
    .returning('digest')
    .executeTakeFirst()
  return written !== undefined
}

/** Writes a client down unless there is one of its `client_id`. Answers whether it did. */
export async function insertClient(db: Database, client: StoredClient): Promise<boolean> {
  const inserted = await db
    .insertInto('clients')
    .values(writeClient(client))
    .onConflict((conflict) => conflict.column('client_id').doNothing())
    .returning('client_id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Puts a client in the place of the version before it. */
export async function updateClient(db: Database, client: StoredClient): Promise<'updated' | 'changed' | 'gone'> {
  const { client_id, ...columns } = writeClient(client)
  const updated = await db
    .updateTable('clients')
    .set(columns)
    .where('client_id', '=', client_id)
    .where('version', '=', client.version - 1)
    .returning('client_id')
    .executeTakeFirst()
  if (updated !== undefined) return 'updated'
  const other = await db.selectFrom('clients').select('client_id').where('client_id', '=', client_id).executeTakeFirst()
  return other === undefined ? 'gone' : 'changed'
}

/** Takes from a client the unique keys that are not among these. Answers with those it keeps. */
export async function dropKeys(db: Database, clientId: string, digests: readonly string[]): Promise<readonly string[]> {
  const rows = await db.selectFrom('unique_keys').select('digest').where('client_id', '=', clientId).execute()
  const had = rows.map(({ digest }) => digest)
  const dropped = had.filter((digest) => !digests.includes(digest))
  if (dropped.length > 0) await db.deleteFrom('unique_keys').where('digest', 'in', dropped).execute()
  return had.filter((digest) => digests.includes(digest))
}

/** Gives unique keys to a client that has none of them. Answers whether all of them were free. */
export async function claimKeys(db: Database, clientId: string, digests: readonly string[]): Promise<boolean> {
  // In one order everywhere: of two transactions that want the same keys one waits for the other, not both.
  for (const digest of digests.toSorted()) {
    const claimed = await db
      .insertInto('unique_keys')
      .values({ digest, client_id: clientId })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .returning('digest')
      .executeTakeFirst()
    if (claimed === undefined) return false
  }
  return true
}
