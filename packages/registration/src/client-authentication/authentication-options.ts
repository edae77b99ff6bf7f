import { type AsymmetricAlgorithm, asymmetricAlgorithms, type Duration, parseDuration } from '@software-statement/core'
import { refuseUnknownOptions } from '../known-options.js'
import type { AddressReader } from '../limits/client-address.js'
import type { RequestLimits } from '../limits/request-limits.js'
import type { ClientStore } from '../stores/client-store.js'
import type { ClientKeysOptions } from './client-keys.js'
import type { ClientAuthenticationMethod } from './presented-credentials.js'

/** What clients are authenticated with. */
export interface ClientAuthenticationOptions extends ClientKeysOptions {
  readonly store: ClientStore
  /** The issuer identifier of this server: the one audience of client assertions, and the realm of challenges. */
  readonly issuer: string
  /** Who is slowed down. */
  readonly limits: RequestLimits
  /** Where requests come from; default: the address of the connection. */
  readonly addressOf?: AddressReader
  /** The methods there are; default: all four. */
  readonly methods?: readonly ClientAuthenticationMethod[]
  /** What client assertions may be signed with; default: every asymmetric algorithm. */
  readonly algorithms?: readonly AsymmetricAlgorithm[]
  /** Allowed difference of clocks, at most 1 hour; default: 60 seconds. */
  readonly clockTolerance?: Duration
  /** How far ahead the `exp` of a client assertion may be, at most 1 day; default: 10 minutes. */
  readonly maxAssertionLifetime?: Duration
  /** The longest body of a request, in bytes; default: 64 KiB. */
  readonly maxBytes?: number
}

export type ParsedAuthenticationOptions = Required<
  Pick<ClientAuthenticationOptions, 'store' | 'issuer' | 'limits' | 'addressOf' | 'maxBytes' | 'methods' | 'algorithms'>
> & {
  /** In seconds. */
  readonly clockTolerance: number
  readonly maxAssertionLifetime: number
}

const allMethods: readonly ClientAuthenticationMethod[] = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']

const names: ReadonlySet<string> = new Set(
  'store issuer limits addressOf methods algorithms clockTolerance maxAssertionLifetime maxBytes fetch keyCache keySets now'.split(
    ' ',
  ),
)

/** Throws `TypeError` for an option there is not, and for one that makes no sense. */
export function parseAuthenticationOptions(options: ClientAuthenticationOptions): ParsedAuthenticationOptions {
  refuseUnknownOptions(options, names)
  const { store, issuer, limits, addressOf = (_, address) => address, maxBytes = 64 * 1024, now } = options
  if (typeof addressOf !== 'function') throw new TypeError('the option addressOf must be a function')
  if (now !== undefined && typeof now !== 'function') throw new TypeError('the option now must be a function')
  const { methods = allMethods, algorithms = asymmetricAlgorithms, clockTolerance = 60, maxAssertionLifetime = 600 } = options
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) throw new TypeError('the option issuer must be a URL')
  if (typeof store?.find !== 'function' || typeof store.consume !== 'function')
    throw new TypeError('the option store must be a store of clients')
  if (typeof limits?.attempt !== 'function') throw new TypeError('the option limits must be limits such as createLimits makes')
  if (!areAmong(methods, allMethods)) throw new TypeError(`the option methods must be an array of ${allMethods.join(', ')}`)
  if (!areAmong(algorithms, asymmetricAlgorithms)) {
    throw new TypeError(`the option algorithms must be an array of ${asymmetricAlgorithms.join(', ')}`)
  }
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) throw new TypeError('the option maxBytes must be a positive whole number')
  return {
    ...{ store, issuer, limits, addressOf, maxBytes, methods, algorithms },
    clockTolerance: atMost(3600, 'clockTolerance', clockTolerance),
    maxAssertionLifetime: atMost(86_400, 'maxAssertionLifetime', maxAssertionLifetime),
  }
}

function areAmong(values: unknown, known: readonly unknown[]): boolean {
  return Array.isArray(values) && values.length > 0 && values.every((value) => known.includes(value))
}

function atMost(most: number, name: string, duration: Duration): number {
  const seconds = parseDuration(duration)
  if (seconds <= most) return seconds
  throw new TypeError(`the option ${name} must be at most ${most} seconds`)
}
