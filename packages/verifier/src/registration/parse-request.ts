import {
  bytesOf,
  copyStrictJson,
  decodeUtf8,
  defaultLimits,
  type ErrorCodeOf,
  InvalidMetadataError,
  InvalidStatementError,
  isPlainObject,
  JsonFault,
  type JsonFaultKind,
  type JsonObject,
  type Limits,
  parseStrictJson,
  utf8Length,
} from '@software-statement/core'
import type { Checklist } from '../checks.js'

/** A registration request: text or bytes as they came, or an object that somebody has parsed. */
export type RegistrationInput = string | Uint8Array | ArrayBuffer | JsonObject

/** A registration request whose form is sound (RFC 7591 3.1). */
export interface RegistrationRequest {
  /** Every member but the statement. */
  readonly members: JsonObject
  /** The statement as it came, of whatever type. */
  readonly statement: unknown
}

const requestCodes: Readonly<Record<JsonFaultKind, ErrorCodeOf<'InvalidMetadataError'>>> = {
  syntax: 'ERR_REQUEST_JSON',
  utf8: 'ERR_REQUEST_UTF8',
  duplicate: 'ERR_REQUEST_DUPLICATE_MEMBER',
  name: 'ERR_REQUEST_FORBIDDEN_NAME',
  value: 'ERR_REQUEST_VALUE',
  limit: 'ERR_REQUEST_LIMIT',
}

/**
 * Parses a registration request with the strict JSON rules (RFC 7591 3.1), and parts the statement from the other members: for those
 * who have to look at a request before it is decided on.
 *
 * Throws `InvalidMetadataError`.
 *
 * @example
 * ```ts
 * parseRegistrationRequest('{"client_name":"Mail"}').members // { client_name: 'Mail' }
 * ```
 */
export function parseRegistrationRequest(input: RegistrationInput, limits: Limits = defaultLimits): RegistrationRequest {
  if (typeof input === 'string') return parseText(input, limits)
  const bytes = isBytes(input) ? bytesOf(input) : undefined
  if (bytes !== undefined) return parseText(decode(bytes, limits), limits)
  return copyObject(input, limits) ?? parseText(writeObject(input), limits)
}

/** What is plainly JSON is copied: that is what comes of its text. */
function copyObject(input: unknown, limits: Limits): RegistrationRequest | undefined {
  return asRequestFault(() => {
    const copied = copyStrictJson(input, limits)
    return copied && splitRequest(copied)
  })
}

function splitRequest({ software_statement: statement, ...members }: JsonObject): RegistrationRequest {
  return { members, statement }
}

/** Whether a request came as bytes. Nothing that somebody has made to throw when it is looked at is bytes. */
export function isBytes(input: RegistrationInput): input is Uint8Array | ArrayBuffer {
  try {
    return bytesOf(input) !== undefined
  } catch {
    return false
  }
}

function parseText(text: string, limits: Limits): RegistrationRequest {
  if (text.length > limits.requestBytes || (text.length * 3 > limits.requestBytes && utf8Length(text) > limits.requestBytes)) {
    throw tooLarge(limits)
  }
  return asRequestFault(() => splitRequest(parseStrictJson(text, limits)))
}

function decode(bytes: Uint8Array, limits: Limits): string {
  if (bytes.length > limits.requestBytes) throw tooLarge(limits)
  return asRequestFault(() => decodeUtf8(bytes))
}

/**
 * An object goes through its text: what comes back is plain data that nobody else can change. A `Request`, a promise or a map has no
 * members of its own: its text would be that of an empty request.
 */
function writeObject(input: unknown): string {
  let text: string | undefined
  try {
    text = isPlainObject(input) ? JSON.stringify(input) : undefined
  } catch (cause) {
    throw requestFault('ERR_REQUEST_JSON', 'the request cannot be written as JSON', cause)
  }
  if (text === undefined) throw requestFault('ERR_REQUEST_JSON', 'the request is not text, bytes or a plain object')
  return text
}

function asRequestFault<Result>(parse: () => Result): Result {
  try {
    return parse()
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw requestFault(requestCodes[cause.kind], `the request: ${cause.message}`, cause)
  }
}

function tooLarge(limits: Limits) {
  return requestFault('ERR_REQUEST_TOO_LARGE', `the request has more than ${limits.requestBytes} bytes`)
}

function requestFault(code: ErrorCodeOf<'InvalidMetadataError'>, message: string, cause?: unknown) {
  return new InvalidMetadataError([{ code, message }], { cause })
}

/**
 * Whether there is a statement to verify. `required` and absent is a refusal; null is not absent.
 *
 * Throws `InvalidStatementError` with `ERR_STATEMENT_MISSING`.
 */
export function hasStatement({ statement }: RegistrationRequest, mode: 'required' | 'optional', checks: Checklist): boolean {
  if (statement !== undefined) return true
  if (mode === 'optional') return false
  return checks.run('form', () => {
    throw new InvalidStatementError('ERR_STATEMENT_MISSING', 'the request has no software_statement', {
      member: 'software_statement',
    })
  })
}
