import {
  type CompiledMetadataPolicy,
  InvalidMetadataError,
  isAllowedRedirectHost,
  isEqualJson,
  type JsonObject,
  type MetadataIssue,
  redirectMembers,
  roleOfClaim,
  toAscii,
} from '@software-statement/core'
import type { Approval, ApprovalPolicy } from './parse-approval-policy.js'

/** A member that was absent and that the approval policy has given a value. */
export interface FilledMember {
  readonly member: string
  readonly value: unknown
}

/** What an approval policy says to metadata. */
export interface ApprovalOutcome {
  /** The submitted members, none of them changed, and the filled ones. */
  readonly metadata: JsonObject
  readonly filled: readonly FilledMember[]
  readonly approvedBy?: string
  /** The longest the statement may live, in seconds. */
  readonly longestLifetime?: number
  /** Every reason not to sign. */
  readonly issues: readonly MetadataIssue[]
}

/** When the statement is issued and how long it shall live, in seconds. */
export interface Lifetime {
  readonly now: number
  /** What the caller asks for; absent: as long as the approval lets it. */
  readonly expiresIn: number | undefined
}

/**
 * Holds submitted metadata to the approval of its `software_id`. Nothing is trimmed or overwritten: a submitted member that the policy
 * would change or remove is an issue; only absent members are filled in.
 */
export function applyApproval(metadata: JsonObject, policy: ApprovalPolicy, lifetime: Lifetime): ApprovalOutcome {
  const approval = policy.find(metadata.software_id)
  if (approval === undefined) {
    const message = metadata.software_id === undefined ? 'software_id is missing' : 'there is no approval for this software_id'
    return { metadata, filled: [], issues: [{ code: 'ERR_APPROVAL_SOFTWARE_ID', member: 'software_id', message }] }
  }
  const judged = [...approval.members].map(([member, rule]) => applyToMember(metadata, member, rule))
  const filled = judged.flatMap((judgement) => judgement.filled ?? [])
  const complete = { ...metadata, ...Object.fromEntries(filled.map(({ member, value }) => [member, value])) }
  return {
    metadata: complete,
    filled,
    approvedBy: approval.approvedBy,
    longestLifetime: Math.min(approval.maxLifetime ?? Number.POSITIVE_INFINITY, approval.approvedUntil - lifetime.now),
    issues: [
      ...checkTimes(approval, lifetime),
      ...checkCoverage(metadata, approval),
      ...judged.flatMap(({ issues }) => issues),
      ...checkRedirectHosts(complete, approval),
    ],
  }
}

function checkTimes({ approvedUntil, maxLifetime }: Approval, { now, expiresIn }: Lifetime): readonly MetadataIssue[] {
  if (approvedUntil <= now) return [{ code: 'ERR_APPROVAL_EXPIRED', message: 'the approval has ended' }]
  const issues: MetadataIssue[] = []
  if (expiresIn === undefined) return issues
  if (maxLifetime !== undefined && expiresIn > maxLifetime) {
    issues.push({ code: 'ERR_APPROVAL_LIFETIME', message: `the approval allows a life of ${maxLifetime} seconds` })
  }
  if (now + expiresIn > approvedUntil) {
    issues.push({ code: 'ERR_APPROVAL_LIFETIME', message: 'the statement would live longer than the approval' })
  }
  return issues
}

/**
 * An approval lists what may be vouched for; what it does not list, it does not approve. Of members that no approval can list, the
 * metadata rules tell.
 */
function checkCoverage(metadata: JsonObject, { members, redirectHosts }: Approval): readonly MetadataIssue[] {
  const isCovered = (name: string) =>
    name === 'software_id' || members.has(name) || (name === 'redirect_uris' && redirectHosts !== undefined) || !canBeListed(name)
  return Object.keys(metadata)
    .filter((name) => !isCovered(name))
    .map((member) => ({ code: 'ERR_APPROVAL_MEMBER', member, message: `${toAscii(member)} is not approved` }))
}

function canBeListed(name: string): boolean {
  const role = roleOfClaim(name)
  return role === 'metadata' || role === 'unknown'
}

interface Judgement {
  readonly filled?: FilledMember
  readonly issues: readonly MetadataIssue[]
}

function applyToMember(metadata: JsonObject, member: string, rule: CompiledMetadataPolicy): Judgement {
  const given = Object.hasOwn(metadata, member) ? metadata[member] : undefined
  const outcome = runRule(rule, given === undefined ? {} : { [member]: given })
  if (outcome.issues !== undefined) return { issues: outcome.issues }
  const value = Object.hasOwn(outcome.metadata, member) ? outcome.metadata[member] : undefined
  if (given === undefined) return value === undefined ? { issues: [] } : { filled: { member, value }, issues: [] }
  if (isEqualJson(given, value)) return { issues: [] }
  const message = `${toAscii(member)}: the approval would ${value === undefined ? 'remove' : 'change'} it`
  return { issues: [{ code: 'ERR_APPROVAL_VALUE', member, message }] }
}

type RuleOutcome = { readonly metadata: JsonObject; readonly issues?: undefined } | { readonly issues: readonly MetadataIssue[] }

function runRule(rule: CompiledMetadataPolicy, metadata: JsonObject): RuleOutcome {
  try {
    return { metadata: rule.apply(metadata).metadata }
  } catch (error) {
    if (!(error instanceof InvalidMetadataError)) throw error
    return { issues: error.issues.map((issue): MetadataIssue => ({ ...issue, code: 'ERR_APPROVAL_VALUE' })) }
  }
}

/** Wherever browsers are sent: a host that nobody has approved is as bad after logout as after login. */
function checkRedirectHosts(metadata: JsonObject, { redirectHosts }: Approval): readonly MetadataIssue[] {
  if (redirectHosts === undefined) return []
  return redirectMembers.flatMap((member) => {
    const uris = metadata[member]
    if (!Array.isArray(uris)) return []
    return uris.flatMap((uri, index): MetadataIssue[] => {
      if (typeof uri === 'string' && isAllowedRedirectHost(uri, redirectHosts)) return []
      const message = `${member}[${index}]: the host is not approved`
      return [{ code: 'ERR_APPROVAL_REDIRECT_HOST', member, path: [index], message }]
    })
  })
}
