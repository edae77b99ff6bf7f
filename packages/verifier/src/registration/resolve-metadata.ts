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
  sortMetadata,
  toAscii,
  validateClientMetadata,
} from '@software-statement/core'
import type { Checklist } from '../checks.js'
import type { UnknownMembers } from '../merge/configured-member.js'
import { type IgnoredMember, type MemberProvenance, type MergedMetadata, mergeMetadata } from '../merge/merge-metadata.js'
import type { MergeRule } from '../merge/merge-rules.js'
import { lockedMembers, type RegisteredMetadata } from './locked-members.js'

/** How metadata is resolved, read and checked once. */
export interface MetadataSettings {
  readonly mergeRules: ReadonlyMap<string, MergeRule>
  readonly policy: CompiledMetadataPolicy | undefined
  readonly unknownMembers: UnknownMembers
  readonly redirectSchemes: readonly string[]
  readonly limits: Limits
}

/** For an update: what the client is registered with. */
export interface Registered extends RegisteredMetadata {
  readonly statement?: string
}

/** Metadata that may be registered, and how it came about. */
export interface ResolvedRegistration {
  readonly metadata: ClientMetadata
  readonly provenance: { readonly [member: string]: MemberProvenance }
  readonly ignored: readonly IgnoredMember[]
  readonly unknownMembers: readonly string[]
}

/** The members of a request by what is known of them. */
interface RequestedMetadata {
  readonly known: ClientMetadata
  readonly unknown: JsonObject
  /** Names of JWT claims and the like, which are no metadata whatever is kept. */
  readonly reserved: readonly string[]
  readonly responseOnly: readonly string[]
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
  registered?: Registered,
): ResolvedRegistration {
  const requested = checks.run('request-metadata', () => sortRequested(members, settings.limits))
  const unknownMembers = Object.keys({ ...requested.unknown, ...vouched?.unknown })
  if (settings.unknownMembers === 'refuse') {
    checks.run('unknown-members', () => refuseUnknown([...requested.reserved, ...unknownMembers]))
  }
  const keep = settings.unknownMembers === 'keep'
  const vouchedNow: JsonObject = keep ? { ...vouched?.metadata, ...vouched?.unknown } : (vouched?.metadata ?? {})
  const merged = checks.run('merge', () =>
    mergeMetadata(
      registered === undefined ? vouchedNow : { ...lockedBefore(registered, vouchedNow, settings), ...vouchedNow },
      keep ? { ...requested.known, ...requested.unknown } : requested.known,
      vouched === undefined ? rulesWithoutStatement(settings.mergeRules) : settings.mergeRules,
    ),
  )
  const { policy, redirectSchemes, limits } = settings
  const resolved = applyPolicy(policy, merged.metadata, checks)
  const { metadata, defaults } = checks.run('metadata', () =>
    validateClientMetadata(resolved.metadata, { redirectSchemes, limits }),
  )
  if (policy !== undefined) checks.run('metadata-policy', () => holdDefaultsToPolicy(policy, metadata, defaults))

  const { provenance, removed } = tracePolicy(merged, resolved)
  for (const member of defaults) provenance[member] = byDefault
  return {
    metadata,
    provenance,
    ignored: [...listIgnored(requested, vouched, keep), ...merged.ignored, ...removed],
    unknownMembers,
  }
}

/** Of an update: what an earlier statement has locked and this one says nothing of. */
function lockedBefore(registered: Registered, vouchedNow: JsonObject, { unknownMembers, limits }: MetadataSettings): JsonObject {
  const locked = lockedMembers(registered, registered.statement, Object.keys(vouchedNow))
  return unknownMembers === 'keep' ? locked : sortMetadata(locked, 'lenient', limits).known
}

const byDefault: MemberProvenance = Object.freeze({ source: 'default', rule: 'default' })

