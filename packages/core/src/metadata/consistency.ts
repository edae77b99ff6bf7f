import type { MetadataIssue } from '../errors/errors.js'
import { hasSecretMembers, type Jwk } from '../jose/jwk.js'
import { isObject } from '../json/json-value.js'
import { encryptionMembers } from './defaults.js'
import { redirectHostOf } from './redirect-uri.js'
import type { ClientMetadata } from './registry.js'
import { readUri } from './uri.js'

/** Rules between members of client metadata (RFC 7591 2 and 2.1, RFC 8705 2.1.2). Defaults are filled in already. */
export function checkConsistency(metadata: ClientMetadata): readonly MetadataIssue[] {
  return apply(rules, metadata)
}

/** The same for metadata that a request may still add members to: what no further member can mend. */
export function checkPartialConsistency(metadata: ClientMetadata): readonly MetadataIssue[] {
  return apply(
    rules.filter((rule) => !demands.has(rule)),
    metadata,
  )
}

type Rule = (metadata: ClientMetadata) => readonly MetadataIssue[]

function apply(rules: readonly Rule[], metadata: ClientMetadata): readonly MetadataIssue[] {
  let issues: readonly MetadataIssue[] = none
  for (const rule of rules) {
    const found = rule(metadata)
    if (found.length > 0) issues = [...issues, ...found]
  }
  return issues
}

/** Almost every rule finds nothing almost every time. */
const none: readonly MetadataIssue[] = Object.freeze([])

const issue = (code: MetadataIssue['code'], member: string, message: string): MetadataIssue => ({ code, member, message })

/** `code` goes with `authorization_code`, `token` and `id_token` go with `implicit` (RFC 7591 2.1). */
const grantsFitResponses: Rule = ({ grant_types, response_types }) => {
  const issues = grant_types?.length === 0 ? [issue('ERR_METADATA_VALUE', 'grant_types', 'grant_types is empty')] : none
  if (grant_types === undefined || response_types === undefined) return issues
  const responds = (name: string) => response_types.some((type) => type === name || type.split(' ').includes(name))
  const faults = [
    ...(grant_types.includes('authorization_code') === responds('code') ? none : [mismatch('authorization_code', 'code')]),
    ...(grant_types.includes('implicit') === (responds('token') || responds('id_token'))
      ? none
      : [mismatch('implicit', 'token or id_token')]),
  ]
  return [...issues, ...faults]
}

function mismatch(grant: string, response: string): MetadataIssue {
  const message = `grant type ${grant} and response type ${response} go together`
  return issue('ERR_GRANT_RESPONSE_MISMATCH', 'response_types', message)
}

const redirectGrantsNeedRedirectUris: Rule = ({ grant_types = [], redirect_uris = [] }) => {
  const redirects = grant_types.includes('authorization_code') || grant_types.includes('implicit')
  if (!redirects || redirect_uris.length > 0) return none
  return [issue('ERR_REDIRECT_URI_MISSING', 'redirect_uris', 'a redirect-based grant needs redirect_uris')]
}

const keysAreOnePublicSet: Rule = ({ jwks, jwks_uri }) => {
  const issues: MetadataIssue[] = []
  if (jwks !== undefined && jwks_uri !== undefined) {
    issues.push(issue('ERR_JWKS_CONFLICT', 'jwks', 'jwks and jwks_uri exclude each other'))
  }
  const fault = jwks === undefined ? undefined : findJwksFault(jwks)
  if (fault !== undefined) issues.push(issue('ERR_JWKS', 'jwks', `jwks ${fault}`))
  return issues
}

function findJwksFault({ keys }: { readonly keys?: unknown }): string | undefined {
  if (!Array.isArray(keys)) return 'has no array of keys'
  const isKey = (key: unknown): key is Jwk => typeof key === 'object' && key !== null && !Array.isArray(key)
  if (!keys.every((key) => isKey(key) && typeof key.kty === 'string')) return 'holds something that is not a key'
  return keys.some(hasSecretMembers) ? 'holds private or symmetric keys' : undefined
}

const hasKeys = (jwks: unknown) => isObject(jwks) && Array.isArray(jwks.keys) && jwks.keys.length > 0

const certificateMembers = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'].map((name) => `tls_client_auth_${name}`)

const namedCertificates = (metadata: ClientMetadata) => certificateMembers.filter((name) => metadata[name] !== undefined)

const authMethodHasWhatItNeeds: Rule = (metadata) => {
  const method = metadata.token_endpoint_auth_method
  const keys = metadata.jwks_uri !== undefined || hasKeys(metadata.jwks)
  if ((method === 'private_key_jwt' || method === 'self_signed_tls_client_auth') && !keys) {
    return [issue('ERR_AUTH_METHOD', 'token_endpoint_auth_method', `${method} needs jwks or jwks_uri`)]
  }
  if (method !== 'tls_client_auth' || namedCertificates(metadata).length > 0) return none
  return [issue('ERR_AUTH_METHOD', 'token_endpoint_auth_method', 'tls_client_auth needs a tls_client_auth_* member')]
}

