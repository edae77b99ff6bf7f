import { StatementError, TrustUnavailableError } from '@software-statement/core'

/** Opens a store. What goes wrong with it is an outage. */
export async function openUnavailable<Store>(open: () => Promise<Store>): Promise<Store> {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof StatementError) throw cause
    throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the store of clients could not be opened', { cause })
  }
}
