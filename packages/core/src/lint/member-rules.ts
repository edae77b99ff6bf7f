import { findKeyWeakness, hasSecretMembers, type Jwk } from '../jose/jwk.js'
import { deriveClientKind } from '../metadata/client-type.js'
import { splitLanguageTag } from '../metadata/language-tag.js'
import { hasMixedScripts, toAscii } from '../metadata/text.js'
import { find } from './finding.js'
import type { MetadataRule } from './metadata-subject.js'

/** What a statement vouches for, and what people see of the client. */
const identityRules: readonly MetadataRule[] = [
  ({ partial, has }) => {
    if (!partial || has('software_id')) return []
    return [find('metadata/no-software-id', 'software_id is recommended in a statement', 'software_id')]
  },

  ({ metadata, partial, has }) => {
    if (!partial || has('redirect_uris') || (has('grant_types') && !usesRedirects(metadata.grant_types))) return []
    const message = 'redirect_uris is not vouched for: a request may bring any'
    return [find('metadata/redirects-not-vouched', message, 'redirect_uris')]
  },

  ({ metadata, partial, has }) => {
    const named = Object.keys(metadata).some((name) => splitLanguageTag(name).base === 'client_name' && metadata[name] !== '')
    if (partial || named || (has('client_name') && metadata.client_name === undefined)) return []
    return [find('metadata/no-client-name', 'client_name is recommended', 'client_name')]
  },

  ({ metadata }) =>
    Object.entries(metadata).flatMap(([name, value]) => {
      if (!nameMembers.has(splitLanguageTag(name).base) || typeof value !== 'string' || !hasMixedScripts(value)) return []
      const message = `${toAscii(name)} has a word in more than one script: it may look like another name`
      return [find('metadata/mixed-script-name', message, name)]
    }),

  ({ metadata, has }) => {
    const tagged = new Set(
      Object.keys(metadata).flatMap((name) => {
        const { base, tag } = splitLanguageTag(name)
        return tag === undefined ? [] : [base]
      }),
    )
    return [...tagged]
      .filter((base) => !has(base))
      .map((base) => find('metadata/untagged-form-missing', `${base} has no form without language tag`, base))
  },
]

const nameMembers: ReadonlySet<string> = new Set(['client_name', 'organization_name'])

/** How the client obtains tokens. */
const grantRules: readonly MetadataRule[] = [
  ({ metadata: { grant_types, response_types }, has }) => {
    const tokens = response_types?.some((types) => types.split(' ').includes('token'))
    if (!(tokens ?? (!has('response_types') && grant_types?.includes('implicit')))) return []
    const member = tokens ? 'response_types' : 'grant_types'
    return [
      find('metadata/implicit-grant', `${member}: the authorization code grant with PKCE replaces the implicit one`, member),
    ]
  },

  ({ metadata: { grant_types } }) => {
    if (!grant_types?.includes('password')) return []
    return [find('metadata/password-grant', 'grant_types: the password grant must not be used', 'grant_types')]
  },

  ({ metadata, has }) => {
    const { clientType, require_pkce } = deriveClientKind(metadata)
    const codes = metadata.grant_types?.includes('authorization_code') ?? !has('grant_types')
    if (!require_pkce || !codes) return []
    const member = clientType === 'public' ? 'token_endpoint_auth_method' : 'application_type'
    const reason = clientType === 'public' ? 'it does not authenticate' : 'its redirects can be intercepted'
    return [find('metadata/pkce-required', `the client needs PKCE: ${reason}`, member)]
  },
]

function usesRedirects(grants: readonly string[] = []): boolean {
  return grants.includes('authorization_code') || grants.includes('implicit')
}

/** Keys and algorithms. */
const cryptographyRules: readonly MetadataRule[] = [
  ({ metadata }) =>
    signingMembers
      .filter((name) => metadata[name] === 'none')
      .map((name) => find('metadata/algorithm-none', `${name} is none`, name)),

  ({ metadata: { jwks } }) =>
    (Array.isArray(jwks?.keys) ? jwks.keys : []).flatMap((key: unknown, index) => {
      const weakness = isJwk(key) && !hasSecretMembers(key) ? findKeyWeakness(key) : undefined
      return weakness === undefined ? [] : [find('metadata/weak-key', `jwks.keys[${index}]: ${weakness}`, 'jwks')]
    }),
]

/** Members that choose a signature algorithm; `token_endpoint_auth_signing_alg` has an issue of its own. */
const signingMembers = [
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'request_object_signing_alg',
  'introspection_signed_response_alg',
  'authorization_signed_response_alg',
  'nfv_token_signed_response_alg',
  'backchannel_authentication_request_signing_alg',
] as const

function isJwk(key: unknown): key is Jwk {
  return typeof key === 'object' && key !== null && !Array.isArray(key)
}

/** Advice on members that keep every rule. */
export const memberRules: readonly MetadataRule[] = [...identityRules, ...grantRules, ...cryptographyRules]
