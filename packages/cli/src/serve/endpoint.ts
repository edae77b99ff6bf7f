import {
  type ClientStore,
  createAddressReader,
  createLimits,
  createRegistrationEndpoint,
  type RegistrationEndpoint,
  type RegistrationEndpointOptions,
  type ServiceConfiguration,
} from '@software-statement/registration'
import { memoryStatementCache, type TrustConfiguration } from '@software-statement/verifier'
import { UsageError } from '../usage-error.js'
import type { ServiceLog } from './log.js'
import type { ServiceMetrics } from './metrics.js'

/** Makes the endpoint anew, for another issuer, store or reading of the trust file. Throws `TypeError`, `MetadataPolicyError`. */
export type MakeEndpoint = (issuer: string, store: ClientStore, trust: TrustConfiguration | undefined) => RegistrationEndpoint

interface Surroundings {
  readonly log: ServiceLog
  readonly metrics: ServiceMetrics
  readonly now: () => Date
}

/** What the service answers itself, at the root of its origin. */
const ownPaths: readonly string[] = ['/health', '/metrics']

/**
 * Reads a configuration, and gives what makes endpoints of it. Counts and what is known of statements live on from one to the next.
 *
 * Throws `TypeError` for limits and proxies that make no sense.
 */
export function prepareEndpoint(configuration: ServiceConfiguration, { log, metrics, now }: Surroundings): MakeEndpoint {
  const { statementCache = 1000 } = configuration
  const cache = statementCache === false ? undefined : metrics.watchCache(memoryStatementCache({ max: statementCache }))
  const rateLimits = createLimits(configuration.rateLimits)
  const addressOf = createAddressReader(configuration.proxies)
  return (issuer, store, trust) => {
    const endpoint = createRegistrationEndpoint({
      ...endpointOptions(configuration),
      ...trust?.options,
      ...(trust === undefined ? {} : { trust: trust.trust }),
      ...(cache === undefined ? {} : { cache }),
      issuer,
      store,
      rateLimits,
      addressOf,
      now,
      onDecision(record) {
        metrics.decision(record)
        log.decision(record)
      },
      onError: log.fault,
    })
    const { pathname } = new URL(endpoint.metadata.registration_endpoint)
    if (ownPaths.includes(pathname)) throw new UsageError(`the path ${pathname} is taken: choose another one to register at`)
    return endpoint
  }
}

/** What both files may say; each thing is said in one place. */
const sharedOptions = ['merge', 'metadata_policy', 'metadata_policy_crit', 'unknownMembers', 'redirectSchemes'] as const

/** Throws `UsageError` where the trust file says what the configuration says. */
export function refuseDoubles(configuration: ServiceConfiguration, trustFile: object): void {
  const double = sharedOptions.find((name) => name in configuration && name in trustFile)
  if (double !== undefined)
    throw new UsageError(`${double} stands in the configuration and in the trust file: leave one of them out`)
}

/** The options of an endpoint that stand in a configuration as they are. */
function endpointOptions(
  configuration: ServiceConfiguration,
): Omit<RegistrationEndpointOptions, 'issuer' | 'store' | 'rateLimits'> {
  const {
    $schema: _schema,
    host: _host,
    port: _port,
    issuer: _issuer,
    store: _store,
    trust: _trust,
    rateLimits: _rateLimits,
    proxies: _proxies,
    statementCache: _statementCache,
    server: _server,
    log: _log,
    metrics: _metrics,
    ...options
  } = configuration
  return options
}
