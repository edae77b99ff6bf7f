import { codec } from '#codec'
import type { ErrorCodeOf } from './errors/catalogue.js'
import { InvalidStatementError } from './errors/errors.js'
import { type StatementHeader, validateHeader } from './jose/header.js'
import { decodeUtf8, JsonFault, type JsonFaultKind, type JsonObject, parseStrictJson } from './json/strict-json.js'
import { defaultLimits, type Limits } from './limits.js'

/** A compact JWS whose form is sound. Nothing about it is verified. */
export interface ParsedJws {
  /** The text exactly as it came. */
  readonly compact: string
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

/**
 * Parses a compact JWS without verifying it: three segments of canonical base64url, a strict JSON header that passes the
 * header rules.
 *
 * Throws `InvalidStatementError`.
 */
export function parseJws(compact: unknown, limits: Limits = defaultLimits): ParsedJws {
  if (typeof compact !== 'string') throw new InvalidStatementError('ERR_STATEMENT_NOT_TEXT', 'the statement is not a string')
  if (compact.length > limits.statementBytes) {
    throw new InvalidStatementError('ERR_STATEMENT_TOO_LARGE', `the statement has more than ${limits.statementBytes} bytes`)
  }
  const segments = compact.split('.', 6)
  if (segments.length === 5) {
    throw new InvalidStatementError('ERR_STATEMENT_ENCRYPTED', 'five segments: the statement is encrypted (JWE)')
  }
  const [header, payload, signature] = segments
  if (segments.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    throw new InvalidStatementError('ERR_STATEMENT_SEGMENTS', 'the statement does not have three segments')
  }
  const [headerBytes, payloadBytes, signatureBytes] = codec.decodeBase64url(header, payload, signature)
  return {
    compact,
    header: validateHeader(parseObject(canonical(headerBytes, 'header'), 'header', limits), limits),
    payload: canonical(payloadBytes, 'payload'),
    signature: canonical(signatureBytes, 'signature'),
    signingInput: codec.encodeAscii(compact.slice(0, header.length + 1 + payload.length)),
  }
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
export function parseStatement(statement: unknown, limits: Limits = defaultLimits): ParsedStatement {
  const jws = parseJws(statement, limits)
  const claims = parseObject(jws.payload, 'payload', limits)
  return { ...jws, claims } as ParsedStatement // the one place where the mark of a parsed statement is given
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
