import { InvalidStatementError, type JsonObject } from '@software-statement/core'
import { parseRegistrationRequest } from '@software-statement/verifier'
import type { Circumstances } from '../circumstances.js'
import { digestText } from '../credentials/credential.js'
import { readJsonBody } from '../http/read-body.js'

/** What a client asks to be registered with. */
export interface ReceivedRequest {
  /** Every member but the statement. */
  readonly members: JsonObject
  /** The statement as it came, of whatever type; absent if none was sent, or none that will be looked at. */
  readonly statement?: unknown
}

/**
 * Reads a request: media type, size, strict JSON. A statement that nobody here can verify is refused or taken out (RFC 7591 3.1.1 lets a
 * server ignore it), but never registered. `prepare` has the request in hand before that.
 *
 * Throws `InvalidMetadataError`, and `InvalidStatementError` with `ERR_STATEMENT_NOT_PROCESSED`.
 */
export async function readRequest(
  { settings, request, findings }: Circumstances,
  prepare: (received: ReceivedRequest) => ReceivedRequest = (received) => received,
): Promise<ReceivedRequest> {
  const { limits, processesStatements, onUnprocessed } = settings
  const body = await readJsonBody(request, limits.requestBytes)
  const { members, statement } = prepare(parseRegistrationRequest(body, limits))
  if (typeof statement === 'string') findings.statementDigest = await digestText(statement)
  if (statement === undefined || processesStatements) return statement === undefined ? { members } : { members, statement }
  if (onUnprocessed === 'strip') return { members }
  throw new InvalidStatementError('ERR_STATEMENT_NOT_PROCESSED', 'nobody is trusted to sign statements here', {
    member: 'software_statement',
  })
}
