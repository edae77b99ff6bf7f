import { splitLanguageTag } from '../metadata/language-tag.js'
import { knownMembers } from '../metadata/registry.js'
import { type ErrorCode, type ErrorCodeOf, errorCatalogue } from './catalogue.js'

/** Details an error may carry besides its code and message. */
export interface ErrorDetails {
  /** The client metadata member or claim at fault. */
  readonly member?: string
  /** Where the rule stands that is broken, if that is known better than by the check. */
  readonly clause?: string
  /** The fault underneath. */
  readonly cause?: unknown
}

/** What became of one check of a verification. */
export interface Check {
  readonly check: string
  readonly outcome: 'pass' | 'fail' | 'skip'
  /** Where the rule stands. */
  readonly clause: string
  /** Why it failed. */
  readonly code?: ErrorCode
}

/**
 * The root of every error that a statement, a request or a trust source can cause. Its message is for operators and never
 * contains a statement, a key or a token; what a client is told is `errorAnswer(error)`.
 */
export abstract class StatementError extends Error {
  readonly code: ErrorCode
  declare readonly member?: string
  /** Where the rule stands that is broken; the `checks` have it for every check. */
  declare readonly clause?: string
  /** The checks of the verification that ended with this error. */
  declare readonly checks?: readonly Check[]

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    if (details.member !== undefined) this.member = details.member
    if (details.clause !== undefined) this.clause = details.clause
  }

  /**
   * The error as plain data, for logs, `JSON.stringify` and `structuredClone`, which both lose what an error of this kind has; without
   * its cause, which may be anything.
   *
   * @example
   * ```ts
   * const error = new InvalidStatementError('ERR_EXPIRED', 'exp is 2 hours ago', { member: 'exp' })
   * JSON.stringify(error)
   * // '{"name":"InvalidStatementError","code":"ERR_EXPIRED","message":"exp is 2 hours ago","member":"exp"}'
   * ```
   */
  toJSON(): PlainError {
    const { name, code, message, member, checks } = this
    return { name, code, message, ...(member === undefined ? {} : { member }), ...(checks === undefined ? {} : { checks }) }
  }
}

/** A `StatementError` as plain data. */
export interface PlainError {
  /** Its class. */
  readonly name: string
  readonly code: ErrorCode
  readonly message: string
  readonly member?: string
  /** Of an `InvalidMetadataError`. */
  readonly issues?: readonly MetadataIssue[]
  /** Of a `TrustUnavailableError` or an `AccessError`, in seconds. */
  readonly retryAfter?: number
  readonly checks?: readonly Check[]
}

/**
 * Writes the checks of a verification down in the error that ended it: for verifiers, once.
 *
 * @example
 * ```ts
 * const error = new InvalidStatementError('ERR_EXPIRED', 'exp is 2 hours ago')
 * recordChecks(error, [{ check: 'time', outcome: 'fail', clause: 'RFC 7519 4.1.4', code: 'ERR_EXPIRED' }])
 * error.checks?.length // 1
 * ```
 */
export function recordChecks(error: StatementError, checks: readonly Check[]): void {
  Object.assign(error, { checks })
}

/** Bytes, signature or claims of a statement are wrong: 400 `invalid_software_statement` (RFC 7591 3.2.2). */
export class InvalidStatementError extends StatementError {
  override readonly name = 'InvalidStatementError'
  declare readonly code: ErrorCodeOf<'InvalidStatementError'>

  // biome-ignore lint/complexity/noUselessConstructor: narrows the codes this class may carry
  constructor(code: ErrorCodeOf<'InvalidStatementError'>, message: string, details?: ErrorDetails) {
    super(code, message, details)
  }
}

/** A sound statement that is not trusted or not wanted here: 400 `unapproved_software_statement` (RFC 7591 3.2.2). */
export class UnapprovedStatementError extends StatementError {
  override readonly name = 'UnapprovedStatementError'
  declare readonly code: ErrorCodeOf<'UnapprovedStatementError'>

  // biome-ignore lint/complexity/noUselessConstructor: narrows the codes this class may carry
  constructor(code: ErrorCodeOf<'UnapprovedStatementError'>, message: string, details?: ErrorDetails) {
    super(code, message, details)
  }
}

/** One rule that client metadata breaks. */
export interface MetadataIssue {
  readonly code: ErrorCodeOf<'InvalidMetadataError'>
  /** The member at fault, with its language tag; absent where the fault is of the whole. */
  readonly member?: string
  /** Where in the member's value, outermost first: array positions and member names. */
  readonly path?: readonly (string | number)[]
  readonly message: string
}

/**
 * Client metadata breaks rules or a policy; `issues` has all of them. Answered with 400 `invalid_redirect_uri` if every
 * issue is about a redirect URI, else `invalid_client_metadata` (RFC 7591 3.2.2).
 */
export class InvalidMetadataError extends StatementError {
  override readonly name = 'InvalidMetadataError'
  declare readonly code: ErrorCodeOf<'InvalidMetadataError'>
  readonly issues: readonly MetadataIssue[]

  /** Throws `TypeError` if there is no issue. */
  constructor(issues: readonly MetadataIssue[], details: { readonly cause?: unknown } = {}) {
    const [first] = issues
    if (first === undefined) throw new TypeError('InvalidMetadataError needs at least one issue')
    super(first.code, issues.map((issue) => issue.message).join('; '), {
      ...details,
      ...(first.member === undefined ? {} : { member: first.member }),
    })
    this.issues = issues
  }

