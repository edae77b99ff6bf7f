import type { StoredClient } from '../stores/client-store.js'

/** The texts of credentials, which are known while a request is answered and never again. */
export interface ToldCredentials {
  readonly registration_access_token: string
  /** Where it was created just now. */
  readonly client_secret?: string
}

/**
 * What a client is told of its registration (RFC 7591 3.2.1, RFC 7592 3): everything registered at top level, the statement byte for
 * byte, no null members. A secret is told once; when it ends is told every time.
 */
export function clientInformation(
  { clientId, metadata, issuedAt, secrets, statement }: StoredClient,
  registrationUrl: string,
  told: ToldCredentials,
): { readonly [member: string]: unknown } {
  const [newest] = secrets
  return {
    ...metadata,
    client_id: clientId,
    client_id_issued_at: issuedAt,
    ...told,
    ...(newest === undefined ? {} : { client_secret_expires_at: newest.expiresAt ?? 0 }),
    registration_client_uri: `${registrationUrl}/${clientId}`,
    ...(statement === undefined ? {} : { software_statement: statement.compact }),
  }
}
