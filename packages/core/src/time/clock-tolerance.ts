import { type Duration, parseDuration } from './duration.js'

/** RFC 7519 4.1.4 speaks of a few minutes at most. A tolerance without a bound switches the expiry of statements off. */
const mostSeconds = 3600

/**
 * Reads a clock tolerance as seconds.
 *
 * Throws `TypeError` for anything that is not a length of time of at most an hour.
 *
 * @example
 * ```ts
 * parseClockTolerance('5 minutes') // 300
 * ```
 */
export function parseClockTolerance(tolerance: Duration): number {
  const seconds = parseDuration(tolerance)
  if (seconds <= mostSeconds) return seconds
  throw new TypeError('clockTolerance must be at most an hour: beyond that it is no difference of clocks')
}
