import { codec } from '#codec'
import type { ErrorCodeOf } from './errors/catalogue.js'
import { InvalidStatementError } from './errors/errors.js'
import { type StatementHeader, validateHeader } from './jose/header.js'
import { freezeJson } from './json/json-value.js'
import { decodeUtf8, JsonFault, type JsonFaultKind, type JsonObject, parseStrictJson } from './json/strict-json.js'
import { defaultLimits, type Limits } from './limits.js'

/** A compact JWS whose form is sound. Nothing about it is verified. */
export interface ParsedJws {
  /** The text exactly as it came. */
  readonly compact: string
  /** Frozen: statements of one key may share it. */
  readonly header: StatementHeader
  readonly payload: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
  /** The bytes that were signed: header and payload segments with the period between (RFC 7515 5.2). */
  readonly signingInput: Uint8Array<ArrayBuffer>
}

declare const parsed: unique symbol

/** A software statement whose form is sound (RFC 7591 2.3). Nothing in it is verified. Only `parseStatement` makes one. */
export interface ParsedStatement extends ParsedJws {
  readonly [parsed]: true
  /** The claims as signed, JWT claims and vouched metadata together. */
  readonly claims: JsonObject
}

const statementCodes: Readonly<Record<JsonFaultKind, ErrorCodeOf<'InvalidStatementError'>>> = {
  syntax: 'ERR_STATEMENT_JSON',
  utf8: 'ERR_STATEMENT_UTF8',
  duplicate: 'ERR_STATEMENT_DUPLICATE_MEMBER',
  name: 'ERR_STATEMENT_FORBIDDEN_NAME',
  value: 'ERR_STATEMENT_VALUE',
  limit: 'ERR_STATEMENT_LIMIT',
}

/** Headers that have been parsed before, by their segments, under the same limits. Every statement of a key has the same. */
export interface KnownHeaders {
  get(segment: string): StatementHeader | undefined
}

/**
 * Parses a compact JWS without verifying it: three segments of canonical base64url, a strict JSON header that passes the
 * header rules.
 *
 * Throws `InvalidStatementError`.
 */
export function parseJws(compact: unknown, limits: Limits = defaultLimits, headers?: KnownHeaders): ParsedJws {
  if (typeof compact !== 'string') throw new InvalidStatementError('ERR_STATEMENT_NOT_TEXT', 'the statement is not a string')
  if (compact.length > limits.statementBytes) {
    throw new InvalidStatementError('ERR_STATEMENT_TOO_LARGE', `the statement has more than ${limits.statementBytes} bytes`)
  }
  const parts = compact.split('.', 6)
  if (parts.length === 5) {
    throw new InvalidStatementError('ERR_STATEMENT_ENCRYPTED', 'five segments: the statement is encrypted (JWE)')
  }
  const [headerPart, payloadPart, signaturePart] = parts
  if (parts.length !== 3 || headerPart === undefined || payloadPart === undefined || signaturePart === undefined) {
    throw new InvalidStatementError('ERR_STATEMENT_SEGMENTS', 'the statement does not have three segments')
  }
  const known = headers?.get(headerPart)
  const input = compact.slice(0, headerPart.length + 1 + payloadPart.length)
  const { segments, signed } = codec.decodeSegments([payloadPart, signaturePart, known === undefined ? headerPart : ''], input)
  const [payload, signature, header] = segments
  return {
    compact,
    header: known ?? freezeJson(validateHeader(parseObject(canonical(header, 'header'), 'header', limits), limits)),
    payload: canonical(payload, 'payload'),
    signature: canonical(signature, 'signature'),
    signingInput: signed,
  }
}

/** The segment of a compact JWS that holds its header. */
export function headerSegmentOf(compact: string): string {
  return compact.slice(0, compact.indexOf('.'))
}

/**
 * Parses a software statement without verifying it.
 *
 * Throws `InvalidStatementError`, and nothing else, whatever it is given.
 *
 * @example
 * ```ts
 * const { header, claims } = parseStatement(statement)
 * console.log(header.alg, claims.software_id) // nothing of this is verified
 * ```
 */
export function parseStatement(statement: unknown, limits: Limits = defaultLimits, headers?: KnownHeaders): ParsedStatement {
  const { compact, header, payload, signature, signingInput } = parseJws(statement, limits, headers)
  const claims = parseObject(payload, 'payload', limits)
  const parsed = { compact, header, payload, signature, signingInput, claims }
  return parsed as unknown as ParsedStatement // the one place where the mark of a parsed statement is given
}

function canonical(bytes: Uint8Array<ArrayBuffer> | undefined, name: string): Uint8Array<ArrayBuffer> {
  if (bytes !== undefined) return bytes
  throw new InvalidStatementError('ERR_STATEMENT_BASE64URL', `the ${name} is not canonical base64url`)
}

function parseObject(bytes: Uint8Array, name: string, limits: Limits): JsonObject {
  try {
    return parseStrictJson(decodeUtf8(bytes), limits)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw new InvalidStatementError(statementCodes[cause.kind], `${name}: ${cause.message}`, { cause })
  }
}
