import type { Duration } from '@software-statement/core'
import type { DecisionOptions, TrustResolver } from '@software-statement/verifier'
import type { ClientAuthenticationOptions } from './client-authentication/authentication-options.js'
import type { Randomness } from './credentials/credential.js'
import type { DecisionRecord } from './decision-record.js'
import type { CorsOrigins } from './http/cors.js'
import type { AddressReader } from './limits/client-address.js'
import type { RequestLimits } from './limits/request-limits.js'
import type { ConfiguredMetadata } from './metadata/members.js'
import type { RegistrationMode } from './registration-mode.js'
import type { ClientStore } from './stores/client-store.js'

/**
 * What may be registered once only:
 * - `none`: nothing, every instance of a software may register (default)
 * - `software_id`: what a statement vouches for, by its issuer and `software_id`
 * - `duplicateKey`: the same issuer, `software_id`, `software_version` and redirect URIs, with a statement or without: where anybody
 *   may register, anybody may be there first
 */
export type Uniqueness = 'none' | 'software_id' | 'duplicateKey'

/** Options of `createRegistrationEndpoint`; those of `decideRegistration` count for every decision. */
export interface RegistrationEndpointOptions extends Omit<DecisionOptions, 'statement' | 'seen' | 'checkAll'> {
  /** The issuer identifier of the server (RFC 8414 2): every URL is built from it, never from a request. */
  readonly issuer: string
  readonly store: ClientStore
  /** Who may sign statements. Required in the modes `statement` and `statement-or-token`. */
  readonly trust?: TrustResolver
  /** Default: `open`. */
  readonly mode?: RegistrationMode
  /** Where to register, below the issuer; default: `/reg`. */
  readonly path?: string
  /**
   * Members of the server's metadata (RFC 8414 2), published and enforced: what clients may register is what is supported here. Defaults:
   * the grants authorization_code, refresh_token and client_credentials, the response type code, the methods client_secret_basic,
   * client_secret_post, private_key_jwt and none; any scope.
   */
  readonly metadata?: ConfiguredMetadata
  /** What to do with a statement where nobody is trusted, so that it cannot be verified; default: `reject`. */
  readonly onUnprocessed?: 'reject' | 'strip'
  readonly uniqueness?: Uniqueness
  /** How long a `client_secret` lives; default: for ever. An update by the client gives a new one for an expired one. */
  readonly secretLifetime?: Duration
  /** Whether an update gives the client a new registration access token, and how long older ones still count; default: false. */
  readonly tokenRotation?: false | { readonly overlap: Duration }
  /** Which web pages may ask: none (default), all, or those of the listed origins, compared exactly. */
  readonly cors?: CorsOrigins
  /** Who is slowed down; default: `createLimits()`. */
  readonly rateLimits?: RequestLimits
  /** Where requests come from, such as `createAddressReader` makes behind proxies; default: the address of the connection. */
  readonly addressOf?: AddressReader
  /** How `authenticateClient` gets the keys of clients, and what it holds assertions to. */
  readonly clientAuthentication?: Pick<
    ClientAuthenticationOptions,
    'fetch' | 'keyCache' | 'keySets' | 'clockTolerance' | 'maxAssertionLifetime' | 'maxBytes'
  >
  /** Is told what became of every request but for metadata documents. */
  readonly onDecision?: (record: DecisionRecord) => void
  /** Is told what went wrong in the server, beyond what an answer says. */
  readonly onError?: (fault: unknown) => void
  /** The clock. */
  readonly now?: () => Date
  /** Fills bytes with random ones; default: `crypto.getRandomValues`. */
  readonly random?: Randomness
}
