import { decodeUtf8, defaultLimits, JsonFault, type JsonObject, parseStrictJson, pemMembers } from '@software-statement/core'
import { UsageError } from '../usage-error.js'
import type { Input } from './read-file.js'

/** Files are the user's own: longer than a request, and as strict. */
const limits = { ...defaultLimits, stringBytes: 64 * 1024, keyStringBytes: 64 * 1024, members: 10_000, items: 10_000, depth: 16 }

/** Reads UTF-8 text. Throws `UsageError`. */
export function readText({ bytes, name }: Input): string {
  return asUsage(name, () => decodeUtf8(bytes))
}

/** Reads a strict JSON object. Throws `UsageError`. */
export function readJson({ bytes, name }: Input): JsonObject {
  return asUsage(name, () => parseStrictJson(decodeUtf8(bytes), limits))
}

/** Reads a trust file as strict JSON, which may hold certificates in PEM. Throws `UsageError`. */
export function readTrustJson({ bytes, name }: Input): JsonObject {
  const forLists = { ...limits, stringBytes: 1_048_576, members: 100_000, items: 100_000 }
  return asUsage(name, () => parseStrictJson(decodeUtf8(bytes), forLists, { multilineMembers: pemMembers }))
}

function asUsage<Result>(name: string, read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw new UsageError(`${name}: ${cause.message}`, { cause })
  }
}
