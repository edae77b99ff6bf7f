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
export {
  type AuthenticatedClient,
  type ClientAuthenticator,
  type ConnectionInfo,
  createClientAuthenticator,
} from './client-authentication/authenticate-client.js'
export type { ClientAuthenticationOptions } from './client-authentication/authentication-options.js'
export type { ClientKeysOptions } from './client-authentication/client-keys.js'
export { clientErrorResponse } from './client-authentication/error-response.js'
export type { ClientAuthenticationMethod } from './client-authentication/presented-credentials.js'
export { type RotatedSecret, rotateClientSecret, type SecretRotationOptions } from './client-authentication/rotate-secret.js'
export type { Randomness } from './credentials/credential.js'
export type { DecisionRecord } from './decision-record.js'
export { createRegistrationEndpoint, type RegistrationEndpoint } from './endpoint.js'
export type { CorsOrigins } from './http/cors.js'
export type { Operation } from './http/routes.js'
export { type AddressReader, createAddressReader, type ProxyOptions } from './limits/client-address.js'
export type { ForwardingHeader } from './limits/forwarded.js'
export type { Limit, LimitOptions } from './limits/limit-options.js'
export type { CountingLimiter, LimiterRule } from './limits/limiter.js'
export { type Attempt, createLimits, type RequestLimits } from './limits/request-limits.js'
export type { ConfiguredMetadata, ServerMetadata } from './metadata/members.js'
export type { RegistrationEndpointOptions, Uniqueness } from './options.js'
export { createInitialAccessToken, type InitialAccessTokenOptions } from './register/create-initial-access-token.js'
export type { RegistrationMode } from './registration-mode.js'
export { parseServiceConfiguration, type ServiceConfiguration } from './service-configuration.js'
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
