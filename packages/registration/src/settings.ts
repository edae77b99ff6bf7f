import {
  AccessError,
  asymmetricAlgorithms,
  type Duration,
  type Limits,
  parseDuration,
  resolveLimits,
} from '@software-statement/core'
import {
  createDecider,
  type DecisionOptions,
  type MetadataPolicy,
  type RegistrationDecider,
  type TrustResolver,
} from '@software-statement/verifier'
import { type ClientAuthenticator, createClientAuthenticator } from './client-authentication/authenticate-client.js'
import type { ClientAuthenticationOptions } from './client-authentication/authentication-options.js'
import type { Randomness } from './credentials/credential.js'
import type { DecisionRecord } from './decision-record.js'
import type { CorsOrigins } from './http/cors.js'
import type { AddressReader } from './limits/client-address.js'
import { createLimits, type RequestLimits } from './limits/request-limits.js'
import type { ServerMetadata } from './metadata/members.js'
import { makeServerMetadata } from './metadata/server-metadata.js'
import { deriveUrls, type ServerUrls } from './metadata/server-urls.js'
import { validateOptions } from './option-rules.js'
import type { RegistrationEndpointOptions, Uniqueness } from './options.js'
import type { RegistrationMode } from './registration-mode.js'
import type { ClientStore } from './stores/client-store.js'

/** Options, read and checked once. Times are in seconds. */
export interface Settings {
  readonly metadata: ServerMetadata
  readonly urls: ServerUrls
  readonly store: ClientStore
  readonly mode: RegistrationMode
  /** Whether statements can be verified at all. */
  readonly processesStatements: boolean
  readonly onUnprocessed: 'reject' | 'strip'
  readonly uniqueness: Uniqueness
  readonly decide: Readonly<Record<'required' | 'optional', RegistrationDecider>>
  readonly limits: Limits
  readonly secretLifetime: number | undefined
  readonly tokenOverlap: number | undefined
  readonly cors: CorsOrigins
  readonly rateLimits: RequestLimits
  readonly addressOf: AddressReader
  readonly authenticateClient: ClientAuthenticator
  readonly onDecision: (record: DecisionRecord) => void
  readonly onError: (fault: unknown) => void
  readonly now: () => Date
  readonly random: Randomness
}

/** Reads the options of an endpoint. Throws `TypeError` that names the option, `MetadataPolicyError` for an illegal policy. */
export function parseOptions(options: RegistrationEndpointOptions): Settings {
  validateOptions(options)
  const {
    issuer,
    store,
    trust,
    mode = 'open',
    path = '/reg',
    metadata: configured = {},
    onUnprocessed = 'reject',
    uniqueness = 'none',
    secretLifetime,
    tokenRotation = false,
    cors = false,
    rateLimits = createLimits(),
    addressOf = (_, address) => address,
    clientAuthentication = {},
    onDecision = () => undefined,
    onError = () => undefined,
    now = () => new Date(),
    random = (bytes) => crypto.getRandomValues(bytes),
    ...demands
  } = options
  if (trust === undefined && mode.startsWith('statement')) throw new TypeError(`the mode ${mode} needs the option trust`)
  const urls = deriveUrls(issuer, path)
  const metadata = makeServerMetadata(issuer, urls, configured)
  const metadata_policy = withDefaultMethod(demands.metadata_policy, metadata)
  const decisions: DecisionOptions = {
    ...demands,
    audience: demands.audience ?? [issuer, urls.registration],
    ...(metadata_policy === undefined ? {} : { metadata_policy }),
    seen: 'consumed-by-caller',
  }
  const decideWith = (statement: 'required' | 'optional') => createDecider(trust ?? trustNobody, { ...decisions, statement })
  return {
    metadata,
    urls,
    store,
    mode,
    processesStatements: trust !== undefined,
    onUnprocessed,
    uniqueness,
    decide: { required: decideWith('required'), optional: decideWith('optional') },
    limits: resolveLimits(demands.limits),
    secretLifetime: secretLifetime === undefined ? undefined : readLifetime(secretLifetime),
    tokenOverlap: tokenRotation === false ? undefined : readDuration('tokenRotation.overlap', tokenRotation.overlap),
    cors,
    rateLimits,
    addressOf,
    authenticateClient: makeAuthenticator(metadata, {
      ...clientAuthentication,
      store,
      issuer,
      limits: rateLimits,
      addressOf,
      now,
    }),
    onDecision,
    onError,
    now,
    random,
  }
}

const trustNobody: TrustResolver = async () => undefined

/**
 * A client that names no method gets client_secret_basic (RFC 7591 2) or, where the server does not support that, the first method that
 * it supports: the server may provision what a client leaves out.
 */
function withDefaultMethod(policy: MetadataPolicy | undefined, server: ServerMetadata): MetadataPolicy | undefined {
  const [first, ...others] = server.token_endpoint_auth_methods_supported
  if (first === undefined || [first, ...others].includes('client_secret_basic')) return policy
  const operators = policy?.token_endpoint_auth_method ?? {}
  if ('default' in operators || 'value' in operators) return policy
  return { ...policy, token_endpoint_auth_method: { ...operators, default: first } }
}

/** Zero stands for `never` on the wire (RFC 7591 3.2.1), and nobody means a secret that has expired when it is told. */
function readLifetime(duration: Duration): number {
  const seconds = readDuration('secretLifetime', duration)
  if (seconds > 0) return seconds
  throw new TypeError('the option secretLifetime must be longer than nothing: leave it out for secrets that never expire')
}

/** Whole seconds: every time that is stored is. */
function readDuration(name: string, duration: Duration): number {
  try {
    return Math.ceil(parseDuration(duration))
  } catch (cause) {
    throw new TypeError(`the option ${name}: ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
}

/** What `authenticateClient` handles itself: mutual TLS is for whoever ends the connection. */
const handledMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const

/** Authenticates by the methods and algorithms that are published, and no others. */
function makeAuthenticator(server: ServerMetadata, options: ClientAuthenticationOptions): ClientAuthenticator {
  const methods = handledMethods.filter((method) => server.token_endpoint_auth_methods_supported.includes(method))
  const supported = server.token_endpoint_auth_signing_alg_values_supported ?? asymmetricAlgorithms
  const algorithms = asymmetricAlgorithms.filter((alg) => supported.includes(alg))
  if (methods.length > 0) return createClientAuthenticator({ ...options, methods, algorithms })
  return async () => {
    throw new AccessError('ERR_CLIENT_AUTHENTICATION', 'no method of this server is handled here')
  }
}
