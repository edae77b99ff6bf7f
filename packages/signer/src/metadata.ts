import {
  InvalidMetadataError,
  InvalidStatementError,
  isPlainObject,
  JsonFault,
  type JsonObject,
  type Limits,
  type MetadataIssue,
  parseStrictJson,
  refuseForbiddenClaims,
  roleOfClaim,
  toAscii,
} from '@software-statement/core'
import { copyPlain } from './plain-json.js'

/** Metadata as it was submitted. */
export interface SubmittedMetadata {
  /** The members that can be read: plain data that nobody else can change. */
  readonly metadata: JsonObject
  /** Why the others cannot. */
  readonly issues: readonly MetadataIssue[]
}

/**
 * Reads submitted metadata, each member as strict JSON. A member whose value is `undefined` is absent; any other value that JSON
 * cannot hold is an issue, because it would get lost or changed on its way into the statement.
 *
 * Throws `InvalidMetadataError` if it has no members to read.
 */
export function readMetadata(metadata: unknown, limits: Limits): SubmittedMetadata {
  const source = openMetadata(metadata)
  const members: [string, unknown][] = []
  const issues: MetadataIssue[] = []
  for (const member of source.names) {
    const reading = readMember(source.object, member, limits)
    if (reading.issue !== undefined) issues.push(reading.issue)
    else if (reading.value !== undefined) members.push([member, reading.value])
  }
  const read = Object.fromEntries(members)
  try {
    // Once more as a whole: some limits are about all members together.
    parseStrictJson(JSON.stringify(read), limits)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    issues.push({ code: 'ERR_METADATA_VALUE', message: `the metadata: ${cause.message}` })
  }
  return { metadata: read, issues }
}

function openMetadata(metadata: unknown) {
  try {
    if (isPlainObject(metadata) && Object.getOwnPropertySymbols(metadata).length === 0) {
      return { object: metadata, names: Object.keys(metadata) }
    }
  } catch (cause) {
    throw unreadable('the metadata cannot be read', cause)
  }
  throw unreadable('the metadata is not a plain object with texts for names')
}

function readMember(
  metadata: Readonly<Record<string, unknown>>,
  member: string,
  limits: Limits,
): { readonly value?: unknown; readonly issue?: MetadataIssue } {
  const refuse = (code: MetadataIssue['code'], fault: string) => ({
    issue: { code, member, message: `${toAscii(member)}: ${fault}` },
  })
  const copy = copyPlain(() => metadata[member], limits.depth)
  if (copy.fault !== undefined) return refuse(copy.code, copy.fault)
  if (copy.value === undefined) return {}
  try {
    return { value: parseStrictJson(JSON.stringify(Object.fromEntries([[member, copy.value]])), limits)[member] }
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    return refuse('ERR_METADATA_VALUE', cause.message)
  }
}

/** Unknown members of submitted metadata that nobody has allowed, and what together looks like another kind of token. */
export function checkNames(metadata: JsonObject, mayBeUnknown: (name: string) => boolean): readonly MetadataIssue[] {
  const unknown = Object.keys(metadata).filter((name) => roleOfClaim(name) === 'unknown' && !mayBeUnknown(name))
  return [
    ...unknown.map((member): MetadataIssue => {
      return { code: 'ERR_METADATA_UNKNOWN', member, message: `${toAscii(member)} is not client metadata that is known here` }
    }),
    ...checkShape(metadata),
  ]
}

function checkShape(metadata: JsonObject): readonly MetadataIssue[] {
  try {
    refuseForbiddenClaims(metadata)
    return []
  } catch (error) {
    if (!(error instanceof InvalidStatementError)) throw error
    // Members that no statement may have are told of one by one elsewhere.
    return error.code === 'ERR_CLAIMS_OTHER' ? [{ code: 'ERR_METADATA_UNKNOWN', message: error.message }] : []
  }
}

function unreadable(message: string, cause?: unknown) {
  return new InvalidMetadataError([{ code: 'ERR_METADATA_TYPE', message }], { cause })
}
