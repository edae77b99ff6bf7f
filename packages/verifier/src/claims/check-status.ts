import { type JsonObject, type StatementHeader, TrustUnavailableError, UnapprovedStatementError } from '@software-statement/core'
import { ask } from '../ask.js'

/** A statement as a status source needs it: verified, not yet approved. */
export interface StatusSubject {
  /** The compact statement, byte for byte. */
  readonly statement: string
  readonly issuer: string
  readonly header: StatementHeader
  readonly claims: JsonObject
}

/** Says whether a verified statement has been revoked. What it throws counts as an outage, never as an answer. */
export type StatusCheck = (statement: StatusSubject) => Promise<'valid' | 'revoked'>

/** Asks for the status. Throws `UnapprovedStatementError` if revoked, `TrustUnavailableError` if there is no answer. */
export async function checkStatus(statement: StatusSubject, status: StatusCheck): Promise<void> {
  const answer = await ask('ERR_STATUS_UNAVAILABLE', () => status(statement))
  if (answer === 'revoked') throw new UnapprovedStatementError('ERR_STATEMENT_REVOKED', 'the statement has been revoked')
  if (answer !== 'valid') throw new TrustUnavailableError('ERR_STATUS_UNAVAILABLE', 'the status source gave no known answer')
}
