import { type ClientMetadata, encodeBase64url } from '@software-statement/core'

/**
 * A key that is equal for registrations of the same issuer, `software_id`, `software_version` and redirect URIs: SHA-256,
 * base64url. The order of redirect URIs does not matter.
 */
export async function duplicateKeyOf(issuer: string | undefined, metadata: ClientMetadata): Promise<string> {
  const { software_id = null, software_version = null, redirect_uris = [] } = metadata
  const text = JSON.stringify([issuer ?? null, software_id, software_version, [...new Set(redirect_uris)].sort()])
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
