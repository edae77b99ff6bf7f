import { jwtClaimNames, roleOfClaim } from './claim-role.js'
import { InvalidStatementError } from './errors/errors.js'
import type { JsonObject } from './json/strict-json.js'
import { defaultLimits, type Limits } from './limits.js'
import type { ClientMetadata } from './metadata/registry.js'
import { sortMetadata } from './metadata/schema.js'
import { toAscii } from './metadata/text.js'

/** The claims of a statement that belong to the JWT (RFC 7519 4.1); times are seconds since the epoch. */
export interface JwtClaims {
  readonly iss: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
}

/** The vouched metadata of a statement. */
export interface SortedClaims {
  /** Members that are known, with their specified types. */
  readonly metadata: ClientMetadata
  /** Other members, as signed. */
  readonly unknown: JsonObject
}

/** Later than any date in use, earlier than the present in milliseconds. */
const latestNumericDate = 1e11

/** The issuer of a parsed statement (RFC 7591 2.3: required). Throws `InvalidStatementError` with `ERR_ISSUER_MISSING`. */
export function issuerOf(claims: JsonObject): string {
  const { iss } = claims
  if (typeof iss === 'string' && iss !== '') return iss
  const hint = 'RFC 7591 2.3 requires it; its own example lacks it (erratum 7969)'
  const message = iss === undefined ? `the statement has no iss: ${hint}` : 'iss is not a string'
  throw new InvalidStatementError('ERR_ISSUER_MISSING', message, { member: 'iss' })
}

/**
 * Checks the JSON types of the JWT claims.
 *
 * Throws `InvalidStatementError` with `ERR_ISSUER_MISSING` or `ERR_CLAIM_TYPE`.
 */
export function parseJwtClaims(claims: JsonObject): JwtClaims {
  const iss = issuerOf(claims)
  for (const name of ['sub', 'jti'] as const) {
    const value = claims[name]
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw wrongType(name, 'is not a non-empty string')
  }
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    const value = claims[name]
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(name, 'is not a number')
    if (value <= 0) throw wrongType(name, 'is not after 1970')
    if (value >= latestNumericDate) throw wrongType(name, 'is too large: it looks like milliseconds, and must be seconds')
  }
  const { aud } = claims
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (aud !== undefined && !(audiences.length > 0 && audiences.every((item) => typeof item === 'string' && item !== ''))) {
    throw wrongType('aud', 'is not a string or array of strings')
  }
  const named: Record<string, unknown> = {}
  for (const name of jwtClaimNames) if (claims[name] !== undefined) named[name] = claims[name]
  return { ...named, iss } // the types of all others have just been checked
}

/** Claims that give away another kind of JWT by their shape (RFC 8725 2.8, 3.11). */
const otherShapes: readonly (readonly [kind: string, claims: readonly string[]])[] = [
  ['an ID token', ['nonce', 'at_hash']],
  ['a security event token', ['events']],
  ['a DPoP proof', ['htm', 'htu']],
]

/**
 * Refuses claims that no statement may have, and claim sets with the shape of another kind of token.
 *
 * Throws `InvalidStatementError` with `ERR_CLAIM_FORBIDDEN` or `ERR_CLAIMS_OTHER`.
 */
export function refuseForbiddenClaims(claims: JsonObject): void {
  const other = otherShapes.find(([, names]) => names.every((name) => Object.hasOwn(claims, name)))
  if (other !== undefined) throw new InvalidStatementError('ERR_CLAIMS_OTHER', `the claims are those of ${other[0]}`)
  const forbidden = Object.keys(claims).find((name) => roleOfClaim(name) === 'forbidden')
  if (forbidden !== undefined) {
    const message = `a statement must not have the claim ${toAscii(forbidden)}`
    throw new InvalidStatementError('ERR_CLAIM_FORBIDDEN', message, { member: forbidden })
  }
}

/**
 * Sorts the vouched metadata out of the claims and checks its JSON types, as lenient as real directories need it.
 *
 * Throws `InvalidStatementError` with `ERR_CLAIM_TYPE`.
 */
export function sortVouchedMetadata(claims: JsonObject, limits: Limits = defaultLimits): SortedClaims {
  const { iss: _iss, sub: _sub, aud: _aud, exp: _exp, nbf: _nbf, iat: _iat, jti: _jti, ...vouched } = claims
  const { known, unknown, issues } = sortMetadata(vouched, 'lenient', limits)
  const [issue] = issues
  if (issue !== undefined) {
    const details = issue.member === undefined ? {} : { member: issue.member }
    throw new InvalidStatementError('ERR_CLAIM_TYPE', issue.message, details)
  }
  return { metadata: known, unknown }
}

function wrongType(member: string, fault: string) {
  return new InvalidStatementError('ERR_CLAIM_TYPE', `claim ${member} ${fault}`, { member })
}
