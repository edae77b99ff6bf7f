import { roleOfClaim } from '../claim-role.js'
import type { JsonObject } from '../json/strict-json.js'
import { sortMetadata } from '../metadata/schema.js'
import { toAscii } from '../metadata/text.js'
import { type Finding, find, sortFindings } from './finding.js'
import { memberRules } from './member-rules.js'
import { findIssues, wrapIssue } from './metadata-issues.js'
import { describeUnknown } from './unknown-name.js'
import { uriRules } from './uri-rules.js'

/** How client metadata is to be judged. */
export interface LintMetadataOptions {
  /** The metadata is what a statement vouches for: other members may come with the request. Default `false`. */
  readonly partial?: boolean
}

/**
 * Says everything there is to say about client metadata (RFC 7591 2), valid or not: every rule it breaks, and advice. Findings come in
 * the order of `lintRules`. Of each member with a wrong type only that is said.
 *
 * @example
 * ```ts
 * const findings = lintMetadata({ redirect_uris: ['http://localhost/cb'], application_type: 'native' })
 * console.log(findings[0]?.rule) // 'metadata/no-client-name'
 * ```
 */
export function lintMetadata(metadata: JsonObject, options: LintMetadataOptions = {}): readonly Finding[] {
  const { partial = false } = options
  const { known, issues } = sortMetadata(metadata)
  const faulty = new Set(issues.map(({ member }) => member))
  const sound = Object.fromEntries(Object.entries(known).filter(([name]) => !faulty.has(name)))
  const { known: typed } = sortMetadata(sound)
  const subject = { metadata: typed, partial, has: (name: string) => Object.hasOwn(metadata, name) }
  return sortFindings([
    ...nameUnknownMembers(metadata),
    ...[...issues, ...findIssues(typed, partial || faulty.size > 0)].map(wrapIssue),
    ...adviseNumericVersion(metadata),
    ...[...memberRules, ...uriRules].flatMap((advise) => advise(subject)),
  ])
}

/** Members that are not client metadata, or not a client's to choose. */
function nameUnknownMembers(metadata: JsonObject): readonly Finding[] {
  return Object.keys(metadata).flatMap((name) => {
    const role = roleOfClaim(name)
    if (role === 'metadata') return []
    const shown = toAscii(name)
    if (role === 'forbidden') return [find('metadata/forbidden-member', `${shown} is not the client's to choose`, name)]
    if (role === 'jwt') return [find('metadata/unknown-member', `${shown} is a claim of the JWT, not client metadata`, name)]
    return [find('metadata/unknown-member', describeUnknown(name), name)]
  })
}

function adviseNumericVersion({ software_version }: JsonObject): readonly Finding[] {
  if (typeof software_version !== 'number') return []
  const message = 'software_version is a number: 1.10 and 1.1 are the same'
  return [find('metadata/numeric-software-version', message, 'software_version')]
}
