import { roleOfClaim } from '../claims.js'
import type { MetadataIssue } from '../errors/errors.js'
import { InvalidMetadataError } from '../errors/errors.js'
import { defaultLimits, type Limits } from '../limits.js'
import { checkConsistency, checkPartialConsistency } from './consistency.js'
import { defaultMembers } from './defaults.js'
import { splitLanguageTag } from './language-tag.js'
import { checkRedirectUri } from './redirect-uri.js'
import { type ClientMetadata, knownMembers, type UriKind } from './registry.js'
import { findTypeIssues } from './schema.js'
import { checkText, toAscii } from './text.js'
import { checkUri } from './uri.js'

export interface MetadataRules {
  /** Private-use redirect URI schemes without a period that are accepted all the same, such as `vscode`. */
  readonly redirectSchemes?: readonly string[]
  readonly limits?: Limits
}

/** Client metadata that keeps all the rules, with the defaults filled in. */
export interface ValidatedMetadata {
  readonly metadata: ClientMetadata
  /** The members that were absent and have their default now. */
  readonly defaults: readonly string[]
}

/**
 * Holds complete client metadata (merged, if there was a statement) to all rules: JSON types, URIs, texts, and what members
 * say together (RFC 7591 2; `http` only to loopback; no private keys). Unknown members pass; what only a server gives does not.
 *
 * Throws `InvalidMetadataError` with every issue.
 *
 * @example
 * ```ts
 * const { metadata } = validateClientMetadata({ redirect_uris: ['https://mail.example/cb'] })
 * console.log(metadata.grant_types) // ['authorization_code']
 * ```
 */
export function validateClientMetadata(metadata: ClientMetadata, rules: MetadataRules = {}): ValidatedMetadata {
  const issues = findMetadataIssues(metadata, rules)
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  const defaults = defaultMembers(metadata)
  return { metadata: { ...metadata, ...defaults }, defaults: Object.keys(defaults) }
}

/**
 * Every rule that complete client metadata breaks. Beside members of a wrong type the others are judged like those of a statement:
 * a member that cannot be read may be the one that a rule asks for.
 *
 * @example
 * ```ts
 * findMetadataIssues({ redirect_uris: ['https://mail.example/cb'], client_id: 'mine' })[0]?.code // 'ERR_METADATA_FORBIDDEN'
 * ```
 */
export function findMetadataIssues(metadata: ClientMetadata, rules: MetadataRules = {}): readonly MetadataIssue[] {
  const { issues, sound } = readMembers(metadata, rules)
  if (sound !== metadata) return [...issues, ...checkPartial(sound, rules)]
  const complete: ClientMetadata = { ...metadata, ...defaultMembers(metadata) }
  return [...issues, ...checkMembers(complete, rules), ...checkConsistency(complete)]
}

/**
 * Every rule that the metadata of a statement breaks whatever a request brings beside it: rules that ask for absent members are
 * left to the merged whole, and no default is assumed.
 *
 * @example
 * ```ts
 * findPartialMetadataIssues({ grant_types: ['authorization_code'] }) // []: redirect_uris may still come
 * findPartialMetadataIssues({ jwks: { keys: [] }, jwks_uri: 'https://mail.example/jwks' })[0]?.code // 'ERR_JWKS_CONFLICT'
 * ```
 */
export function findPartialMetadataIssues(metadata: ClientMetadata, rules: MetadataRules = {}): readonly MetadataIssue[] {
  const { issues, sound } = readMembers(metadata, rules)
  return [...issues, ...checkPartial(sound, rules)]
}

/** What is wrong with names and types, and the members whose values other rules can read: all of them if none is faulty. */
function readMembers(metadata: ClientMetadata, { limits }: MetadataRules) {
  const issues = findTypeIssues(metadata, limits)
  const faulty = new Set(issues.map(({ member }) => member))
  const sound: ClientMetadata =
    faulty.size === 0 ? metadata : Object.fromEntries(Object.entries(metadata).filter(([name]) => !faulty.has(name)))
  return { issues: [...refuseForeignMembers(metadata), ...issues], sound }
}

/** What only a server gives, claims of the JWT and a statement inside the metadata are no client's to choose, whoever vouches for them. */
function refuseForeignMembers(metadata: ClientMetadata): readonly MetadataIssue[] {
  const issues: MetadataIssue[] = []
  for (const member of Object.keys(metadata)) {
    const role = roleOfClaim(member)
    if (role !== 'jwt' && role !== 'forbidden') continue
    const fault = role === 'jwt' ? 'is a claim of the JWT, not client metadata' : "is not the client's to choose"
    issues.push({ code: 'ERR_METADATA_FORBIDDEN', member, message: `${toAscii(member)} ${fault}` })
  }
  return issues
}

function checkPartial(metadata: ClientMetadata, rules: MetadataRules): readonly MetadataIssue[] {
  // Redirect URIs have the fewest rules in a native client, which the request may still say this is.
  return [...checkMembers({ application_type: 'native', ...metadata }, rules), ...checkPartialConsistency(metadata)]
}

/** URI and text rules of single members, language-tagged forms among them. */
function checkMembers(metadata: ClientMetadata, rules: MetadataRules): MetadataIssue[] {
  const issues: MetadataIssue[] = []
  const limit = (rules.limits ?? defaultLimits).redirectUris
  for (const name of Object.keys(metadata)) {
    const description = membersWithRules.get(splitLanguageTag(name).base)
    if (description === undefined) continue
    const value = metadata[name]
    const values = typeof value === 'string' ? [value] : Array.isArray(value) ? value : []
    if (description.uri === 'redirect' && values.length > limit) {
      issues.push({ code: 'ERR_REDIRECT_URI', member: name, message: `${toAscii(name)} has more than ${limit} entries` })
      continue
    }
    for (let index = 0; index < values.length; index++) {
      const text = values[index]
      const report = (code: MetadataIssue['code'], fault: string) => {
        const path = Array.isArray(value) ? { path: [index] } : {}
        const place = Array.isArray(value) ? `${toAscii(name)}[${index}]` : toAscii(name)
        issues.push({ code, member: name, ...path, message: `${place}: ${fault}` })
      }
      const uriFault = description.uri && checkUriOf(description.uri, text, metadata, rules)
      if (uriFault) report(description.uri === 'redirect' ? 'ERR_REDIRECT_URI' : 'ERR_URI', uriFault)
      const textFault = description.text && checkText(text)
      if (textFault) report('ERR_METADATA_TEXT', `the text ${textFault}`)
    }
  }
  return issues
}

const membersWithRules = new Map([...knownMembers].filter(([, { uri, text }]) => uri !== undefined || text))

function checkUriOf(kind: UriKind, uri: string, metadata: ClientMetadata, rules: MetadataRules): string | undefined {
  if (kind !== 'redirect') return checkUri(uri, kind)
  return checkRedirectUri(uri, {
    applicationType: metadata.application_type === 'native' ? 'native' : 'web',
    implicit: metadata.grant_types?.includes('implicit') ?? false,
    ...(rules.redirectSchemes ? { schemes: rules.redirectSchemes } : {}),
  })
}
