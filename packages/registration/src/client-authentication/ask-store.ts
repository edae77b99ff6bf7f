import { StatementError, TrustUnavailableError } from '@software-statement/core'

/**
 * Asks the store of clients. What goes wrong there is an outage, never an answer.
 *
 * Throws `StatementError`.
 */
export async function askStore<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question()
  } catch (cause) {
    if (cause instanceof StatementError) throw cause
    throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the store of clients cannot be asked', { cause })
  }
}
