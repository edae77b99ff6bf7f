import { type ClientMetadata, InvalidMetadataError, type MetadataIssue, parseScope, toAscii } from '@software-statement/core'
import type { listMembers, ServerMetadata } from './members.js'

/** What clients may register, by the member of the server's metadata that says so (RFC 8414 2 and the extensions named there). */
export const bounds: readonly (readonly [member: string, bound: (typeof listMembers)[number]])[] = [
  ['grant_types', 'grant_types_supported'],
  ['response_types', 'response_types_supported'],
  ['response_modes', 'response_modes_supported'],
  ['token_endpoint_auth_method', 'token_endpoint_auth_methods_supported'],
  ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_signing_alg_values_supported'],
  ['scope', 'scopes_supported'],
  ['subject_type', 'subject_types_supported'],
  ['default_acr_values', 'acr_values_supported'],
  ['authorization_details_types', 'authorization_details_types_supported'],
  ['client_registration_types', 'client_registration_types_supported'],
  ['backchannel_token_delivery_mode', 'backchannel_token_delivery_modes_supported'],
  ['backchannel_authentication_request_signing_alg', 'backchannel_authentication_request_signing_alg_values_supported'],
  ['id_token_signed_response_alg', 'id_token_signing_alg_values_supported'],
  ['id_token_encrypted_response_alg', 'id_token_encryption_alg_values_supported'],
  ['id_token_encrypted_response_enc', 'id_token_encryption_enc_values_supported'],
  ['userinfo_signed_response_alg', 'userinfo_signing_alg_values_supported'],
  ['userinfo_encrypted_response_alg', 'userinfo_encryption_alg_values_supported'],
  ['userinfo_encrypted_response_enc', 'userinfo_encryption_enc_values_supported'],
  ['request_object_signing_alg', 'request_object_signing_alg_values_supported'],
  ['request_object_encryption_alg', 'request_object_encryption_alg_values_supported'],
  ['request_object_encryption_enc', 'request_object_encryption_enc_values_supported'],
  ['introspection_signed_response_alg', 'introspection_signing_alg_values_supported'],
  ['introspection_encrypted_response_alg', 'introspection_encryption_alg_values_supported'],
  ['introspection_encrypted_response_enc', 'introspection_encryption_enc_values_supported'],
  ['authorization_signed_response_alg', 'authorization_signing_alg_values_supported'],
  ['authorization_encrypted_response_alg', 'authorization_encryption_alg_values_supported'],
  ['authorization_encrypted_response_enc', 'authorization_encryption_enc_values_supported'],
]

/**
 * Holds client metadata to what the server supports: a list in the server's metadata bounds the member it belongs to, and what has no
 * list has no bound. It is not cut down to what is supported: a client would believe that it got what it asked for. Keys are asked for over
 * https only, also on the local machine: a client with another `jwks_uri` could never be authenticated.
 *
 * Throws `InvalidMetadataError` with `ERR_METADATA_UNSUPPORTED` for every value, and `ERR_URI` for a `jwks_uri`.
 */
export function refuseUnsupported(client: ClientMetadata, server: ServerMetadata): void {
  const issues = bounds.flatMap(([member, bound]): readonly MetadataIssue[] => {
    const supported = server[bound]
    if (supported === undefined) return []
    const known = new Set(supported.map((value) => spell(member, value)))
    const others = valuesOf(member, client[member]).filter((value) => !known.has(spell(member, value)))
    return others.map((value) => ({
      code: 'ERR_METADATA_UNSUPPORTED',
      member,
      message: `${member}: "${toAscii(value)}" is not in ${bound}`,
    }))
  })
  const { jwks_uri } = client
  if (typeof jwks_uri === 'string' && !jwks_uri.startsWith('https:'))
    issues.push({ code: 'ERR_URI', member: 'jwks_uri', message: 'the jwks_uri is not https' })
  if (issues.length > 0) throw new InvalidMetadataError(issues)
}

function valuesOf(member: string, value: unknown): readonly string[] {
  if (member === 'scope') return parseScope(value) ?? []
  const values = Array.isArray(value) ? value : [value]
  return values.filter((item) => typeof item === 'string')
}

/** The words of a response type have no order (RFC 6749 3.1.1). */
function spell(member: string, value: string): string {
  return member === 'response_types' ? value.split(' ').sort().join(' ') : value
}
