import {
  type ClientMetadata,
  type CompiledMetadataPolicy,
  InvalidMetadataError,
  type JsonObject,
  type Limits,
  type MetadataIssue,
  type ResolvedMetadata,
  roleOfClaim,
  type SortedClaims,
  type SortedMetadata,
  sortMetadata,
  toAscii,
  validateClientMetadata,
} from '@software-statement/core'
import type { Checklist } from '../checks.js'
import { type IgnoredMember, type MemberProvenance, type MergedMetadata, mergeMetadata } from '../merge/merge-metadata.js'
import type { MergeRule } from '../merge/merge-rules.js'

/** What to do with members nobody knows (RFC 7591 2: ignore). */
export type UnknownMembers = 'ignore' | 'keep' | 'refuse'

/** How metadata is resolved, read and checked once. */
export interface MetadataSettings {
  readonly mergeRules: ReadonlyMap<string, MergeRule>
  readonly policy: CompiledMetadataPolicy | undefined
  readonly unknownMembers: UnknownMembers
  readonly redirectSchemes: readonly string[]
  readonly limits: Limits
}

/** Metadata that may be registered, and how it came about. */
export interface ResolvedRegistration {
  readonly metadata: ClientMetadata
  readonly provenance: { readonly [member: string]: MemberProvenance }
  readonly ignored: readonly IgnoredMember[]
  readonly unknownMembers: readonly string[]
}

/**
 * Merges, applies the server's policy, and holds the result to the metadata rules, in that order: a rule that is kept by
 * the request alone says nothing about what is registered.
 *
 * Throws `InvalidMetadataError`.
 */
export function resolveMetadata(
  vouched: SortedClaims | undefined,
  members: JsonObject,
  settings: MetadataSettings,
  checks: Checklist,
): ResolvedRegistration {
  const requested = checks.run('metadata', () => sortRequested(members, settings.limits))
  const unknown = { ...requested.unknown, ...vouched?.unknown }
  checks.run('metadata', () => refuseUnknown(unknown, settings.unknownMembers))
  const kept = settings.unknownMembers === 'keep' ? pickKeepable(requested.unknown) : {}
  const vouchedKept = settings.unknownMembers === 'keep' ? vouched?.unknown : {}
  const merged = checks.run('merge', () =>
    mergeMetadata(
      { ...vouched?.metadata, ...vouchedKept },
      { ...requested.known, ...kept },
      vouched === undefined ? rulesWithoutStatement(settings.mergeRules) : settings.mergeRules,
    ),
  )
  const resolved = applyPolicy(settings.policy, merged.metadata, checks)
  const { redirectSchemes, limits } = settings
  const { metadata, defaults } = checks.run('metadata', () =>
    validateClientMetadata(resolved.metadata, { redirectSchemes, limits }),
  )

  const { provenance, removed } = tracePolicy(merged, resolved)
  for (const member of defaults) provenance.set(member, { source: 'default', rule: 'default' })
  return {
    metadata,
    provenance: Object.fromEntries(provenance),
    ignored: [...listIgnored(requested, vouched, { ...vouchedKept, ...kept }), ...merged.ignored, ...removed],
    unknownMembers: Object.keys(unknown),
  }
}

function sortRequested(members: JsonObject, limits: Limits): SortedMetadata {
  const sorted = sortMetadata(members, 'lenient', limits)
  const issues: MetadataIssue[] = [...sorted.issues]
  if (sorted.known.jwks !== undefined && sorted.known.jwks_uri !== undefined) {
    issues.push({ code: 'ERR_JWKS_CONFLICT', member: 'jwks', message: 'the request has both jwks and jwks_uri' })
  }
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return sorted
}

function refuseUnknown(unknown: JsonObject, rule: UnknownMembers): void {
  const names = Object.keys(unknown)
  if (rule !== 'refuse' || names.length === 0) return
  throw new InvalidMetadataError(
    names.map((member) => ({ code: 'ERR_METADATA_UNKNOWN', member, message: `${toAscii(member)} is not known here` })),
  )
}

/** Where no statement is required and none was sent, nothing bounds the request; what only a statement may say is left out. */
function rulesWithoutStatement(rules: ReadonlyMap<string, MergeRule>): ReadonlyMap<string, MergeRule> {
  return new Map([...rules].filter(([, rule]) => rule === 'statement-only'))
}

function applyPolicy(policy: CompiledMetadataPolicy | undefined, metadata: JsonObject, checks: Checklist): ResolvedMetadata {
  if (policy === undefined) return { metadata: { ...metadata }, changes: [] }
  return checks.run('metadata-policy', () => {
    const resolved = policy.apply(metadata)
    // An empty scope may be asked for; a policy that leaves nothing of a scope has refused it.
    if (resolved.metadata.scope !== '' || !metadata.scope) return resolved
    throw new InvalidMetadataError([
      { code: 'ERR_POLICY_VIOLATION', member: 'scope', message: 'scope: the policy leaves nothing of it' },
    ])
  })
}

/** What a policy changed comes from the policy; the merged value it changed is the one that lost. */
function tracePolicy(merged: MergedMetadata, { metadata, changes }: ResolvedMetadata) {
  const provenance = new Map(Object.entries(merged.provenance))
  const removed: IgnoredMember[] = []
  for (const { member, operator } of changes) {
    const lost = Object.hasOwn(merged.metadata, member) ? { lost: merged.metadata[member] } : {}
    provenance.set(member, { source: 'policy', rule: operator, ...lost })
  }
  for (const [member, { source }] of Object.entries(merged.provenance)) {
    if (Object.hasOwn(metadata, member)) continue
    provenance.delete(member)
    removed.push({ member, source: source === 'statement' ? 'statement' : 'request', reason: 'policy' })
  }
  return { provenance, removed }
}

/** Claims of a JWT and what has the name of something only a server gives are not metadata, known or not. */
function pickKeepable(unknown: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(unknown).filter(([name]) => roleOfClaim(name) === 'unknown'))
}

function listIgnored(requested: SortedMetadata, vouched: SortedClaims | undefined, kept: JsonObject): readonly IgnoredMember[] {
  const unknown = (source: 'statement' | 'request', members: JsonObject) =>
    Object.keys(members)
      .filter((member) => !Object.hasOwn(kept, member))
      .map((member): IgnoredMember => ({ member, source, reason: 'unknown' }))
  return [
    ...requested.responseOnly.map((member): IgnoredMember => ({ member, source: 'request', reason: 'response-only' })),
    ...unknown('statement', vouched?.unknown ?? {}),
    ...unknown('request', requested.unknown),
  ]
}
