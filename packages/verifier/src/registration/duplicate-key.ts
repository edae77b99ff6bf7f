import type { ClientMetadata } from '@software-statement/core'
import { platformCrypto } from '#crypto'

/**
 * A key that is equal for registrations of the same issuer, `software_id`, `software_version` and redirect URIs: SHA-256,
 * base64url. The order of redirect URIs does not matter.
 */
export async function duplicateKeyOf(issuer: string | undefined, metadata: ClientMetadata): Promise<string> {
  const { software_id = null, software_version = null, redirect_uris = [] } = metadata
  return platformCrypto.digest(
    JSON.stringify([issuer ?? null, software_id, software_version, [...new Set(redirect_uris)].sort()]),
  )
}
