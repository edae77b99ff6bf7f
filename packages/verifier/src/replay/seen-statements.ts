import { InvalidStatementError, TrustUnavailableError } from '@software-statement/core'
import { ask } from '../ask.js'
import { memoryOptions, validateOptions } from '../options.js'
import type { ReplayMark } from './replay-mark.js'

/** Where the uses of statements are remembered. */
export interface SeenStatements {
  /**
   * Writes a mark down under issuer and `jti` unless it is there already, in one atomic step.
   *
   * @param at the time of the decision, in seconds since the epoch: a mark that expires then or earlier may be forgotten
   */
  consume(mark: ReplayMark, at: number): Promise<'first' | 'seen'>
}

/** Consumes a mark. Throws `InvalidStatementError` with `ERR_REPLAYED`, or `TrustUnavailableError`. */
export async function consumeMark(seen: SeenStatements, mark: ReplayMark, at: number): Promise<void> {
  const answer = await ask('ERR_REPLAY_UNAVAILABLE', () => seen.consume(mark, at))
  if (answer === 'seen') throw new InvalidStatementError('ERR_REPLAYED', 'the statement has been used before', { member: 'jti' })
  if (answer !== 'first') throw new TrustUnavailableError('ERR_REPLAY_UNAVAILABLE', 'the store gave no known answer')
}

/**
 * Remembers marks in memory, for one process. It is bounded: when it is full of marks that have not expired it says so, with
 * `TrustUnavailableError`, and forgets none of them.
 *
 * Throws `TypeError` for a capacity that is not a positive whole number, and for options there are not.
 *
 * @example
 * ```ts
 * const seen = memorySeenStatements({ capacity: 100_000 })
 * ```
 */
export function memorySeenStatements(options: { readonly capacity?: number } = {}): SeenStatements {
  validateOptions(options, memoryOptions)
  const { capacity = 100_000 } = options
  const marks = new Map<string, number>()

  let earliest = Number.POSITIVE_INFINITY
  const forgetExpired = (at: number) => {
    // Looked through only when there is something to forget: a memory that is full for long stays quick to say so.
    if (at < earliest) return
    earliest = Number.POSITIVE_INFINITY
    for (const [name, expiresAt] of marks) {
      if (expiresAt <= at) marks.delete(name)
      else earliest = Math.min(earliest, expiresAt)
    }
  }
  return {
    async consume({ issuer, jti, expiresAt = Number.POSITIVE_INFINITY }, at) {
      // No comparison with NaN holds: every mark would count as expired.
      if (!Number.isFinite(at) || Number.isNaN(expiresAt)) throw new TypeError('a time is not a number of seconds')
      const name = JSON.stringify([issuer, jti])
      const known = marks.get(name)
      if (known !== undefined && known > at) return 'seen'
      if (known === undefined && marks.size >= capacity) forgetExpired(at)
      if (known === undefined && marks.size >= capacity) {
        throw new TrustUnavailableError('ERR_REPLAY_UNAVAILABLE', `more than ${capacity} statements to remember`)
      }
      marks.set(name, expiresAt)
      earliest = Math.min(earliest, expiresAt)
      return 'first'
    },
  }
}
