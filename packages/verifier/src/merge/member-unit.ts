import { canonicalTag, knownMembers, splitLanguageTag } from '@software-statement/core'

/** Members that say in other ways than `jwks` which keys are the client's (RFC 7591 2, OpenID Federation 1.0, 5.2.1). */
const keyMembers: ReadonlySet<string> = new Set(['jwks_uri', 'signed_jwks_uri'])

/** What a member says, whichever form it has: members of one unit stand for each other. A language-tagged form is of its member's unit. */
export function unitOf(member: string): string {
  const at = member.indexOf('#')
  const base = at === -1 ? member : member.slice(0, at)
  return keyMembers.has(base) ? 'jwks' : base
}

/** Language tags are compared without case (RFC 7591 2.2); other names exactly. */
export function canonicalName(member: string): string {
  if (!member.includes('#')) return member
  const { base, tag } = splitLanguageTag(member)
  return tag !== undefined && knownMembers.get(base)?.tagged ? `${base}#${canonicalTag(tag)}` : member
}
