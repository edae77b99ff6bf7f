import { type Duration, parseDuration } from '@software-statement/core'
import { refuseUnknownOptions } from '../known-options.js'
import type { BackOff } from './failure-counter.js'
import type { CountingLimiter, LimiterRule } from './limiter.js'

/** How many of something, or as many as there are. */
export type Limit = number | 'unlimited'

/** Who is slowed down, and when. */
export interface LimitOptions {
  /** Failed attempts with one client's secret, assertion or token from one address before the first pause; default: 10. */
  readonly failures?: Limit
  /** The first pause; it doubles with each failure that follows a pause. Default: 10 seconds. */
  readonly firstPause?: Duration
  /** The longest pause, at most 1 week; default: 1 hour. */
  readonly longestPause?: Duration
  /** How long failures are remembered after the last pause, at most 1 week; default: 1 hour. */
  readonly forgetAfter?: Duration
  /** Failed attempts a minute from one address, whatever client they name; default: 100. */
  readonly failuresPerAddress?: Limit
  /** Registrations a minute from one address; default: 1,000. */
  readonly registrationsPerAddress?: Limit
  /**
   * Registrations a minute with statements of one issuer for one `software_id`, from wherever; default: 10,000. It is more than one
   * address may make, so that nobody with a copy of a statement keeps all others from using it.
   */
  readonly registrationsPerSoftware?: Limit
  /** Names that each of these limits counts under in memory, the least recently used forgotten first; default: 50,000 (about 30 MB). */
  readonly capacity?: number
  /**
   * Makes the limiters, where several processes count together: any limiter of `rate-limiter-flexible`, made for the rule. Default:
   * in memory.
   */
  readonly createLimiter?: (rule: LimiterRule) => CountingLimiter
}

export interface ParsedLimits {
  readonly backOff: BackOff
  readonly failuresPerAddress: number
  readonly registrationsPerAddress: number
  readonly registrationsPerSoftware: number
  readonly capacity: number
}

const week = 604_800

const names: ReadonlySet<string> = new Set([
  'failures',
  'firstPause',
  'longestPause',
  'forgetAfter',
  'failuresPerAddress',
  'registrationsPerAddress',
  'registrationsPerSoftware',
  'capacity',
  'createLimiter',
])

/** Throws `TypeError` for an option there is not, and for one that makes no sense. No limit is `Infinity`. */
export function parseLimitOptions(options: LimitOptions): ParsedLimits {
  refuseUnknownOptions(options, names, 'a limit')
  const { failures = 10, firstPause = 10, longestPause = '1 hour', forgetAfter = '1 hour' } = options
  const { failuresPerAddress = 100, registrationsPerAddress = 1000, registrationsPerSoftware = 10_000 } = options
  const { capacity = 50_000, createLimiter } = options
  if (!Number.isSafeInteger(capacity) || capacity < 1) throw new TypeError('the option capacity must be a positive whole number')
  if (createLimiter !== undefined && typeof createLimiter !== 'function') {
    throw new TypeError('the option createLimiter must be a function')
  }
  const first = parsePause('firstPause', firstPause)
  const longest = parsePause('longestPause', longestPause)
  if (first > longest) throw new TypeError('the option firstPause must not be longer than longestPause')
  return {
    backOff: { failures: parseLimit('failures', failures), first, longest, memory: parsePause('forgetAfter', forgetAfter) },
    failuresPerAddress: parseLimit('failuresPerAddress', failuresPerAddress),
    registrationsPerAddress: parseLimit('registrationsPerAddress', registrationsPerAddress),
    registrationsPerSoftware: parseLimit('registrationsPerSoftware', registrationsPerSoftware),
    capacity,
  }
}

function parseLimit(name: string, limit: unknown): number {
  if (limit === 'unlimited') return Number.POSITIVE_INFINITY
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 0) return limit
  throw new TypeError(`the option ${name} must be a positive whole number or "unlimited"`)
}

/** Timers end after 24 days, and nobody should be kept waiting that long. */
function parsePause(name: string, duration: Duration): number {
  const seconds = parseDuration(duration)
  if (seconds >= 1 && seconds <= week) return seconds
  throw new TypeError(`the option ${name} must be at least a second, at most a week`)
}
