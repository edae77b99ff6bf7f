import { type ClientMetadata, type JsonObject, parseStatement, StatementError } from '@software-statement/core'
import { unitOf } from '../merge/member-unit.js'
import type { MemberProvenance } from '../merge/merge-metadata.js'

/** What a client is registered with, as the decision that registered it said. */
export interface RegisteredMetadata {
  readonly metadata: ClientMetadata
  readonly provenance: { readonly [member: string]: MemberProvenance }
}

/**
 * The registered members that a statement locked, with their values: what a statement vouched for stays as it is until another one
 * vouches for it, else leaving a member out of the next statement would hand it over to the request. Beside the members that say so
 * themselves these are those that the stored statement names: a policy or a bound may have had the last word on them.
 */
export function lockedMembers(
  { metadata, provenance }: RegisteredMetadata,
  storedStatement: string | undefined,
  vouchedNow: readonly string[],
): JsonObject {
  const named = new Set(claimsOf(storedStatement).map(unitOf))
  const covered = new Set(vouchedNow.map(unitOf))
  const isLocked = (member: string) => provenance[member]?.source === 'statement' || named.has(unitOf(member))
  return Object.fromEntries(Object.entries(metadata).filter(([member]) => isLocked(member) && !covered.has(unitOf(member))))
}

/** A statement that can no longer be read, under narrower limits for example, names nothing. */
function claimsOf(statement: string | undefined): readonly string[] {
  if (statement === undefined) return []
  try {
    return Object.keys(parseStatement(statement).claims)
  } catch (error) {
    if (error instanceof StatementError) return []
    throw error
  }
}
