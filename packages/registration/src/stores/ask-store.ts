import { StatementError, TrustUnavailableError } from '@software-statement/core'

/**
 * Asks the store of clients. What goes wrong there is an outage, never an answer.
 *
 * Throws `StatementError`.
 */
export const askStore = <Answer>(question: () => Promise<Answer>) => orOutage(question, 'the store of clients cannot be asked')

/** Opens a store of clients. Throws as `askStore`. */
export const openStore = <Store>(open: () => Promise<Store>) => orOutage(open, 'the store of clients could not be opened')

async function orOutage<Result>(work: () => Promise<Result>, outage: string): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof StatementError) throw cause
    throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', outage, { cause })
  }
}
