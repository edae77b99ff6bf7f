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
  for (const forget of [forgetMarks, forgetTokens, forgetCredentials]) {
    let some: number
    do {
      some = await engine.write((db) => forget(db, at))
      forgotten += some
    } while (some > 0)
  }
  return forgotten
}

type Forget = (db: Kysely<Tables>, at: number) => Promise<number>

// The time is asked for twice: a mark that another transaction has just written anew is not among those that have expired.
const forgetMarks: Forget = async (db, at) => {
  const some = db.selectFrom('seen_statements').select('digest').where('expires_at', '<=', at).limit(portion)
  const { numDeletedRows } = await db
    .deleteFrom('seen_statements')
    .where('digest', 'in', some)
    .where('expires_at', '<=', at)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

const forgetTokens: Forget = async (db, at) => {
  const some = db.selectFrom('initial_access_tokens').select('digest').where('expires_at', '<=', at).limit(portion)
  const { numDeletedRows } = await db
    .deleteFrom('initial_access_tokens')
    .where('digest', 'in', some)
    .where('expires_at', '<=', at)
    .executeTakeFirst()
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
