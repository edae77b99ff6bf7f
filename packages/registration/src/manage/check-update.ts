import { InvalidMetadataError, type JsonObject, type MetadataIssue } from '@software-statement/core'
import { matchCredential } from '../credentials/credential.js'
import type { ReceivedRequest } from '../register/read-request.js'
import type { StoredClient } from '../stores/client-store.js'

/** What a client must not send back (RFC 7592 2.2). */
const neverSent = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
] as const

/**
 * Holds the members of an update to RFC 7592 2.2: the `client_id` of the client, nothing that only a server says, and no secret but its
 * own.
 *
 * Throws `InvalidMetadataError` with every issue.
 */
export async function checkUpdate(members: JsonObject, { clientId, secrets }: StoredClient, at: number): Promise<void> {
  const issues: MetadataIssue[] = neverSent
    .filter((member) => Object.hasOwn(members, member))
    .map((member) => ({ code: 'ERR_METADATA_FORBIDDEN', member, message: `${member} must not be in an update` }))
  const { client_id, client_secret } = members
  if (client_id !== clientId) {
    issues.push({ code: 'ERR_METADATA_VALUE', member: 'client_id', message: 'client_id is not that of the client' })
  }
  if (
    client_secret !== undefined &&
    !(typeof client_secret === 'string' && (await matchCredential(client_secret, secrets, at)))
  ) {
    issues.push({ code: 'ERR_METADATA_VALUE', member: 'client_secret', message: 'client_secret is not that of the client' })
  }
  if (issues.length > 0) throw new InvalidMetadataError(issues)
}

/** Null says the same as leaving a member out: it is to be deleted (RFC 7592 2.2). */
export function withoutDeletions({ members, statement }: ReceivedRequest): ReceivedRequest {
  const kept = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
  return statement === undefined || statement === null ? { members: kept } : { members: kept, statement }
}
