import { defaultLimits } from '../limits.js'
import { bytesOf } from './bytes.js'
import { decodeUtf8, JsonFault, type JsonObject, parseStrictJson } from './strict-json.js'

export interface ConfigurationForm {
  /** How long a text may be, in bytes of UTF-8. */
  readonly stringBytes: number
  /** Members that may hold text of several lines. */
  readonly multilineMembers?: ReadonlySet<string>
}

/**
 * Reads a configuration, text or bytes, as strict JSON: it is the operator's own, larger than a request, but as strict.
 *
 * Throws `TypeError`, which begins with the name that is given.
 */
export function parseConfigurationJson(text: unknown, name: string, { stringBytes, ...form }: ConfigurationForm): JsonObject {
  try {
    const bytes = bytesOf(text)
    const decoded = bytes === undefined ? text : decodeUtf8(bytes)
    if (typeof decoded !== 'string') throw new TypeError(`${name} must be text or bytes`)
    return parseStrictJson(decoded, { ...defaultLimits, members: 100_000, items: 100_000, depth: 16, stringBytes }, form)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw new TypeError(`${name}: ${cause.message}`, { cause })
  }
}
