import { InvalidMetadataError, type JsonObject, type MetadataIssue, toAscii } from '@software-statement/core'
import { canonicalName, unitOf } from './member-unit.js'
import { applyMergeRule, type MergeInput, type MergeRule, mergeRules } from './merge-rules.js'

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
  /** Of the caller: what is done to the metadata afterwards is written down here. */
  readonly provenance: Record<string, MemberProvenance>
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
  const unmatched = spellings(requested)
  // Begun as copies: built member by member, objects of this size become hash tables, slow to make, to read and to copy.
  const metadata: Record<string, unknown> = { ...vouched }
  const provenance = { ...vouched } as Record<string, MemberProvenance> // every member is replaced below, or taken out
  const ignored: IgnoredMember[] = []
  const issues: MetadataIssue[] = []

  const merge = (rule: MergeRule, input: MergeInput) => {
    const { member } = input
    const outcome = applyMergeRule(rule, input)
    if ('conflict' in outcome) {
      issues.push({ code: 'ERR_MERGE_CONFLICT', member, message: `${toAscii(member)}: ${outcome.conflict} (${rule})` })
    } else if ('absent' in outcome) {
      delete metadata[member]
      delete provenance[member]
      ignored.push({ member, source: input.requested === undefined ? 'statement' : 'request', reason: 'merge-rule' })
    } else {
      const { value, source, lost } = outcome
      metadata[member] = value
      provenance[member] = lost === undefined ? origins[source][rule] : { source, rule, lost }
    }
  }
  // A member that both have is spelled as in the statement: a language tag may be spelled in several ways.
  for (const member of Object.keys(vouched)) {
    const rule = ruleFor(member, rules)
    const name = canonicalName(member)
    const other = unmatched.get(name)
    if (other !== undefined) unmatched.delete(name)
    if (other === undefined && rule !== 'request-only') {
      provenance[member] = origins.statement[rule]
    } else {
      merge(rule, { member, vouched: vouched[member], requested: other && requested[other], locked: true })
    }
  }
  if (unmatched.size > 0) {
    const vouchedUnits = new Set<string>()
    for (const member of Object.keys(vouched)) if (ruleFor(member, rules) !== 'request-only') vouchedUnits.add(unitOf(member))
    for (const member of unmatched.values()) {
      const input = { member, vouched: undefined, requested: requested[member], locked: vouchedUnits.has(unitOf(member)) }
      merge(ruleFor(member, rules), input)
    }
  }
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return { metadata, provenance, ignored }
}

/** Where members come from whose other value has not lost, or was not there: made once, for most members are such. */
const origins = { statement: originsOf('statement'), request: originsOf('request') }

function originsOf(source: 'statement' | 'request'): Readonly<Record<MergeRule, MemberProvenance>> {
  const entries = mergeRules.map((rule) => [rule, Object.freeze({ source, rule })] as const)
  return Object.fromEntries(entries) as Record<MergeRule, MemberProvenance> // one for each of the rules
}

/** The members of an object under their canonical names. */
function spellings(members: JsonObject): Map<string, string> {
  const names = new Map<string, string>()
  for (const member of Object.keys(members)) names.set(canonicalName(member), member)
  return names
}

/** The rule for a unit is for all its forms, unless a language-tagged form has its own. */
function ruleFor(member: string, rules: ReadonlyMap<string, MergeRule>): MergeRule {
  if (rules.size === 0) return 'override'
  return rules.get(canonicalName(member)) ?? rules.get(unitOf(member)) ?? 'override'
}