  override toJSON(): PlainError {
    return { ...super.toJSON(), issues: this.issues }
  }
}

/** A trust source could not be asked: 503 `temporarily_unavailable` with `Retry-After`. Not the client's fault. */
export class TrustUnavailableError extends StatementError {
  override readonly name = 'TrustUnavailableError'
  declare readonly code: ErrorCodeOf<'TrustUnavailableError'>
  /** When asking again makes sense, in seconds. */
  readonly retryAfter: number

  constructor(
    code: ErrorCodeOf<'TrustUnavailableError'>,
    message: string,
    details: ErrorDetails & { readonly retryAfter?: number } = {},
  ) {
    super(code, message, details)
    this.retryAfter = details.retryAfter ?? 30
  }

  override toJSON(): PlainError {
    return { ...super.toJSON(), retryAfter: this.retryAfter }
  }
}

/** Who asks may not, or asks too often: 401, 404, 405 or 429, as the catalogue says. */
export class AccessError extends StatementError {
  override readonly name = 'AccessError'
  declare readonly code: ErrorCodeOf<'AccessError'>
  /** When asking again makes sense, in seconds; of a 429. */
  declare readonly retryAfter?: number

  constructor(code: ErrorCodeOf<'AccessError'>, message: string, details: ErrorDetails & { readonly retryAfter?: number } = {}) {
    super(code, message, details)
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter
  }

  override toJSON(): PlainError {
    return { ...super.toJSON(), ...(this.retryAfter === undefined ? {} : { retryAfter: this.retryAfter }) }
  }
}

/** An operator's metadata policy is illegal (OpenID Federation 1.0, 6.1): thrown when it is loaded, never per request. */
export class MetadataPolicyError extends StatementError {
  override readonly name = 'MetadataPolicyError'
  declare readonly code: ErrorCodeOf<'MetadataPolicyError'>

  // biome-ignore lint/complexity/noUselessConstructor: narrows the codes this class may carry
  constructor(code: ErrorCodeOf<'MetadataPolicyError'>, message: string, details?: ErrorDetails) {
    super(code, message, details)
  }
}

/** What a client is told of an error: HTTP status and the members of the JSON body (RFC 7591 3.2.2). */
export interface ErrorAnswer {
  readonly status: 400 | 401 | 404 | 405 | 413 | 429 | 500 | 503
  readonly error:
    | 'invalid_software_statement'
    | 'unapproved_software_statement'
    | 'invalid_redirect_uri'
    | 'invalid_client_metadata'
    | 'invalid_token'
    | 'invalid_client'
    | 'invalid_request'
    | 'too_many_requests'
    | 'temporarily_unavailable'
    | 'server_error'
  /** From the catalogue, with the names of the members at fault that are known: ASCII, never made from input. */
  readonly error_description: string
  /** Seconds, where asking again makes sense. */
  readonly retryAfter?: number
}

/**
 * The public answer to an error, from the catalogue.
 *
 * @example
 * ```ts
 * const error = new InvalidStatementError('ERR_EXPIRED', 'exp is 2 hours ago')
 * errorAnswer(error) // { status: 400, error: 'invalid_software_statement', error_description: 'The software statement has expired' }
 * ```
 */
export function errorAnswer(error: StatementError): ErrorAnswer {
  const entry = errorCatalogue[error.code]
  const status = 'status' in entry ? entry.status : 400
  const error_description =
    error instanceof InvalidMetadataError ? describeIssues(error.issues) : describe(error.code, error.member)
  switch (entry.class) {
    case 'InvalidStatementError':
      return { status, error: 'invalid_software_statement', error_description }
    case 'UnapprovedStatementError':
      return { status, error: 'unapproved_software_statement', error_description }
    case 'InvalidMetadataError':
      return { status, error: metadataErrorName(error), error_description }
    case 'TrustUnavailableError': {
      const retryAfter = error instanceof TrustUnavailableError ? error.retryAfter : 30
      return { status: 503, error: 'temporarily_unavailable', error_description, retryAfter }
    }
    case 'AccessError': {
      const retryAfter = error instanceof AccessError && error.retryAfter !== undefined ? { retryAfter: error.retryAfter } : {}
      return { status, error: entry.error, error_description, ...retryAfter }
    }
    case 'MetadataPolicyError':
      return { status: 500, error: 'server_error', error_description }
  }
}

/** Each fault once, with all members that have it: what the whole is answered with may be decided by the last of them. */
function describeIssues(issues: readonly MetadataIssue[]): string {
  const codes = [...new Set(issues.map(({ code }) => code))]
  const membersWith = (code: ErrorCode) => issues.filter((issue) => issue.code === code).map(({ member }) => member)
  return codes.map((code) => describe(code, ...membersWith(code))).join('; ')
}

function describe(code: ErrorCode, ...members: readonly (string | undefined)[]): string {
  const names = new Set(members.flatMap((member) => (member === undefined ? [] : [splitLanguageTag(member).base])))
  const known = [...names].filter((name) => knownMembers.has(name))
  const { description } = errorCatalogue[code]
  return known.length === 0 ? description : `${description} (${known.join(', ')})`
}

function metadataErrorName(error: StatementError) {
  const issues = error instanceof InvalidMetadataError ? error.issues : []
  const redirectsOnly = issues.length > 0 && issues.every((issue) => issue.member === 'redirect_uris')
  return redirectsOnly ? 'invalid_redirect_uri' : 'invalid_client_metadata'
}
