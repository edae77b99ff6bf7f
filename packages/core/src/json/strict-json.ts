import { codec } from '#codec'
import type { Limits } from '../limits.js'
import { bytesOf } from './bytes.js'
import { isForbiddenName } from './forbidden-names.js'
import { copyPlainObject } from './plain-copy.js'

/** A JSON object as it came from outside: any member may be there, any value may stand in it. */
export type JsonObject = { readonly [member: string]: unknown }

/** What strict parsing can find wrong; each kind has one error code for statements and one for requests. */
export type JsonFaultKind = 'syntax' | 'utf8' | 'duplicate' | 'name' | 'value' | 'limit'

/** A fault in a JSON document. Thrown to the parser's callers in this package only, who turn it into a `StatementError`. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'

  constructor(
    readonly kind: JsonFaultKind,
    message: string,
  ) {
    super(message)
  }
}

/** The number members of a JWK (RFC 7518 6): longer than any text in client metadata. */
const jwkNumberNames: ReadonlySet<string> = new Set(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'x', 'y', 'k'])

const suspiciousBeyondAscii = /[\u007f-\u009f\ud800-\udfff]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/

/**
 * Decodes UTF-8 strictly: no replacement characters, no swallowed byte order mark.
 *
 * Throws `JsonFault` of kind `utf8`.
 */
export function decodeUtf8(bytes: Uint8Array | ArrayBuffer): string {
  const view = bytesOf(bytes)
  const text = view && codec.decodeUtf8(view)
  if (text === undefined) throw new JsonFault('utf8', 'not valid UTF-8')
  return text
}

const none: ReadonlySet<string> = new Set([])

/** Members of a trust file that may hold PEM, which has line breaks. */
export const pemMembers: ReadonlySet<string> = new Set(['anchors', 'intermediates', 'crls'])

/**
 * Parses a JSON document whose outermost value is an object, refusing what parsers disagree about: duplicate member names
 * at any depth, names that reach prototypes, lone surrogates and control characters in texts, numbers beyond exact range,
 * and structures beyond the limits.
 *
 * `JSON.parse` does the grammar. It keeps the last of several equal names, so there were duplicates exactly if the document
 * has more names than the parsed value: one scan of the text counts the former, the walk over the value the latter.
 *
 * Texts of `multilineMembers`, and in arrays there, may have line breaks, as PEM has.
 *
 * Throws `JsonFault`.
 */
export function parseStrictJson(
  text: string,
  limits: Limits,
  { multilineMembers = none }: { readonly multilineMembers?: ReadonlySet<string> } = {},
): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new JsonFault('syntax', 'not a JSON document')
  }
  const walk = new Walk(limits, isSuspicious(text), multilineMembers)
  const object = walk.outermost(value)
  if (walk.members !== countNames(text)) throw new JsonFault('duplicate', 'duplicate member name')
  return object
}

/**
 * Copies an object that somebody has parsed, by the same rules; duplicate members have been lost before. `undefined` for what is not
 * plainly what `JSON.parse` makes or may be too large as text: that has to be written first.
 *
 * Throws `JsonFault`.
 */
export function copyStrictJson(value: unknown, limits: Limits): JsonObject | undefined {
  const copied = copyPlainObject(value, limits.requestBytes)
  return copied && new Walk(limits, true, none).outermost(copied)
}

/** Whether a text in a document may hold a control character or a lone surrogate: if not, none has to be looked at. */
function isSuspicious(text: string): boolean {
  if (text.includes('\\')) return true
  return codec.isAscii(text) ? text.includes('\u007f') : suspiciousBeyondAscii.test(text)
}

/** Counts the member names in a valid JSON document: the colons outside its texts. */
function countNames(text: string): number {
  const escapes = text.includes('\\')
  let names = 0
  let at = 0
  for (;;) {
    const start = text.indexOf('"', at)
    const between = start === -1 ? text.length : start
    for (; at < between; at++) if (text.charCodeAt(at) === 0x3a) names++
    if (start === -1) return names
    let end = text.indexOf('"', start + 1)
    while (escapes && isEscaped(text, end)) end = text.indexOf('"', end + 1)
    at = end + 1
  }
}

/** Whether the quote at `at` is preceded by an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++
  return backslashes % 2 === 1
}

/** One walk over a parsed document, counting against the limits. */
class Walk {
  members = 0
  #items = 0
  readonly #limits: Limits
  readonly #suspicious: boolean
  readonly #multilineMembers: ReadonlySet<string>

  constructor(limits: Limits, suspicious: boolean, multilineMembers: ReadonlySet<string>) {
    this.#limits = limits
    this.#suspicious = suspicious
    this.#multilineMembers = multilineMembers
  }

  outermost(value: unknown): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new JsonFault('syntax', 'the outermost JSON value is not an object')
    }
    const object = value as JsonObject // neither an array nor null
    this.#object(object, 1)
    return object
  }

  #object(object: JsonObject, depth: number): void {
    this.#checkDepth(depth)
    for (const name of Object.keys(object)) {
      if (++this.members > this.#limits.members) throw new JsonFault('limit', `more than ${this.#limits.members} members`)
      if (isForbiddenName(name)) throw new JsonFault('name', `forbidden member name ${name}`)
      this.#text(name, this.#limits.stringBytes)
      this.#value(object[name], depth, name)
    }
  }

  #array(array: readonly unknown[], depth: number, name: string): void {
    this.#checkDepth(depth)
    this.#items += array.length
    if (this.#items > this.#limits.items) throw new JsonFault('limit', `more than ${this.#limits.items} array items`)
    for (const item of array) this.#value(item, depth, name)
  }

  #value(value: unknown, depth: number, name: string): void {
    if (typeof value === 'string') this.#text(value, this.#limits.stringBytes, name)
    else if (typeof value === 'number') {
      if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new JsonFault('value', 'a number is beyond exact range')
    } else if (Array.isArray(value)) this.#array(value, depth + 1, name)
    else if (typeof value === 'object' && value !== null) this.#object(value as JsonObject, depth + 1) // neither an array nor null
  }

  #checkDepth(depth: number): void {
    if (depth > this.#limits.depth) throw new JsonFault('limit', `nested deeper than ${this.#limits.depth} levels`)
  }

  #text(text: string, limit: number, name?: string): void {
    // One UTF-16 unit is at most three bytes of UTF-8: most texts need no counting.
    if (text.length * 3 > limit) {
      const bytes = utf8Length(text)
      if (bytes > limit && name === undefined) throw new JsonFault('limit', 'a member name is too long')
      if (bytes > limit && name !== undefined && bytes > this.#limitFor(name)) throw new JsonFault('limit', 'a text is too long')
    }
    if (!this.#suspicious) return
    const isMultiline = name !== undefined && this.#multilineMembers.has(name)
    if (controlCharacter.test(isMultiline ? text.replaceAll(/[\r\n]/g, '') : text))
      throw new JsonFault('value', 'a text holds a control character')
    if (!text.isWellFormed()) throw new JsonFault('value', 'a text holds a lone surrogate')
  }

  /** Certificates and numbers of keys are longer than any other text; a statement is measured when it is parsed. */
  #limitFor(name: string): number {
    if (name === 'software_statement') return Number.POSITIVE_INFINITY
    if (name === 'x5c' || jwkNumberNames.has(name)) return this.#limits.keyStringBytes
    return this.#limits.stringBytes
  }
}

/** The length of a text in bytes of UTF-8. */
export function utf8Length(text: string): number {
  return codec.utf8Length(text)
}
