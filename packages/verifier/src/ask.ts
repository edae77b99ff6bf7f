import { StatementError, TrustUnavailableError } from '@software-statement/core'

const questions = {
  ERR_KEYS_UNAVAILABLE: 'the keys of the issuer cannot be obtained',
  ERR_STATUS_UNAVAILABLE: 'the status of the statement cannot be obtained',
  ERR_REPLAY_UNAVAILABLE: 'earlier use of the statement cannot be looked up',
} as const

/**
 * Asks a source outside this library. What goes wrong there is an outage, never an answer: not being able to find out is
 * neither yes nor no. That goes for `TypeError` as well: it is what `fetch` throws where there is no network.
 *
 * Throws `StatementError`.
 */
export async function ask<Answer>(code: keyof typeof questions, question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question()
  } catch (cause) {
    if (cause instanceof StatementError) throw cause
    throw new TrustUnavailableError(code, questions[code], { cause })
  }
}
