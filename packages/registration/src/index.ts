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
export { type AddressReader, createAddressReader, type ProxyOptions } from './limits/client-address.js'
export type { ForwardingHeader } from './limits/forwarded.js'
export type { Limit, LimitOptions } from './limits/limit-options.js'
export type { CountingLimiter, LimiterRule } from './limits/limiter.js'
export { type Attempt, createLimits, type RequestLimits } from './limits/request-limits.js'
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
