import type { ApprovedRegistration } from '@software-statement/verifier'
import type { Circumstances } from '../circumstances.js'
import { type Demand, decideRequest } from '../register/decide.js'
import type { ReceivedRequest } from '../register/read-request.js'
import type { StoredClient } from '../stores/client-store.js'

/**
 * Decides on an update (RFC 7592 2.2) as on a registration. Without a statement, or with the same bytes again, the stored one counts: what
 * it locked stays as it is. Its time, or that of its certificates, may be over since it was accepted, which is no reason to free what it
 * locked, so its times are judged as of that moment; keys, issuer, status and what is revoked are those of now, so that one that was
 * withdrawn is refused.
 *
 * Throws the `StatementError` that refuses it.
 */
export async function decideUpdate(
  { members, statement }: ReceivedRequest,
  client: StoredClient,
  circumstances: Circumstances,
): Promise<ApprovedRegistration> {
  const { statement: stored, metadata, provenance } = client
  const { mode } = circumstances.settings
  circumstances.findings.storedStatement = stored !== undefined && statement === undefined
  const demand: Demand = {
    // A client that an initial access token admitted without a statement needs none now.
    statement: mode === 'statement' ? 'required' : 'optional',
    registered: { metadata, provenance },
    ...(stored === undefined ? {} : { storedStatement: stored.compact }),
  }
  if (stored === undefined || (statement !== undefined && statement !== stored.compact)) {
    return decideRequest(statement === undefined ? { members } : { members, statement }, demand, circumstances)
  }
  const acceptedAt = new Date(stored.acceptedAt * 1000)
  return decideRequest({ members, statement: stored.compact }, { ...demand, acceptedAt }, circumstances)
}
