export { StatementError, TrustUnavailableError } from '@software-statement/core'
export type {
  Admission,
  AdmissionOutcome,
  ClientStore,
  InitialAccessToken,
  ReplacementOutcome,
  StoredClient,
  StoredCredential,
  StoredStatement,
} from './stores/client-store.js'
export { type MemoryStoreOptions, memoryClientStore } from './stores/memory-store.js'
export { openClientStore } from './stores/open-store.js'
export { type PostgresConnection, type PostgresStoreOptions, postgresClientStore } from './stores/postgres-store.js'
export { type SqliteStoreOptions, sqliteClientStore } from './stores/sqlite-store.js'
