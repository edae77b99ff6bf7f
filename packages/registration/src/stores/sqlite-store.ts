import { type Duration, parseDuration } from '@software-statement/core'
import { openStore } from './ask-store.js'
import type { ClientStore } from './client-store.js'
import { validateStoreOptions } from './store-options.js'

/** Options of `sqliteClientStore`. */
export interface SqliteStoreOptions {
  /** How long other processes that write to the file are waited for. Default: 5 seconds. */
  readonly busyTimeout?: Duration
}

/**
 * Keeps clients in a SQLite file, which it makes for its owner alone and brings to the tables of this version: the store of a server
 * of one machine. What is acknowledged is on the disk. Several processes may share a file on a local disk; network file systems lock
 * too little for it.
 *
 * Rejects with `TypeError` for a name that is not one of a file and for wrong options, and with `TrustUnavailableError`, code
 * `ERR_STORE_UNAVAILABLE`, if the file cannot be opened or was written by a newer version.
 *
 * @example
 * ```ts
 * const store = await sqliteClientStore('clients.db')
 * await store.find('unknown') // undefined
 * await store.close()
 * ```
 */
export async function sqliteClientStore(file: string, options: SqliteStoreOptions = {}): Promise<ClientStore> {
  validateStoreOptions(options, ['busyTimeout'])
  if (typeof file !== 'string' || file === '' || file.startsWith(':') || file.includes('\0')) {
    throw new TypeError('the store of clients is not the name of a file: memoryClientStore keeps clients in memory')
  }
  const { busyTimeout = '5 seconds' } = options
  const milliseconds = parseDuration(busyTimeout) * 1000
  return openStore(async () => {
    const [{ openSqlite }, { createSqlStore }] = await Promise.all([
      import('./sql/sqlite-engine.js'),
      import('./sql/sql-store.js'),
    ])
    return createSqlStore(await openSqlite(file, milliseconds))
  })
}
