import type { ClientStore } from './client-store.js'
import { memoryClientStore } from './memory-store.js'
import { postgresClientStore } from './postgres-store.js'
import { sqliteClientStore } from './sqlite-store.js'

/**
 * Opens the store a text names: `memory`, the URL of a database of PostgreSQL, or else the name of a SQLite file.
 *
 * Rejects with `TypeError` for a URL of anything else, and with `TrustUnavailableError`, code `ERR_STORE_UNAVAILABLE`, if the store
 * cannot be opened.
 *
 * @example
 * ```ts
 * const store = await openClientStore('memory')
 * await store.remove('unknown') // false
 * ```
 */
export async function openClientStore(store: string): Promise<ClientStore> {
  if (store === 'memory') return memoryClientStore()
  if (/^postgres(ql)?:/.test(store)) return postgresClientStore(store)
  // One letter before a colon is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:/i.test(store)) throw new TypeError('a store is "memory", a URL postgres://... or the name of a file')
  return sqliteClientStore(store)
}
