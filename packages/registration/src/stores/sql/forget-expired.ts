import type { Kysely } from 'kysely'
import { countExpired, withoutExpired } from '../expired-credentials.js'
import { readClient, writeClient } from './client-rows.js'
import type { Engine } from './engine.js'
import type { Tables } from './tables.js'

/** How much is forgotten in one transaction: others get their turn in between. */
const portion = 500

/** Forgets what `ClientStore.forgetExpired` says. Answers how many. */
export async function forgetExpired(engine: Engine, at: number): Promise<number> {
  let forgotten = 0
  for (const forget of [forgetRows('seen_statements'), forgetRows('initial_access_tokens'), forgetCredentials]) {
    let some: number
    do {
      some = await engine.write((db) => forget(db, at))
      forgotten += some
    } while (some > 0)
  }
  return forgotten
}

type Forget = (db: Kysely<Tables>, at: number) => Promise<number>

/** Rows of a table that are nothing but expired. */
const forgetRows =
  (table: 'seen_statements' | 'initial_access_tokens'): Forget =>
  async (db, at) => {
    const some = db.selectFrom(table).select('digest').where('expires_at', '<=', at).limit(portion)
    // The time is asked for twice: a row that another transaction has just written anew is not among those that have expired.
    const deletion = db.deleteFrom(table).where('digest', 'in', some).where('expires_at', '<=', at)
    const { numDeletedRows } = await deletion.executeTakeFirst()
    return Number(numDeletedRows)
  }

/** A client that has been changed since it was read is left for the next time. */
const forgetCredentials: Forget = async (db, at) => {
  let forgotten = 0
  const rows = await db.selectFrom('clients').selectAll().where('credentials_expire_at', '<=', at).limit(portion).execute()
  for (const row of rows) {
    const client = readClient(row)
    const { secrets, tokens, credentials_expire_at } = writeClient(withoutExpired(client, at))
    const { numUpdatedRows } = await db
      .updateTable('clients')
      .set({ secrets, tokens, credentials_expire_at })
      .where('client_id', '=', row.client_id)
      .where('version', '=', row.version)
      .where('credentials_expire_at', '<=', at)
      .executeTakeFirst()
    if (numUpdatedRows > 0) forgotten += countExpired(client, at)
  }
  return forgotten
}
