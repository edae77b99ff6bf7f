import { InvalidStatementError, type StatementHeader } from '@software-statement/core'
import type { VerificationKey } from './verification-key.js'

/**
 * The keys that may have made a signature: those that fit `alg` and have the `kid`. Equal `kid` values are legal between
 * keys for different uses (RFC 7517 4.5); keys without one are candidates where no key has the `kid`.
 *
 * Throws `InvalidStatementError` with `ERR_KEY_NOT_FOUND`, or `ERR_KEY_AMBIGUOUS` if two keys with the `kid` fit.
 */
export function selectKeys(header: StatementHeader, keys: readonly VerificationKey[]): readonly VerificationKey[] {
  const fitting = keys.filter((key) => key.algorithms.includes(header.alg))
  const named = header.kid === undefined ? [] : fitting.filter((key) => key.kid === header.kid)
  if (named.length > 1) throw new InvalidStatementError('ERR_KEY_AMBIGUOUS', 'more than one key with this kid fits the algorithm')
  if (named.length === 1) return named
  const trials = header.kid === undefined ? fitting : fitting.filter((key) => key.kid === undefined)
  if (trials.length === 0) {
    const reason = header.kid === undefined ? 'fits the algorithm' : 'has this kid and fits the algorithm'
    throw new InvalidStatementError('ERR_KEY_NOT_FOUND', `no key ${reason}`)
  }
  return trials
}
