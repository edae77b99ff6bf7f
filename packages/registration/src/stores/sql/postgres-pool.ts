import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool, PoolClient } from 'pg'

/**
 * A pool that no lost connection brings down: the errors of connections that nobody uses are heard, and a connection that failed is
 * neither waited for nor used again.
 */
export function guardPool(pool: Pool): PostgresPool {
  // An error event that nobody listens to ends the process. Whoever uses a connection learns of its loss by its query.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    connect: async () => guardClient(await pool.connect()),
    end: () => pool.end(),
  }
}

function guardClient(client: PoolClient): PostgresPoolClient {
  let failure: { readonly error: unknown } | undefined
  const query = async (text: string, parameters: readonly unknown[]) => {
    // A rollback after a timeout would wait for the same answer once more, and hide why.
    if (failure !== undefined) throw failure.error
    try {
      return await client.query(text, [...parameters])
    } catch (error) {
      if (!endsConnection(error)) throw error
      failure = { error: isTimeout(error) ? error : new LostConnection(error) }
      throw failure.error
    }
  }
  return {
    // Kysely asks with a cursor only to stream, which is not done here, and types rows as what the query was built for.
    query: query as unknown as PostgresPoolClient['query'],
    release: () => client.release(failure !== undefined),
  }
}

/** The connection was lost while it was used: another one may do. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection'

  constructor(cause: unknown) {
    super('the connection to the database was lost', { cause })
  }
}

/** The SQLSTATE an answer of the server carries; what the connection or pg itself reports has none. */
export function sqlStateOf(error: unknown): string | undefined {
  const isAnswer = error instanceof Error && 'severity' in error && 'code' in error
  return isAnswer && typeof error.code === 'string' ? error.code : undefined
}

/** True unless the server answered, and with less than its last words. */
function endsConnection(error: unknown): boolean {
  if (sqlStateOf(error) === undefined) return true
  return error instanceof Error && 'severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC')
}

/** pg has no code for this one. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}
