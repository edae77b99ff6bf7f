import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool, PoolClient } from 'pg'

/**
 * A pool that no lost connection brings down: the errors of connections that nobody uses are heard, and a connection that failed
 * without an answer of the server, such as by a timeout, is not used again.
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
  let isBroken = false
  const query = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(text, [...parameters])
    } catch (error) {
      if (sqlStateOf(error) === undefined) isBroken = true
      throw error
    }
  }
  return {
    // Kysely asks with a cursor only to stream, which is not done here, and types rows as what the query was built for.
    query: query as unknown as PostgresPoolClient['query'],
    release: () => client.release(isBroken),
  }
}

/** The SQLSTATE an answer of the server carries; what the connection or pg itself reports has none. */
export function sqlStateOf(error: unknown): string | undefined {
  const isAnswer = error instanceof Error && 'severity' in error && 'code' in error
  return isAnswer && typeof error.code === 'string' ? error.code : undefined
}
