import { InvalidMetadataError, type JsonObject, type MetadataIssue, toAscii } from '@software-statement/core'
import { canonicalName, unitOf } from './member-unit.js'
import { applyMergeRule, type MergeRule } from './merge-rules.js'

/** Where a member of the registered metadata comes from. */
export interface MemberProvenance {
  readonly source: 'statement' | 'request' | 'document' | 'policy' | 'default' | 'server'
  /** The merge rule, policy operator or default that decided. */
  readonly rule: string
  /** The value that lost, where one did. */
  readonly lost?: unknown
}

/** A member that was requested or vouched for and is not registered. */
export interface IgnoredMember {
  readonly member: string
  readonly source: 'statement' | 'request'
  readonly reason: 'unknown' | 'reserved' | 'response-only' | 'merge-rule' | 'policy'
}

export interface MergedMetadata {
  readonly metadata: JsonObject
  readonly provenance: { readonly [member: string]: MemberProvenance }
  readonly ignored: readonly IgnoredMember[]
}

/**
 * Overlays vouched metadata on requested metadata, member by member (RFC 7591 2.3 and 3.1.1).
 *
 * Members that say one thing in several forms are one unit with one rule: a vouched `client_name` locks `client_name#ja`, which
 * would else be shown instead of it, and a vouched `jwks_uri` locks `jwks` and `signed_jwks_uri`.
 *
 * Throws `InvalidMetadataError` with every conflict.
 */
export function mergeMetadata(vouched: JsonObject, requested: JsonObject, rules: ReadonlyMap<string, MergeRule>): MergedMetadata {
  const vouchedNames = spellings(vouched)
  const requestedNames = spellings(requested)
  const vouchedUnits = new Set<string>()
  for (const member of vouchedNames.values()) if (ruleFor(member, rules) !== 'request-only') vouchedUnits.add(unitOf(member))

  // Strict JSON has no name that reaches the prototype when it is assigned.
  const metadata: Record<string, unknown> = {}
  const provenance: Record<string, MemberProvenance> = {}
  const ignored: IgnoredMember[] = []
  const issues: MetadataIssue[] = []

  const merge = (member: string, vouchedValue: unknown, requestedValue: unknown) => {
    const rule = ruleFor(member, rules)
    const locked = vouchedUnits.has(unitOf(member))
    const outcome = applyMergeRule(rule, { member, vouched: vouchedValue, requested: requestedValue, locked })
    if ('conflict' in outcome) {
      issues.push({ code: 'ERR_MERGE_CONFLICT', member, message: `${toAscii(member)}: ${outcome.conflict} (${rule})` })
    } else if ('absent' in outcome) {
      ignored.push({ member, source: requestedValue === undefined ? 'statement' : 'request', reason: 'merge-rule' })
    } else {
      const { value, source, lost } = outcome
      metadata[member] = value
      provenance[member] = lost === undefined ? { source, rule } : { source, rule, lost }
    }
  }
  // A member that both have is spelled as in the statement: a language tag may be spelled in several ways.
  for (const [name, member] of vouchedNames) {
    const other = requestedNames.get(name)
    merge(member, vouched[member], other === undefined ? undefined : requested[other])
  }
  for (const [name, member] of requestedNames) if (!vouchedNames.has(name)) merge(member, undefined, requested[member])

  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return { metadata, provenance, ignored }
}

/** The members of an object under their canonical names. */
function spellings(members: JsonObject): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const member of Object.keys(members)) names.set(canonicalName(member), member)
  return names
}

/** The rule for a unit is for all its forms, unless a language-tagged form has its own. */
function ruleFor(member: string, rules: ReadonlyMap<string, MergeRule>): MergeRule {
  return rules.get(canonicalName(member)) ?? rules.get(unitOf(member)) ?? 'override'
}
