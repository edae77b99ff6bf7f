import { splitLanguageTag } from './metadata/language-tag.js'
import { describeMember, knownMembers } from './metadata/registry.js'

/** The claims that belong to the JWT (RFC 7519 4.1). */
export const jwtClaimNames: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])

/** What a claim of a statement is. */
export type ClaimRole = 'jwt' | 'metadata' | 'unknown' | 'forbidden'

/**
 * Says what a claim of a statement is: the JWT's own, vouched metadata, a member nobody knows, or one that no statement may
 * have, because only a server gives it or because it would nest a statement.
 */
export function roleOfClaim(name: string): ClaimRole {
  if (jwtClaimNames.has(name)) return 'jwt'
  const described = describeMember(name)
  if (described !== undefined) return described.responseOnly ? 'forbidden' : 'metadata'
  const { base } = splitLanguageTag(name)
  const forbidden = base === 'software_statement' || base.startsWith('registration_') || /_(issued|expires)_at$/.test(base)
  return forbidden || knownMembers.get(base)?.responseOnly ? 'forbidden' : 'unknown'
}
