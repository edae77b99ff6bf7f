import { type Duration, parseDuration } from '@software-statement/core'
import { openStore } from './ask-store.js'
import type { ClientStore } from './client-store.js'
import { validateStoreOptions } from './store-options.js'

/** Where a database of PostgreSQL is, as `pg` takes it. What is absent comes from the variables `PGHOST`, `PGUSER` and so on. */
export interface PostgresConnection {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  /** A function is asked for each connection: passwords that expire. */
  readonly password?: string | (() => string | Promise<string>)
  readonly database?: string
  /** How the server is known over TLS; `true`: by the certificate authorities of the platform. */
  readonly ssl?:
    | boolean
    | { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly rejectUnauthorized?: boolean }
}

/** Options of `postgresClientStore`. */
export interface PostgresStoreOptions {
  /** The schema of the tables. It is made where there is none. Default: `registration`. */
  readonly schema?: string
  /** How many connections are open at most. Default: 10. */
  readonly maxConnections?: number
  /** How long a connection is waited for. Default: 5 seconds. */
  readonly connectTimeout?: Duration
  /** How long an answer is waited for. Default: 10 seconds. */
  readonly queryTimeout?: Duration
}

/**
 * Keeps clients in a database of PostgreSQL, which it brings to the tables of this version: the store of servers of several machines.
 *
 * Rejects with `TypeError` for wrong options, and with `TrustUnavailableError`, code `ERR_STORE_UNAVAILABLE`, if the database cannot
 * be reached or was written by a newer version. A connection that is lost later is made anew when it is needed.
 *
 * @example
 * ```ts
 * const open = () => postgresClientStore('postgres://registrar@db.example/clients?sslmode=verify-full')
 * ```
 */
export async function postgresClientStore(
  connection: string | PostgresConnection,
  options: PostgresStoreOptions = {},
): Promise<ClientStore> {
  validateStoreOptions(options, ['schema', 'maxConnections', 'connectTimeout', 'queryTimeout'])
  const { schema = 'registration', maxConnections = 10, connectTimeout = '5 seconds', queryTimeout = '10 seconds' } = options
  const config = {
    ...readConnection(connection),
    max: maxConnections,
    connectionTimeoutMillis: parseDuration(connectTimeout) * 1000,
    query_timeout: parseDuration(queryTimeout) * 1000,
    keepAlive: true,
    application_name: 'software-statement',
  }
  return openStore(async () => {
    const [{ openPostgres }, { createSqlStore }] = await Promise.all([
      import('./sql/postgres-engine.js'),
      import('./sql/sql-store.js'),
    ])
    return createSqlStore(await openPostgres(config, schema))
  })
}

/** `pg` takes what it does not know for what is not there: a misspelled member would connect to somewhere else. */
const members: ReadonlySet<string> = new Set(['host', 'port', 'user', 'password', 'database', 'ssl'])

function readConnection(connection: string | PostgresConnection) {
  if (typeof connection === 'string') {
    if (/^postgres(ql)?:\/\//.test(connection)) return { connectionString: connection }
    throw new TypeError('the URL of a database begins with postgres://')
  }
  if (typeof connection !== 'object' || connection === null) throw new TypeError('a connection is a URL or an object')
  const unknown = Object.keys(connection).find((name) => !members.has(name))
  if (unknown === undefined) return connection
  throw new TypeError(`"${unknown}" is not a member of a connection: there are ${[...members].join(', ')}`)
}
