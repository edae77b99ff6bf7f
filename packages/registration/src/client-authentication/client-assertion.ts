import {
  AccessError,
  defaultLimits,
  InvalidStatementError,
  isSameTyp,
  type JwtClaims,
  parseJwtClaims,
  parseStatement,
} from '@software-statement/core'
import type { ReplayMark } from '@software-statement/verifier'

/** The one `client_assertion_type` there is (RFC 7523 2.2). */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** An assertion whose form is sound. Nothing in it is verified. */
export interface ClientAssertion {
  readonly compact: string
  readonly claims: JwtClaims
}

/** What an assertion is held to. Times are in seconds. */
export interface AssertionRules {
  /** The issuer identifier of this server, the only audience there is. */
  readonly issuer: string
  readonly at: number
  readonly clockTolerance: number
  readonly maxLifetime: number
}

const limits = { ...defaultLimits, statementBytes: 8 * 1024 }

/** What a `typ` may say. One that names another kind of JWT is another kind of JWT (RFC 8725 3.11). */
const acceptedTyps = ['JWT', 'client-authentication+jwt']

/**
 * Parses a client assertion (RFC 7523 2.2): compact JWS, strict JSON, the header rules of statements, no foreign `typ`, sound types.
 *
 * Throws `AccessError` with `ERR_CLIENT_AUTHENTICATION`.
 */
export function parseClientAssertion(compact: string): ClientAssertion {
  try {
    const { header, claims } = parseStatement(compact, limits)
    const { typ } = header
    if (typ !== undefined && !acceptedTyps.some((accepted) => isSameTyp(typ, accepted))) {
      throw refusal('its typ is that of another kind of JWT', 'typ')
    }
    return { compact, claims: parseJwtClaims(claims) }
  } catch (cause) {
    if (!(cause instanceof InvalidStatementError)) throw cause
    throw refusal(`it is malformed: ${cause.code}`, cause.member, cause)
  }
}

/**
 * Checks the claims of an assertion by which a client authenticates itself (RFC 7523 3). `aud` is one text, the issuer: an assertion
 * that was made for another server, or for several, must not count here. Answers with the mark that its one use leaves; the issuer of
 * the mark is none that a statement can have, since the marks of both stand in one store.
 *
 * Throws `AccessError` with `ERR_CLIENT_AUTHENTICATION`.
 */
export function checkAssertionClaims({ claims }: ClientAssertion, clientId: string, rules: AssertionRules): ReplayMark {
  const { iss, sub, aud, exp, nbf, iat, jti } = claims
  const { issuer, at, clockTolerance, maxLifetime } = rules
  if (iss !== clientId) throw refusal('iss is not the client', 'iss')
  if (sub !== clientId) throw refusal('sub is not the client', 'sub')
  if (aud !== issuer) throw refusal('aud is not the issuer identifier of this server, as one text', 'aud')
  if (exp === undefined) throw refusal('exp is missing', 'exp')
  if (at - clockTolerance >= exp) throw refusal('exp is in the past', 'exp')
  if (exp - at > maxLifetime + clockTolerance) throw refusal(`exp is more than ${maxLifetime} seconds ahead`, 'exp')
  if (nbf !== undefined && nbf > at + clockTolerance) throw refusal('nbf is in the future', 'nbf')
  if (iat !== undefined && iat > at + clockTolerance) throw refusal('iat is in the future', 'iat')
  if (jti === undefined) throw refusal('jti is missing', 'jti')
  return { issuer: `${assertionType} ${clientId}`, jti, mode: 'until-exp', expiresAt: Math.ceil(exp) + clockTolerance }
}

function refusal(message: string, member?: string, cause?: unknown) {
  const details = { ...(member === undefined ? {} : { member }), ...(cause === undefined ? {} : { cause }) }
  return new AccessError('ERR_CLIENT_AUTHENTICATION', `the client assertion is refused: ${message}`, details)
}
