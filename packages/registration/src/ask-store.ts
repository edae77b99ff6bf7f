import { InvalidStatementError, TrustUnavailableError } from '@software-statement/core'

/**
 * Asks the store. What goes wrong there is an outage, never an answer: the client is told to come again.
 *
 * Throws `TrustUnavailableError`.
 */
export async function askStore<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question()
  } catch (cause) {
    if (cause instanceof TrustUnavailableError) throw cause
    throw storeUnavailable('the store of clients cannot be asked', cause)
  }
}

/** The store cannot be asked, or gave an answer that is none. */
export function storeUnavailable(message: string, cause?: unknown): TrustUnavailableError {
  return new TrustUnavailableError('ERR_STORE_UNAVAILABLE', message, cause === undefined ? {} : { cause })
}

/** What the store answers where its transaction was not made. */
export function outcomeFault(outcome: 'replayed' | 'key-taken'): InvalidStatementError {
  if (outcome === 'replayed') {
    return new InvalidStatementError('ERR_REPLAYED', 'the statement has been used before', { member: 'jti' })
  }
  return new InvalidStatementError('ERR_ALREADY_REGISTERED', 'another client has a name that only one may have')
}
