import type { JsonObject } from '@software-statement/core'
import type { ApprovedMetadata } from './approve-metadata.js'
import type { ParsedOptions } from './options.js'

const defaultLifetime = 90 * 86_400

/** What only the pipeline knows: the one clock reading in seconds since the epoch, and the name of the statement. */
export interface Issue {
  readonly now: number
  readonly jti: string
}

/** Claims, and when they end, in seconds since the epoch. */
interface BuiltClaims {
  readonly claims: JsonObject
  readonly expiresAt: number
}

/**
 * The claims of a statement: the JWT's own (RFC 7519 4.1), then the approved metadata. The statement lives as long as asked for, else
 * 90 days or as long as the approval lets it.
 *
 * Throws `TypeError` if it would end before it begins, or later than any verifier accepts.
 */
export function buildClaims({ metadata, longestLifetime }: ApprovedMetadata, options: ParsedOptions, issue: Issue): BuiltClaims {
  const { issuer, subject, audience, notBefore } = options
  const exp = issue.now + (options.expiresIn ?? Math.min(defaultLifetime, longestLifetime ?? defaultLifetime))
  if (exp <= (notBefore ?? 0)) throw new TypeError('notBefore is not before the end of the statement')
  if (exp >= 1e11) throw new TypeError('expiresIn reaches beyond any date in use')
  const own = { iss: issuer, sub: subject, aud: audience, iat: issue.now, nbf: notBefore, exp, jti: issue.jti }
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  return { claims: { ...given, ...metadata }, expiresAt: exp }
}
