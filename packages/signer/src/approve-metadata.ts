import { type ClientMetadata, findPartialMetadataIssues, InvalidMetadataError, type Limits } from '@software-statement/core'
import { type ApprovalOutcome, applyApproval, type FilledMember, type Lifetime } from './approval/apply-approval.js'
import type { ApprovalPolicy } from './approval/parse-approval-policy.js'
import { checkNames, type SubmittedMetadata } from './metadata.js'

declare const approved: unique symbol

/** Metadata that may be vouched for. Only `approveMetadata` makes it. */
export interface ApprovedMetadata {
  readonly [approved]: true
  readonly metadata: ClientMetadata
  /** Members that were absent and have their value from the approval policy. */
  readonly filled: readonly FilledMember[]
  readonly approvedBy?: string
  /** Seconds; absent where no approval limits the life of the statement. */
  readonly longestLifetime?: number
}

/** What metadata is held to besides the rules for all client metadata. */
export interface ApprovalRules {
  readonly approval: ApprovalPolicy | undefined
  /** Members nobody knows that may be vouched for. */
  readonly extraMembers: readonly string[]
  readonly redirectSchemes: readonly string[]
  readonly lifetime: Lifetime
  readonly limits: Limits
}

/**
 * Decides whether metadata may be vouched for: whether it can be read at all, its names, the approval policy, then the metadata rules
 * over all that would be signed.
 *
 * Throws `InvalidMetadataError` with every reason not to.
 */
export function approveMetadata(submitted: SubmittedMetadata, rules: ApprovalRules): ApprovedMetadata {
  const { approval, extraMembers, redirectSchemes, limits } = rules
  const { metadata, issues: unreadable } = submitted
  const covered = approval?.find(metadata.software_id)?.members
  const names = checkNames(metadata, (name) => extraMembers.includes(name) || covered?.has(name) === true)
  const outcome: ApprovalOutcome =
    approval === undefined ? { metadata, filled: [], issues: [] } : applyApproval(metadata, approval, rules.lifetime)
  const { issues: refusals, ...result } = outcome
  const found = [...names, ...refusals, ...findPartialMetadataIssues(result.metadata, { redirectSchemes, limits })]
  // A member that cannot be read is not absent: that is all there is to say about it.
  const faulty = new Set(unreadable.map(({ member }) => member))
  const issues = [...unreadable, ...found.filter(({ member }) => member === undefined || !faulty.has(member))]
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return result as ApprovedMetadata // the one place where the mark of approved metadata is given
}
