import { roleOfClaim } from '@software-statement/core'

/** What to do with members nobody knows (RFC 7591 2: ignore). */
export type UnknownMembers = 'ignore' | 'keep' | 'refuse'

/**
 * Throws `TypeError` unless a rule for a member can ever meet it: what a server gives itself is not metadata, and a misspelled
 * name would bound nothing. With `keep`, members nobody knows are metadata as well.
 */
export function validateConfiguredMember(member: string, place: string, unknownMembers: UnknownMembers): void {
  const role = roleOfClaim(member)
  if (role === 'metadata' || (role === 'unknown' && unknownMembers === 'keep')) return
  const hint = role === 'unknown' ? 'is not known: it needs unknownMembers "keep"' : 'is not client metadata'
  throw new TypeError(`${place}: ${member} ${hint}`)
}
