import { InvalidStatementError, TrustUnavailableError } from '@software-statement/core'

/** The store gave an answer that is none, or none that helps. */
export function storeUnavailable(message: string, details: { readonly retryAfter?: number } = {}): TrustUnavailableError {
  return new TrustUnavailableError('ERR_STORE_UNAVAILABLE', message, details)
}

/** What the store answers where its transaction was not made. */
export function outcomeFault(outcome: 'replayed' | 'key-taken'): InvalidStatementError {
  if (outcome === 'replayed') {
    return new InvalidStatementError('ERR_REPLAYED', 'the statement has been used before', { member: 'jti' })
  }
  return new InvalidStatementError('ERR_ALREADY_REGISTERED', 'another client has a name that only one may have')
}
