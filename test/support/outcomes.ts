import { JsonFault, StatementError } from '@software-statement/core'

/** The code with which a call is refused, or `accepted`. Errors that are no refusal pass. */
export function outcomeOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return codeOf(error)
  }
}

/** The same for a promise. */
export async function outcomeOfPromise(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'accepted'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof StatementError) return error.code
  if (error instanceof JsonFault) return error.kind
  throw error
}

/** The code and the member that a refusal names. */
export function refusalOf(run: () => unknown): { readonly code: string; readonly member: string | undefined } {
  try {
    run()
  } catch (error) {
    if (error instanceof StatementError) return { code: error.code, member: error.member }
    throw error
  }
  throw new Error('nothing was refused')
}
