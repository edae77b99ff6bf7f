import type { ClientStore } from '@software-statement/registration'
import { TrustUnavailableError } from '@software-statement/verifier'
import type { Io } from '../io.js'

/** Opens a store, and says why it cannot be opened. Throws `TypeError`, `TrustUnavailableError`. */
export async function openStore(name: string, io: Io): Promise<ClientStore> {
  try {
    return await io.openStore(name)
  } catch (error) {
    if (!(error instanceof TrustUnavailableError)) throw error
    throw new TrustUnavailableError(error.code, `${error.message}${reasonOf(error.cause)}`, { cause: error })
  }
}

/** What the system or a database calls it. Messages may repeat what was asked for, with its password. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? `: ${cause.code}` : ''
}

/** What a store is, without saying where. */
export function kindOfStore(name: string): 'memory' | 'postgres' | 'sqlite' {
  if (name === 'memory') return 'memory'
  return /^postgres(ql)?:/.test(name) ? 'postgres' : 'sqlite'
}
