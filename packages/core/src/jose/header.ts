import { InvalidStatementError } from '../errors/errors.js'
import type { JsonObject } from '../json/strict-json.js'
import type { Limits } from '../limits.js'
import { toAscii } from '../metadata/text.js'
import { isSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.js'

/** A JOSE header that has passed the rules (RFC 7515 4.1). */
export interface StatementHeader {
  readonly alg: SignatureAlgorithm
  readonly typ?: string
  readonly kid?: string
  /** Base64 (not base64url) DER certificates, leaf first. */
  readonly x5c?: readonly string[]
  readonly [parameter: string]: unknown
}

/** Parameters that choose keys, change what is signed or add rules this project does not know: refused when present. */
const forbiddenParameters = ['crit', 'b64', 'jwk', 'jku', 'x5u', 'zip', 'enc'] as const

/** The `typ` this project writes. No `typ` is registered for software statements. */
export const statementTyp = 'software-statement+jwt'

/** What an issuer entry accepts as `typ` unless it says otherwise. */
export const defaultAcceptedTyps: readonly string[] = [statementTyp, 'ssa+jwt', 'JWT']

/** Kinds of JWT that are never a software statement (RFC 8725 3.11 and the documents that register them). */
const otherKinds: ReadonlySet<string> = new Set([
  'at+jwt',
  'logout+jwt',
  'dpop+jwt',
  'secevent+jwt',
  'oauth-authz-req+jwt',
  'token-introspection+jwt',
  'oauth-client-attestation+jwt',
  'oauth-client-attestation-pop+jwt',
  'client-authentication+jwt',
  'entity-statement+jwt',
  'explicit-registration-response+jwt',
  'resolve-response+jwt',
  'trust-mark+jwt',
  'trust-mark-delegation+jwt',
  'trust-mark-status-response+jwt',
  'jwk-set+jwt',
  'statuslist+jwt',
  'kb+jwt',
  'dc+sd-jwt',
  'vc+sd-jwt',
  'vc+jwt',
  'vp+jwt',
  'openid4vci-proof+jwt',
  'key-attestation+jwt',
  'wit+jwt',
  'wimse-id+jwt',
  'txntoken+jwt',
])

/**
 * Validates a JOSE header: types of its parameters, a supported `alg`, nothing that is forbidden when present.
 *
 * Throws `InvalidStatementError`.
 */
export function validateHeader(header: JsonObject, limits: Limits): StatementHeader {
  for (const name of forbiddenParameters) {
    if (Object.hasOwn(header, name)) throw forbidden(name, `header parameter "${name}" is not accepted`)
  }
  const { alg, typ, kid, cty, x5c } = header
  if (typeof alg !== 'string') throw wrongType('alg', 'is not a string')
  if (alg.toLowerCase() === 'none') {
    const hint = 'some PSD2 schemes send unsigned statements inside signed requests; those are refused as well'
    throw new InvalidStatementError('ERR_ALGORITHM_NONE', `alg is "none": the statement is not signed (${hint})`, {
      member: 'alg',
    })
  }
  if (!isSignatureAlgorithm(alg)) {
    throw new InvalidStatementError('ERR_ALGORITHM_UNSUPPORTED', `alg "${toAscii(alg)}" is not supported`, { member: 'alg' })
  }
  if (typ !== undefined && typeof typ !== 'string') throw wrongType('typ', 'is not a string')
  if (cty !== undefined && typeof cty !== 'string') throw wrongType('cty', 'is not a string')
  if (cty !== undefined && mediaSubtype(cty) === 'jwt') throw forbidden('cty', 'nested tokens are not accepted')
  if (kid !== undefined) validateKid(kid, limits)
  if (x5c !== undefined) validateX5c(x5c, limits)
  return header as StatementHeader // each typed parameter has just been checked
}

function validateKid(kid: unknown, limits: Limits): void {
  if (typeof kid !== 'string' || kid === '' || /\p{C}/u.test(kid)) throw wrongType('kid', 'is not a printable string')
  if (kid.length > limits.kidLength) throw wrongType('kid', `is longer than ${limits.kidLength} characters`)
}

function validateX5c(x5c: unknown, limits: Limits): void {
  const strings = Array.isArray(x5c) && x5c.length > 0 && x5c.every((item) => typeof item === 'string')
  if (!strings) throw wrongType('x5c', 'is not an array of strings')
  if (x5c.length > limits.certificates) {
    throw new InvalidStatementError('ERR_STATEMENT_LIMIT', `x5c has more than ${limits.certificates} certificates`, {
      member: 'x5c',
    })
  }
}

/**
 * Refuses a `typ` that says the token is something else than a software statement, whatever an issuer entry accepts.
 *
 * Throws `InvalidStatementError` with `ERR_TYP_OTHER`.
 */
export function refuseOtherKinds(header: StatementHeader): void {
  if (header.typ !== undefined && isOtherKind(header.typ)) {
    throw new InvalidStatementError('ERR_TYP_OTHER', `typ "${toAscii(header.typ)}" is another kind of JWT`, { member: 'typ' })
  }
}

/** Whether a `typ` belongs to another kind of JWT. */
export function isOtherKind(typ: string): boolean {
  return otherKinds.has(mediaSubtype(typ))
}

/** Whether two `typ` values are the same: case-insensitive, `application/` may be left out (RFC 7515 4.1.9). */
export function isSameTyp(a: string, b: string): boolean {
  return mediaSubtype(a) === mediaSubtype(b)
}

function mediaSubtype(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '')
}

function forbidden(member: string, message: string) {
  return new InvalidStatementError('ERR_HEADER_FORBIDDEN', message, { member })
}

function wrongType(member: string, message: string) {
  return new InvalidStatementError('ERR_HEADER_TYPE', `header parameter "${member}" ${message}`, { member })
}
