import { AccessError } from '@software-statement/core'
import { digestText } from '../credentials/credential.js'
import { addressBlock } from './client-address.js'
import { FailureCounter } from './failure-counter.js'
import { type LimitOptions, parseLimitOptions } from './limit-options.js'
import { type CountingLimiter, type LimiterRule, validateLimiter } from './limiter.js'
import { memoryLimiter } from './memory-limiter.js'
import { WindowCounter } from './window-counter.js'

/** Who attempts what: names under which failures are counted. */
export interface Attempt {
  readonly kind: 'client' | 'registration-token' | 'initial-token'
  /** The client that is named, whether there is one or not; absent where the attempt names none. */
  readonly clientId?: string
  /** Where it comes from; absent where nobody knows. */
  readonly address: string | undefined
}

/** Slows down who fails often or asks often. All throw `AccessError` with `ERR_RATE_LIMITED`, and `TrustUnavailableError`. */
export interface RequestLimits {
  /**
   * Makes an attempt and counts its failure: once, whatever it throws, and only where it throws `AccessError` with
   * `ERR_CLIENT_AUTHENTICATION` or `ERR_TOKEN_INVALID`. During a pause it is not made at all.
   */
  attempt<Result>(attempt: Attempt, check: () => Promise<Result>): Promise<Result>
  /**
   * Counts a failure under an address alone: a request to a server that a client has named, which came to nothing. The client may be
   * blameless, and is not paused for it.
   */
  countFailure(address: string | undefined): Promise<void>
  /** Counts a registration from an address, before anything else of it is looked at. */
  countRegistration(address: string | undefined): Promise<void>
  /** Counts a registration with a statement that has been verified: nobody is counted for what others claim. */
  countSoftware(issuer: string, softwareId: string): Promise<void>
}

const minute = 60

/**
 * Makes the limits of an endpoint. Failures count under the client that is named together with the address, so that nobody locks a
 * client out from elsewhere, and under the address alone; a success ends the count of that client at that address. IPv6 addresses count
 * by their /64.
 *
 * Where no address is known, all who name a client count as one address for that client, and all registrations as from one address;
 * nothing counts under the address alone, which would be everybody.
 *
 * Throws `TypeError` for options that make no sense.
 *
 * @example
 * ```ts
 * const limits = createLimits({ failures: 5, registrationsPerAddress: 20 })
 * ```
 */
export function createLimits(options: LimitOptions = {}): RequestLimits {
  const { backOff, capacity, ...windows } = parseLimitOptions(options)
  const { createLimiter = (rule: LimiterRule) => memoryLimiter(rule, capacity) } = options
  const make = (keyPrefix: string, points: number, duration: number): CountingLimiter =>
    validateLimiter(createLimiter({ keyPrefix: `software-statement-${keyPrefix}`, points, duration }))
  const inWindow = (keyPrefix: string, points: number, message: string) =>
    Number.isFinite(points) ? new WindowCounter(make(keyPrefix, points, minute), points, message) : undefined

  const pairs = Number.isFinite(backOff.failures)
    ? new FailureCounter(make('failures', backOff.failures, backOff.memory), backOff)
    : undefined
  const addresses = inWindow('address', windows.failuresPerAddress, 'too many attempts from this address have failed')
  const registrations = inWindow('registration', windows.registrationsPerAddress, 'too many registrations from this address')
  const software = inWindow('software', windows.registrationsPerSoftware, 'too many registrations of this software')

  return {
    async attempt({ kind, clientId, address }, check) {
      const block = address === undefined ? undefined : addressBlock(address)
      const from = block === undefined ? undefined : await nameOf(block)
      const pair = clientId === undefined && block === undefined ? undefined : await nameOf(kind, clientId ?? null, block ?? null)

      if (from !== undefined) await addresses?.check(from)
      const round = pair === undefined ? 0 : ((await pairs?.admit(pair)) ?? 0)
      let result: Awaited<ReturnType<typeof check>>
      try {
        result = await check()
      } catch (error) {
        if (isFailure(error)) {
          if (pair !== undefined) await pairs?.fail(pair, round)
          if (from !== undefined) await addresses?.count(from)
        }
        throw error
      }
      // What has succeeded in the middle of many failures was one guess of many.
      if (from !== undefined) await addresses?.check(from)
      if (pair !== undefined) await pairs?.succeed(pair, round)
      return result
    },
    async countFailure(address) {
      if (address !== undefined) await addresses?.count(await nameOf(addressBlock(address)))
    },
    async countRegistration(address) {
      await registrations?.count(await nameOf(address === undefined ? null : addressBlock(address)))
    },
    async countSoftware(issuer, softwareId) {
      await software?.count(await nameOf(issuer, softwareId))
    },
  }
}

function isFailure(error: unknown): boolean {
  return error instanceof AccessError && (error.code === 'ERR_CLIENT_AUTHENTICATION' || error.code === 'ERR_TOKEN_INVALID')
}

/** A name of fixed length, whatever it is made of. */
function nameOf(...parts: readonly (string | null)[]): Promise<string> {
  return digestText(JSON.stringify(parts))
}
