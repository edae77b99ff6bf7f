import { canonicalJson } from '@software-statement/core'
import type { ApprovedRegistration } from '@software-statement/verifier'
import { digestText } from '../credentials/credential.js'
import type { Uniqueness } from '../options.js'

/**
 * The names that no other client may have. Of a fixed length, whatever is in them. A `software_id` counts if a statement vouches for it:
 * else anybody could take the place of a software that has not registered yet.
 */
export async function uniqueKeysOf(decision: ApprovedRegistration, uniqueness: Uniqueness): Promise<readonly string[]> {
  if (uniqueness === 'duplicateKey') return [`duplicateKey:${decision.duplicateKey}`]
  const { statement, metadata } = decision
  if (uniqueness === 'none' || statement === undefined || !isVouched(decision, 'software_id')) return []
  return [`software_id:${await digestText(canonicalJson([statement.issuer, metadata.software_id]))}`]
}

/** Whether this statement vouches for a member: one that an earlier statement has locked is not this issuer's. */
export function isVouched({ statement, provenance }: ApprovedRegistration, member: string): boolean {
  return provenance[member]?.source === 'statement' && statement !== undefined && Object.hasOwn(statement.claims, member)
}
