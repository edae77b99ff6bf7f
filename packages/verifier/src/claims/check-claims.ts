import { InvalidStatementError, type JsonObject, type JwtClaims } from '@software-statement/core'
import type { StatementRules } from '../rules.js'

/** Checks `exp`, `nbf` and `iat`, lifetime and age (RFC 7519 4.1.4 to 4.1.6). Throws `InvalidStatementError`. */
export function checkTimes({ exp, nbf, iat }: JwtClaims, rules: StatementRules): void {
  const { now, clockTolerance, maxLifetime, maxTokenAge } = rules
  if (exp !== undefined && now - clockTolerance >= exp) throw fault('ERR_EXPIRED', 'exp is in the past', 'exp')
  if (nbf !== undefined && nbf > now + clockTolerance) throw fault('ERR_NOT_YET_VALID', 'nbf is in the future', 'nbf')
  if (iat !== undefined && iat > now + clockTolerance) throw fault('ERR_ISSUED_IN_FUTURE', 'iat is in the future', 'iat')
  if (exp !== undefined && exp <= Math.max(iat ?? 0, nbf ?? 0)) {
    throw fault('ERR_EXPIRES_BEFORE_ISSUED', 'exp is not after iat and nbf', 'exp')
  }
  if (maxLifetime !== undefined) {
    if (exp === undefined || iat === undefined) throw missing(exp === undefined ? 'exp' : 'iat', 'the lifetime is limited')
    if (exp - iat > maxLifetime) throw fault('ERR_LIFETIME_TOO_LONG', `exp is more than ${maxLifetime} seconds after iat`, 'exp')
  }
  if (maxTokenAge !== undefined) {
    if (iat === undefined) throw missing('iat', 'the age is limited')
    if (now - clockTolerance - iat > maxTokenAge) throw fault('ERR_TOO_OLD', `iat is more than ${maxTokenAge} seconds ago`, 'iat')
  }
}

/**
 * Checks that the statement is meant for this server (RFC 7519 4.1.3), as the issuer's policy asks. A statement for an
 * audience is refused where the server has not said who it is.
 *
 * Throws `InvalidStatementError`.
 */
export function checkAudience({ aud }: JwtClaims, { audiences, audiencePolicy }: StatementRules): void {
  if (aud === undefined) {
    if (audiencePolicy !== 'required') return
    throw fault('ERR_AUDIENCE_MISSING', 'the statement has no aud', 'aud')
  }
  const named = typeof aud === 'string' ? [aud] : aud
  if (!named.some((audience) => audiences.includes(audience))) {
    throw fault('ERR_AUDIENCE_MISMATCH', 'aud does not name this server', 'aud')
  }
}

/** Checks that required claims are there. Throws `InvalidStatementError` with `ERR_CLAIM_MISSING`. */
export function checkRequiredClaims(claims: JsonObject, required: readonly string[]): void {
  const absent = required.find((name) => !Object.hasOwn(claims, name))
  if (absent !== undefined) throw missing(absent, 'it is required')
}

function missing(member: string, reason: string) {
  return fault('ERR_CLAIM_MISSING', `claim ${member} is missing: ${reason}`, member)
}

function fault(code: InvalidStatementError['code'], message: string, member: string) {
  return new InvalidStatementError(code, message, { member })
}