function sortRequested(members: JsonObject, limits: Limits): RequestedMetadata {
  const { known, unknown, responseOnly, issues } = sortMetadata(members, 'lenient', limits)
  if (known.jwks !== undefined && known.jwks_uri !== undefined) {
    const message = 'the request has both jwks and jwks_uri'
    throw new InvalidMetadataError([...issues, { code: 'ERR_JWKS_CONFLICT', member: 'jwks', message }])
  }
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  const [others, reserved] = split(Object.entries(unknown), ([member]) => roleOfClaim(member) === 'unknown')
  return { known, unknown: Object.fromEntries(others), reserved: reserved.map(([member]) => member), responseOnly }
}

function split<Item>(items: readonly Item[], holds: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))]
}

function refuseUnknown(names: readonly string[]): void {
  if (names.length === 0) return
  throw new InvalidMetadataError(
    names.map((member) => ({ code: 'ERR_METADATA_UNKNOWN', member, message: `${toAscii(member)} is not known here` })),
  )
}

/** Where no statement is required and none was sent, nothing bounds the request; what only a statement may say is left out. */
function rulesWithoutStatement(rules: ReadonlyMap<string, MergeRule>): ReadonlyMap<string, MergeRule> {
  return new Map([...rules].filter(([, rule]) => rule === 'statement-only'))
}

function applyPolicy(policy: CompiledMetadataPolicy | undefined, metadata: JsonObject, checks: Checklist): ResolvedMetadata {
  if (policy === undefined) return { metadata, changes: [] }
  return checks.run('metadata-policy', () => {
    const resolved = policy.apply(metadata)
    // Nothing may be asked for; a policy that leaves nothing of what was asked for has refused it.
    const { changes } = resolved
    const emptied = changes.filter(
      ({ member, after }) => isEmpty(after) && !isEmpty(metadata[member]) && isEmpty(resolved.metadata[member]),
    )
    if (emptied.length > 0) {
      throw new InvalidMetadataError(emptied.map(({ member }) => violation(member, 'the policy leaves nothing of it')))
    }
    return resolved
  })
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0)
}

/**
 * A default is registered like any other value: a policy that would have refused or changed it, had it been sent, refuses it.
 * Else leaving a member out would be the way around the policy.
 */
function holdDefaultsToPolicy(policy: CompiledMetadataPolicy, metadata: ClientMetadata, defaults: readonly string[]): void {
  if (!defaults.some((member) => Object.hasOwn(policy.policy, member))) return
  const changed = policy
    .apply(metadata)
    .changes.filter(({ member, after }) => after !== undefined && defaults.includes(member))
    .map(({ member, operator }) => violation(member, `its default is not within the metadata policy (${operator})`))
  if (changed.length > 0) throw new InvalidMetadataError(changed)
}

function violation(member: string, reason: string): MetadataIssue {
  return { code: 'ERR_POLICY_VIOLATION', member, message: `${toAscii(member)}: ${reason}` }
}

/** What a policy changed comes from the policy; the merged value it changed is the one that lost. */
function tracePolicy(merged: MergedMetadata, { metadata, changes }: ResolvedMetadata) {
  const { provenance } = merged
  const removed: IgnoredMember[] = []
  for (const { member, operator } of changes) {
    if (Object.hasOwn(metadata, member)) {
      const lost = Object.hasOwn(merged.metadata, member) ? { lost: merged.metadata[member] } : {}
      provenance[member] = { source: 'policy', rule: operator, ...lost }
    } else if (Object.hasOwn(merged.provenance, member)) {
      const source = merged.provenance[member]?.source === 'statement' ? 'statement' : 'request'
      delete provenance[member]
      removed.push({ member, source, reason: 'policy' })
    }
  }
  return { provenance, removed }
}

function listIgnored(
  { unknown, reserved, responseOnly }: RequestedMetadata,
  vouched: SortedClaims | undefined,
  keep: boolean,
): readonly IgnoredMember[] {
  const list = (members: readonly string[], source: IgnoredMember['source'], reason: IgnoredMember['reason']) =>
    members.map((member): IgnoredMember => ({ member, source, reason }))
  return [
    ...list(responseOnly, 'request', 'response-only'),
    ...list(reserved, 'request', 'reserved'),
    ...(keep ? [] : list(Object.keys(vouched?.unknown ?? {}), 'statement', 'unknown')),
    ...(keep ? [] : list(Object.keys(unknown), 'request', 'unknown')),
  ]
}
