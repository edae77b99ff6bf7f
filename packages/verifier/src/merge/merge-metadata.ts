import { InvalidMetadataError, type JsonObject, type MetadataIssue, splitLanguageTag, toAscii } from '@software-statement/core'
import { applyMergeRule, canonicalName, type MergeRule } from './merge-rules.js'

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

/** One member on both sides, found under one canonical name. */
interface Pair {
  /** As the side that decides spells it: a language tag may be spelled in several ways. */
  readonly member: string
  readonly unit: string
  readonly rule: MergeRule
  readonly vouched: unknown
  readonly requested: unknown
}

/**
 * Overlays vouched metadata on requested metadata, member by member (RFC 7591 2.3 and 3.1.1).
 *
 * Members that say one thing in several forms are one unit: a vouched `client_name` locks `client_name#ja`, which would
 * else be shown instead of it, and a vouched `jwks_uri` locks `jwks` and `signed_jwks_uri`.
 *
 * Throws `InvalidMetadataError` with every conflict.
 */
export function mergeMetadata(vouched: JsonObject, requested: JsonObject, rules: ReadonlyMap<string, MergeRule>): MergedMetadata {
  const pairs = pairMembers(vouched, requested, rules)
  const vouchedUnits = new Set(
    pairs.filter((pair) => pair.vouched !== undefined && pair.rule !== 'request-only').map((pair) => pair.unit),
  )
  const metadata: [string, unknown][] = []
  const provenance: [string, MemberProvenance][] = []
  const ignored: IgnoredMember[] = []
  const issues: MetadataIssue[] = []

  for (const { member, unit, rule, ...sides } of pairs) {
    const outcome = applyMergeRule(rule, { member, ...sides, locked: vouchedUnits.has(unit) })
    if ('conflict' in outcome) {
      const message = `${toAscii(member)}: ${outcome.conflict} (${rule})`
      issues.push({ code: 'ERR_MERGE_CONFLICT', member, message })
    } else if ('absent' in outcome) {
      ignored.push({ member, source: sides.requested === undefined ? 'statement' : 'request', reason: 'merge-rule' })
    } else {
      const { value, source, ...lost } = outcome
      metadata.push([member, value])
      provenance.push([member, { source, rule, ...lost }])
    }
  }
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return { metadata: Object.fromEntries(metadata), provenance: Object.fromEntries(provenance), ignored }
}

function pairMembers(vouched: JsonObject, requested: JsonObject, rules: ReadonlyMap<string, MergeRule>): readonly Pair[] {
  const pairs = new Map<string, Pair>()
  for (const [member, value] of Object.entries(vouched)) {
    const { base } = splitLanguageTag(member)
    pairs.set(canonicalName(member), {
      member,
      unit: unitOf(base),
      rule: ruleFor(member, rules),
      vouched: value,
      requested: undefined,
    })
  }
  for (const [member, value] of Object.entries(requested)) {
    const name = canonicalName(member)
    const { base } = splitLanguageTag(member)
    const rule = ruleFor(member, rules)
    const known = pairs.get(name)
    pairs.set(name, { member: known?.member ?? member, unit: unitOf(base), rule, vouched: known?.vouched, requested: value })
  }
  return [...pairs.values()]
}

/** A rule is for a member in all its language-tagged forms, unless one form has its own. */
function ruleFor(member: string, rules: ReadonlyMap<string, MergeRule>): MergeRule {
  return rules.get(canonicalName(member)) ?? rules.get(splitLanguageTag(member).base) ?? 'override'
}

function unitOf(base: string): string {
  return base === 'jwks_uri' || base === 'signed_jwks_uri' ? 'jwks' : base
}
