/**
 * The members of a server's metadata that may be configured (IANA "OAuth Authorization Server Metadata": RFC 8414 2, OpenID Connect
 * Discovery 1.0, 3, and the extensions that name their own), by the form of their values. `issuer` and `registration_endpoint` follow
 * from other options, and `signed_metadata` would speak for itself.
 */

/** URLs. */
export const urlMembers = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'service_documentation',
  'op_policy_uri',
  'op_tos_uri',
  'revocation_endpoint',
  'introspection_endpoint',
  'device_authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'backchannel_authentication_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'check_session_iframe',
] as const

/** Lists of names. */
export const listMembers = [
  'scopes_supported',
  'response_types_supported',
  'response_modes_supported',
  'grant_types_supported',
  'token_endpoint_auth_methods_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'revocation_endpoint_auth_methods_supported',
  'revocation_endpoint_auth_signing_alg_values_supported',
  'introspection_endpoint_auth_methods_supported',
  'introspection_endpoint_auth_signing_alg_values_supported',
  'introspection_signing_alg_values_supported',
  'introspection_encryption_alg_values_supported',
  'introspection_encryption_enc_values_supported',
  'code_challenge_methods_supported',
  'ui_locales_supported',
  'acr_values_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'id_token_encryption_alg_values_supported',
  'id_token_encryption_enc_values_supported',
  'userinfo_signing_alg_values_supported',
  'userinfo_encryption_alg_values_supported',
  'userinfo_encryption_enc_values_supported',
  'request_object_signing_alg_values_supported',
  'request_object_encryption_alg_values_supported',
  'request_object_encryption_enc_values_supported',
  'authorization_signing_alg_values_supported',
  'authorization_encryption_alg_values_supported',
  'authorization_encryption_enc_values_supported',
  'authorization_details_types_supported',
  'dpop_signing_alg_values_supported',
  'backchannel_token_delivery_modes_supported',
  'backchannel_authentication_request_signing_alg_values_supported',
  'client_registration_types_supported',
  'display_values_supported',
  'prompt_values_supported',
  'claim_types_supported',
  'claims_supported',
  'claims_locales_supported',
  'protected_resources',
  'registration_endpoint_jwt_signing_alg_values_supported',
] as const

/** Yes or no. */
export const flagMembers = [
  'claims_parameter_supported',
  'request_parameter_supported',
  'request_uri_parameter_supported',
  'require_request_uri_registration',
  'require_signed_request_object',
  'require_pushed_authorization_requests',
  'tls_client_certificate_bound_access_tokens',
  'authorization_response_iss_parameter_supported',
  'frontchannel_logout_supported',
  'frontchannel_logout_session_supported',
  'backchannel_logout_supported',
  'backchannel_logout_session_supported',
  'backchannel_user_code_parameter_supported',
  'client_id_metadata_document_supported',
] as const

/** What may be configured of a server's metadata (RFC 8414 2). */
export type ConfiguredMetadata = {
  readonly [Name in (typeof urlMembers)[number]]?: string
} & {
  readonly [Name in (typeof listMembers)[number]]?: readonly string[]
} & {
  readonly [Name in (typeof flagMembers)[number]]?: boolean
} & {
  /** Endpoints for mutual TLS (RFC 8705 5). */
  readonly mtls_endpoint_aliases?: { readonly [endpoint: string]: string }
}

/** A server's metadata as it is published and enforced (RFC 8414 2, OpenID Connect Discovery 1.0, 3). */
export type ServerMetadata = ConfiguredMetadata & {
  readonly issuer: string
  readonly registration_endpoint: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly grant_types_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly token_endpoint_auth_methods_supported: readonly string[]
}
