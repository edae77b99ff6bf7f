export {
  AccessError,
  type Check,
  type ClientMetadata,
  type ErrorCode,
  InvalidMetadataError,
  InvalidStatementError,
  MetadataPolicyError,
  StatementError,
  TrustUnavailableError,
  UnapprovedStatementError,
} from '@software-statement/core'
export type { Randomness } from './credentials/credential.js'
export type { DecisionRecord } from './decision-record.js'
export { type Connection, createRegistrationEndpoint, type RegistrationEndpoint } from './endpoint.js'
export type { CorsOrigins } from './http/cors.js'
export type { Asker, RateLimits, TokenSubject } from './http/rate-limits.js'
export type { Operation } from './http/routes.js'
export type { ConfiguredMetadata, ServerMetadata } from './metadata/members.js'
export type { RegistrationEndpointOptions, Uniqueness } from './options.js'
export type { RegistrationMode } from './registration-mode.js'
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
