import { roleOfClaim } from '../claim-role.js'
import type { MetadataIssue } from '../errors/errors.js'
import { InvalidMetadataError } from '../errors/errors.js'
import { defaultLimits, type Limits } from '../limits.js'
import { checkConsistency, checkPartialConsistency } from './consistency.js'
import { defaultMembers } from './defaults.js'
import { splitLanguageTag } from './language-tag.js'
import { checkRedirectUri, type RedirectUriContext } from './redirect-uri.js'
import { type ClientMetadata, describeMember, knownMembers, type MemberDescription } from './registry.js'
import { arePlainlySound, sortMetadata } from './schema.js'
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
  const { issues, complete, defaults } = judge(metadata, rules)
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return { metadata: complete, defaults }
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
  return judge(metadata, rules).issues
}

function judge(metadata: ClientMetadata, rules: MetadataRules) {
  const names = Object.keys(metadata)
  const { issues, sound } = readMembers(names, metadata, rules)
  if (sound !== metadata) return { issues: [...issues, ...checkPartial(sound, rules)], complete: metadata, defaults: [] }
  const members = defaultMembers(metadata)
  const defaults = Object.keys(members)
  // Copying what has no defaults to add is a hundred times faster.
  const complete: ClientMetadata = defaults.length === 0 ? { ...metadata } : { ...metadata, ...members }
  // No default is a URI or a text for people.
  return { issues: [...issues, ...checkMembers(names, complete, rules), ...checkConsistency(complete)], complete, defaults }
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
  const { issues, sound } = readMembers(Object.keys(metadata), metadata, rules)
  return [...issues, ...checkPartial(sound, rules)]
}

/** What is wrong with names and types, and the members whose values other rules can read: all of them if none is faulty. */
function readMembers(names: readonly string[], metadata: ClientMetadata, { limits }: MetadataRules) {
  // Almost always. It takes a tenth of the time to find that out.
  if (arePlainlySound(names, metadata, limits)) return { issues: [], sound: metadata }
  const foreign = refuseForeignMembers(names)
  const { issues } = sortMetadata(metadata, 'strict', limits)
  if (issues.length === 0) return { issues: foreign, sound: metadata }
  const faulty = new Set(issues.map(({ member }) => member))
  const sound: ClientMetadata = Object.fromEntries(Object.entries(metadata).filter(([name]) => !faulty.has(name)))
  return { issues: [...foreign, ...issues], sound }
}

/** What only a server gives, claims of the JWT and a statement inside the metadata are no client's to choose, whoever vouches for them. */
function refuseForeignMembers(names: readonly string[]): readonly MetadataIssue[] {
  const issues: MetadataIssue[] = []
  for (const member of names) {
    const role = roleOfClaim(member)
    if (role !== 'jwt' && role !== 'forbidden') continue
    const fault = role === 'jwt' ? 'is a claim of the JWT, not client metadata' : "is not the client's to choose"
    issues.push({ code: 'ERR_METADATA_FORBIDDEN', member, message: `${toAscii(member)} ${fault}` })
  }
  return issues
}

function checkPartial(metadata: ClientMetadata, rules: MetadataRules): readonly MetadataIssue[] {
  // Redirect URIs have the fewest rules in a native client, which the request may still say this is.
  const native = { application_type: 'native', ...metadata }
  return [...checkMembers(Object.keys(metadata), native, rules), ...checkPartialConsistency(metadata)]
}

/** URI and text rules of single members, language-tagged forms among them. */
function checkMembers(names: readonly string[], metadata: ClientMetadata, rules: MetadataRules): readonly MetadataIssue[] {
  const issues: MetadataIssue[] = []
  const context = readContext(metadata, rules)
  for (const name of names) {
    // A tag where none belongs is no way around the rules.
    const description = describeMember(name) ?? knownMembers.get(splitLanguageTag(name).base)
    if (description?.uri === undefined && description?.text === undefined) continue
    const value: unknown = metadata[name]
    if (value === undefined) continue
    if (typeof value === 'string') checkEntry(name, undefined, value, description, context, issues)
    else if (Array.isArray(value) && description.uri === 'redirect' && value.length > context.limit) {
      const message = `${toAscii(name)} has more than ${context.limit} entries`
      issues.push({ code: 'ERR_REDIRECT_URI', member: name, message })
    } else if (isTexts(value)) {
      for (const [index, text] of value.entries()) checkEntry(name, index, text, description, context, issues)
    } else {
      // Of a form whose type nothing has checked, because it is tagged where no tag belongs.
      issues.push({
        code: 'ERR_METADATA_TYPE',
        member: name,
        message: `${toAscii(name)} is neither a text nor an array of texts`,
      })
    }
  }
  return issues
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

/** What the rules for URIs depend on beside the URI. */
interface MemberContext extends RedirectUriContext {
  /** The most entries that a member with redirect URIs may have. */
  readonly limit: number
}

function readContext(metadata: ClientMetadata, { redirectSchemes, limits = defaultLimits }: MetadataRules): MemberContext {
  const applicationType = metadata.application_type === 'native' ? 'native' : 'web'
  const implicit = metadata.grant_types?.includes('implicit') ?? false
  const context = { applicationType, implicit, limit: limits.redirectUris } as const
  return redirectSchemes === undefined ? context : { ...context, schemes: redirectSchemes }
}

/** One text of a member: its value, or the item of it at an index. */
function checkEntry(
  name: string,
  index: number | undefined,
  text: string,
  { uri, text: isText }: MemberDescription,
  context: MemberContext,
  issues: MetadataIssue[],
): void {
  const uriFault = uri && (uri === 'redirect' ? checkRedirectUri(text, context) : checkUri(text, uri))
  if (uriFault) issues.push(entryIssue(uri === 'redirect' ? 'ERR_REDIRECT_URI' : 'ERR_URI', name, index, uriFault))
  const textFault = isText && checkText(text)
  if (textFault) issues.push(entryIssue('ERR_METADATA_TEXT', name, index, `the text ${textFault}`))
}

function entryIssue(code: MetadataIssue['code'], member: string, index: number | undefined, fault: string): MetadataIssue {
  if (index === undefined) return { code, member, message: `${toAscii(member)}: ${fault}` }
  return { code, member, path: [index], message: `${toAscii(member)}[${index}]: ${fault}` }
}