const authMethodFitsTheRest: Rule = (metadata) => {
  const method = metadata.token_endpoint_auth_method
  const issues: MetadataIssue[] = []
  const refuse = (message: string, member = 'token_endpoint_auth_method') => {
    issues.push(issue('ERR_AUTH_METHOD', member, message))
  }
  if (method === 'none' && metadata.grant_types?.includes('client_credentials'))
    refuse('client_credentials needs a client that authenticates')
  if (metadata.token_endpoint_auth_signing_alg === 'none') {
    refuse('token_endpoint_auth_signing_alg must not be none', 'token_endpoint_auth_signing_alg')
  }
  const certificates = namedCertificates(metadata).length
  if (certificates > 0 && method !== undefined && method !== 'tls_client_auth') {
    refuse('tls_client_auth_* members go with tls_client_auth only')
  } else if (certificates > 1) refuse('tls_client_auth_* members exclude each other')
  return issues
}

const encNeedsAlg: Rule = (metadata) => {
  const lacksAlg = ({ alg, enc }: (typeof encryptionMembers)[number]) =>
    metadata[enc] !== undefined && metadata[alg] === undefined
  if (!encryptionMembers.some(lacksAlg)) return none
  const lacking = encryptionMembers.filter(lacksAlg)
  return lacking.map(({ alg, enc }) => issue('ERR_ENCRYPTION_ALG_MISSING', enc, `${enc} needs ${alg}`))
}

/** Without a sector identifier, a pairwise subject is computed from the one host of all redirect URIs (OIDC Core 8.1). */
const pairwiseNeedsOneHost: Rule = ({ subject_type, sector_identifier_uri, redirect_uris = [] }) => {
  if (subject_type !== 'pairwise' || sector_identifier_uri !== undefined) return none
  if (new Set(redirect_uris.map(redirectHostOf)).size <= 1) return none
  const message = 'pairwise subjects need redirect URIs of one host, or a sector_identifier_uri'
  return [issue('ERR_METADATA_VALUE', 'subject_type', message)]
}

/** A client that is called back says how, and where (CIBA Core 1.0, 4). */
const cibaNamesItsDelivery: Rule = (metadata) => {
  const { grant_types, backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint } = metadata
  if (mode === undefined && grant_types?.includes('urn:openid:params:grant-type:ciba')) {
    const message = 'the CIBA grant needs backchannel_token_delivery_mode'
    return [issue('ERR_METADATA_VALUE', 'backchannel_token_delivery_mode', message)]
  }
  if ((mode !== 'ping' && mode !== 'push') || endpoint !== undefined) return none
  const message = `${mode} needs backchannel_client_notification_endpoint`
  return [issue('ERR_METADATA_VALUE', 'backchannel_client_notification_endpoint', message)]
}

/** Scheme, host and port of a front-channel logout page are those of a redirect URI (OpenID Connect Front-Channel Logout 1.0, 2). */
const logoutPageIsWithRedirects: Rule = ({ frontchannel_logout_uri, redirect_uris = [] }) => {
  const origin = originOf(frontchannel_logout_uri)
  if (origin === undefined || redirect_uris.some((uri) => originOf(uri) === origin)) return none
  const message = 'frontchannel_logout_uri has not the scheme, host and port of a redirect URI'
  return [issue('ERR_METADATA_VALUE', 'frontchannel_logout_uri', message)]
}

/** Of a URI that can be read: others are issues of their own. */
function originOf(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined
  const reading = readUri(uri)
  return reading.fault === undefined ? `${reading.scheme}://${reading.host}` : undefined
}

/** A set of registered scope tokens, separated by single spaces (RFC 6749 3.3). */
const scopeSyntax = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/

const enumerations = new Map<string, readonly string[]>([
  ['application_type', ['web', 'native']],
  ['subject_type', ['pairwise', 'public']],
  ['backchannel_token_delivery_mode', ['poll', 'ping', 'push']],
])

const valuesAreAllowed: Rule = (metadata) => {
  const issues: MetadataIssue[] = []
  if (metadata.encrypted_response_enc_values_supported?.length === 0) {
    const member = 'encrypted_response_enc_values_supported'
    issues.push(issue('ERR_METADATA_VALUE', member, `${member} is empty`)) // OpenID4VP 1.0, 5.1
  }
  for (const [name, allowed] of enumerations) {
    const value = metadata[name]
    if (typeof value !== 'string' || allowed.includes(value)) continue
    issues.push(issue('ERR_METADATA_VALUE', name, `${name} is not one of ${allowed.join(', ')}`))
  }
  if (metadata.scope && !scopeSyntax.test(metadata.scope)) {
    issues.push(issue('ERR_METADATA_VALUE', 'scope', 'scope is not a list of scope tokens separated by single spaces'))
  }
  return issues
}

const rules: readonly Rule[] = [
  redirectGrantsNeedRedirectUris,
  grantsFitResponses,
  keysAreOnePublicSet,
  authMethodHasWhatItNeeds,
  authMethodFitsTheRest,
  encNeedsAlg,
  pairwiseNeedsOneHost,
  cibaNamesItsDelivery,
  logoutPageIsWithRedirects,
  valuesAreAllowed,
]

/** The rules that ask for members which may be absent. */
const demands: ReadonlySet<Rule> = new Set([
  redirectGrantsNeedRedirectUris,
  authMethodHasWhatItNeeds,
  pairwiseNeedsOneHost,
  cibaNamesItsDelivery,
  logoutPageIsWithRedirects,
])
