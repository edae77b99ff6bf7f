/**
 * Every client metadata member this project knows: the registered ones (IANA "OAuth Dynamic Client Registration Metadata")
 * and well-known unregistered ones. One table; types, schema, URI rules and language tags all come from it.
 */

/** JSON types of members. */
export type MemberKind = 'string' | 'string[]' | 'boolean' | 'integer' | 'object'

/** Which URIs a member may hold: `redirect` see `checkRedirectUri`, the others see `checkUri`. */
export type UriKind = 'redirect' | 'page' | 'endpoint' | 'https' | 'request-uri' | 'any'

export interface MemberDescription<Kind extends MemberKind = MemberKind> {
  readonly kind: Kind
  readonly uri?: UriKind
  /** Human-readable: may have language-tagged forms (RFC 7591 2.2). */
  readonly tagged?: true
  /** Text that people read and compare, in consent screens, approvals and logs. */
  readonly text?: true
  /** Given by the server only: never taken from a request, never vouched for. */
  readonly responseOnly?: true
  /** In the IANA registry. */
  readonly registered: boolean
  /** Where the member is defined. */
  readonly spec: string
}

type Traits = Omit<MemberDescription, 'kind' | 'registered' | 'spec'>

const member =
  (spec: string, registered = true) =>
  // Only the kind becomes part of a member's type: that is what the types of ClientMetadata are made of.
  <Kind extends MemberKind>(kind: Kind, traits: Traits = {}): MemberDescription<Kind> => ({ kind, registered, spec, ...traits })

const rfc7591 = member('RFC 7591 2')
const rfc7592 = member('RFC 7592 3')
const response = member('RFC 7591 3.2.1')
const oidc = member('OpenID Connect Dynamic Client Registration 1.0, 2')
const uma = member('UMA 2.0 Grant, 2')
const nfv = member('ETSI GS NFV-SEC 022')
const mtls = member('RFC 8705 2.1.2')
const introspection = member('RFC 9701 6')
const frontchannel = member('OpenID Connect Front-Channel Logout 1.0, 2')
const backchannel = member('OpenID Connect Back-Channel Logout 1.0, 2.2')
const federation = member('OpenID Federation 1.0, 5')
const openid4vp = member('OpenID4VP 1.0, 11')
const ciba = member('CIBA Core 1.0, 4', false)
const jarm = member('JARM, 3', false)
const choices = member('OpenID Connect RP Metadata Choices 1.0, 2', false)
const observed = member('seen in use', false)

