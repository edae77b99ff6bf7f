import { type ClientMetadata, deriveClientKind } from '@software-statement/core'
import type { ApprovedRegistration, RequestOptions } from '@software-statement/verifier'
import type { Circumstances } from '../circumstances.js'
import { refuseUnsupported } from '../metadata/supported.js'
import type { ReceivedRequest } from './read-request.js'

/** How one decision differs from another. */
export interface Demand extends RequestOptions {
  readonly statement: 'required' | 'optional'
}

/**
 * Decides on a request: the whole decision of `decideRegistration`, and what the server supports. Nothing is consumed.
 *
 * Throws the `StatementError` that refuses it.
 */
export async function decideRequest(
  { members, statement }: ReceivedRequest,
  { statement: demand, ...options }: Demand,
  { settings, currentDate, findings }: Circumstances,
): Promise<ApprovedRegistration> {
  const request = statement === undefined ? members : { ...members, software_statement: statement }
  const decision = await settings.decide[demand](request, { currentDate, ...options })
  findings.checks = decision.checks
  if (!decision.approved) throw decision.cause
  if (decision.statement !== undefined) findings.issuer = decision.statement.issuer
  refuseUnsupported(decision.metadata, settings.metadata)
  Object.assign(findings, deriveClientKind(decision.metadata))
  return { ...decision, metadata: withoutNulls(decision.metadata) }
}

/** A member that is null is none: a response has no nulls (RFC 7591 3.2.1), and neither has what is stored. */
function withoutNulls(metadata: ClientMetadata): ClientMetadata {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null && value !== undefined))
}
