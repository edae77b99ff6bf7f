import type { ClientMetadata } from './registry.js'

/** Encryption members whose `enc` has a default once `alg` is there (OpenID Connect Dynamic Client Registration 1.0, 2). */
export const encryptionMembers = [
  'id_token_encrypted_response',
  'userinfo_encrypted_response',
  'request_object_encryption',
  'introspection_encrypted_response',
  'authorization_encrypted_response',
  'nfv_token_encrypted_response',
].map((prefix) => ({ alg: `${prefix}_alg`, enc: `${prefix}_enc` }))

/**
 * The members that client metadata leaves to their defaults, with these (RFC 7591 2, OpenID Connect Dynamic Client
 * Registration 1.0, 2). `response_types` defaults to `["code"]` only beside the grant it belongs to: a client that names
 * other grants would else be refused for a member it never sent.
 */
export function defaultMembers(metadata: ClientMetadata): ClientMetadata {
  const defaults: Record<string, unknown> = {}
  const grantTypes = metadata.grant_types ?? ['authorization_code']
  if (metadata.grant_types === undefined) defaults.grant_types = grantTypes
  if (metadata.response_types === undefined) defaults.response_types = grantTypes.includes('authorization_code') ? ['code'] : []
  if (metadata.token_endpoint_auth_method === undefined) defaults.token_endpoint_auth_method = 'client_secret_basic'
  if (metadata.application_type === undefined) defaults.application_type = 'web'
  for (const { alg, enc } of encryptionMembers) {
    if (metadata[alg] !== undefined && metadata[enc] === undefined) defaults[enc] = 'A128CBC-HS256'
  }
  return defaults
}