const table = {
  redirect_uris: rfc7591('string[]', { uri: 'redirect' }),
  token_endpoint_auth_method: rfc7591('string'),
  grant_types: rfc7591('string[]'),
  response_types: rfc7591('string[]'),
  client_name: rfc7591('string', { tagged: true, text: true }),
  client_uri: rfc7591('string', { uri: 'page', tagged: true }),
  logo_uri: rfc7591('string', { uri: 'page', tagged: true }),
  scope: rfc7591('string'),
  contacts: rfc7591('string[]', { text: true }),
  tos_uri: rfc7591('string', { uri: 'page', tagged: true }),
  policy_uri: rfc7591('string', { uri: 'page', tagged: true }),
  jwks_uri: rfc7591('string', { uri: 'endpoint' }),
  jwks: rfc7591('object'),
  software_id: rfc7591('string', { text: true }),
  software_version: rfc7591('string', { text: true }),

  client_id: response('string', { responseOnly: true }),
  client_secret: response('string', { responseOnly: true }),
  client_id_issued_at: response('integer', { responseOnly: true }),
  client_secret_expires_at: response('integer', { responseOnly: true }),
  registration_access_token: rfc7592('string', { responseOnly: true }),
  registration_client_uri: rfc7592('string', { responseOnly: true }),

  application_type: oidc('string'),
  sector_identifier_uri: oidc('string', { uri: 'https' }),
  subject_type: oidc('string'),
  id_token_signed_response_alg: oidc('string'),
  id_token_encrypted_response_alg: oidc('string'),
  id_token_encrypted_response_enc: oidc('string'),
  userinfo_signed_response_alg: oidc('string'),
  userinfo_encrypted_response_alg: oidc('string'),
  userinfo_encrypted_response_enc: oidc('string'),
  request_object_signing_alg: oidc('string'),
  request_object_encryption_alg: oidc('string'),
  request_object_encryption_enc: oidc('string'),
  token_endpoint_auth_signing_alg: oidc('string'),
  default_max_age: oidc('integer'),
  require_auth_time: oidc('boolean'),
  default_acr_values: oidc('string[]'),
  initiate_login_uri: oidc('string', { uri: 'https' }),
  request_uris: oidc('string[]', { uri: 'request-uri' }),

  claims_redirect_uris: uma('string[]', { uri: 'redirect' }),
  nfv_token_signed_response_alg: nfv('string'),
  nfv_token_encrypted_response_alg: nfv('string'),
  nfv_token_encrypted_response_enc: nfv('string'),
  tls_client_certificate_bound_access_tokens: member('RFC 8705 3.4')('boolean'),
  tls_client_auth_subject_dn: mtls('string'),
  tls_client_auth_san_dns: mtls('string'),
  tls_client_auth_san_uri: mtls('string', { uri: 'any' }),
  tls_client_auth_san_ip: mtls('string'),
  tls_client_auth_san_email: mtls('string'),
  require_signed_request_object: member('RFC 9101 10.5')('boolean'),
  require_pushed_authorization_requests: member('RFC 9126 6')('boolean'),
  introspection_signed_response_alg: introspection('string'),
  introspection_encrypted_response_alg: introspection('string'),
  introspection_encrypted_response_enc: introspection('string'),
  frontchannel_logout_uri: frontchannel('string', { uri: 'page' }),
  frontchannel_logout_session_required: frontchannel('boolean'),
  backchannel_logout_uri: backchannel('string', { uri: 'endpoint' }),
  backchannel_logout_session_required: backchannel('boolean'),
  post_logout_redirect_uris: member('OpenID Connect RP-Initiated Logout 1.0, 3.1')('string[]', { uri: 'redirect' }),
  authorization_details_types: member('RFC 9396 10')('string[]'),
  dpop_bound_access_tokens: member('RFC 9449 5.2')('boolean'),
  client_registration_types: federation('string[]'),
  signed_jwks_uri: federation('string', { uri: 'endpoint' }),
  organization_name: federation('string', { tagged: true, text: true }),
  description: federation('string', { tagged: true, text: true }),
  keywords: federation('string[]', { tagged: true, text: true }),
  information_uri: federation('string', { uri: 'page', tagged: true }),
  organization_uri: federation('string', { uri: 'page', tagged: true }),
  use_mtls_endpoint_aliases: member('FAPI 2.0 Security Profile 5.2.2')('boolean'),
  encrypted_response_enc_values_supported: openid4vp('string[]'),
  vp_formats_supported: openid4vp('object'),

  backchannel_token_delivery_mode: ciba('string'),
  backchannel_client_notification_endpoint: ciba('string', { uri: 'https' }),
  backchannel_authentication_request_signing_alg: ciba('string'),
  backchannel_user_code_parameter: ciba('boolean'),
  authorization_signed_response_alg: jarm('string'),
  authorization_encrypted_response_alg: jarm('string'),
  authorization_encrypted_response_enc: jarm('string'),
  // What the UK's directory calls backchannel_user_code_parameter; elsewhere it is a server's metadata.
  backchannel_user_code_parameter_supported: observed('boolean'),
  response_modes: observed('string[]'),
  subject_types_supported: choices('string[]'),
  id_token_signing_alg_values_supported: choices('string[]'),
  id_token_encryption_alg_values_supported: choices('string[]'),
  id_token_encryption_enc_values_supported: choices('string[]'),
  userinfo_signing_alg_values_supported: choices('string[]'),
  userinfo_encryption_alg_values_supported: choices('string[]'),
  userinfo_encryption_enc_values_supported: choices('string[]'),
  request_object_signing_alg_values_supported: choices('string[]'),
  request_object_encryption_alg_values_supported: choices('string[]'),
  request_object_encryption_enc_values_supported: choices('string[]'),
  token_endpoint_auth_methods_supported: choices('string[]'),
  token_endpoint_auth_signing_alg_values_supported: choices('string[]'),
} satisfies Record<string, MemberDescription>

/** A client metadata member this project knows, without language tag. */
export type MemberName = keyof typeof table

interface KindTypes {
  readonly string: string
  readonly 'string[]': readonly string[]
  readonly boolean: boolean
  readonly integer: number
  readonly object: { readonly [member: string]: unknown }
}

/** Client metadata with the JSON types of its registered members (RFC 7591 2); other members are `unknown`. */
export type ClientMetadata = {
  readonly [Name in MemberName]?: KindTypes[(typeof table)[Name]['kind']]
} & { readonly [member: string]: unknown }

/** Every known member with its description. */
export const knownMembers: ReadonlyMap<string, MemberDescription> = new Map(Object.entries(table))

/**
 * The description of a member that is known, by its name with or without language tag; a tag counts only where the member may have
 * one. Most names have none, and are not taken apart.
 */
export function describeMember(name: string): MemberDescription | undefined {
  const description = knownMembers.get(name)
  if (description !== undefined) return description
  const at = name.indexOf('#')
  if (at === -1) return undefined
  const tagged = knownMembers.get(name.slice(0, at))
  return tagged?.tagged === true ? tagged : undefined
}

/**
 * The members that say where browsers are sent: `redirect_uris` first, then those after claims gathering and logout.
 *
 * @example
 * ```ts
 * redirectMembers // ['redirect_uris', 'claims_redirect_uris', 'post_logout_redirect_uris']
 * ```
 */
export const redirectMembers: readonly string[] = [...knownMembers].flatMap(([name, { uri }]) =>
  uri === 'redirect' ? [name] : [],
)
