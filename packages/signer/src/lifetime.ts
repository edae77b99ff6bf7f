import { type Duration, parseDuration } from '@software-statement/core'

/** A length of time in whole seconds. Throws `TypeError` if there is not one of them. */
export function readLifetime(duration: Duration): number {
  const seconds = Math.floor(parseDuration(duration))
  if (seconds < 1) throw new TypeError('a lifetime must be at least one second')
  return seconds
}
