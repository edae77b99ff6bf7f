import type { Circumstances } from '../circumstances.js'
import { clientIdToFind } from '../credentials/client-id.js'
import { matchCredential } from '../credentials/credential.js'
import { requireBearerToken, tokenRefused } from '../http/bearer-token.js'
import { askStore } from '../stores/ask-store.js'
import type { StoredClient } from '../stores/client-store.js'

/** A client that has shown its registration access token. */
export interface AuthorizedClient {
  readonly client: StoredClient
  /** The token that was presented. */
  readonly token: string
}

/**
 * Finds the client of a client configuration endpoint by the path and its registration access token (RFC 7592 2). A client that is not
 * there and a wrong token are one refusal, for which the same is done, but for what a database needs to read a client.
 *
 * Throws `AccessError` with `ERR_TOKEN_MISSING` or `ERR_TOKEN_INVALID`.
 */
export async function authorizeClient(clientId: string, circumstances: Circumstances): Promise<AuthorizedClient> {
  const { settings, request, address, findings } = circumstances
  const token = requireBearerToken(request)
  const client = await settings.rateLimits.attempt({ kind: 'registration-token', clientId, address }, async () => {
    const found = await findAuthorized(clientId, token, circumstances)
    if (found === undefined) throw tokenRefused('there is no such client, or this is not its token')
    return found
  })
  findings.client_id = client.clientId
  return { client, token }
}

/** The client as it is now, if the token counts for it. */
export async function findAuthorized(
  clientId: string,
  token: string,
  { settings: { store }, at }: Circumstances,
): Promise<StoredClient | undefined> {
  const client = await askStore(() => store.find(clientIdToFind(clientId)))
  const matches = await matchCredential(token, client?.tokens ?? [], at)
  return matches && client?.clientId === clientId ? client : undefined
}
