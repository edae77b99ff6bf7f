import {
  InvalidMetadataError,
  InvalidStatementError,
  JsonFault,
  type JsonObject,
  type Limits,
  type MetadataIssue,
  parseStrictJson,
  refuseForbiddenClaims,
  roleOfClaim,
  toAscii,
} from '@software-statement/core'

/**
 * Reads submitted metadata as strict JSON: what comes back is plain data that nobody else can change, without names that reach
 * prototypes.
 *
 * Throws `InvalidMetadataError`.
 */
export function readMetadata(metadata: unknown, limits: Limits): JsonObject {
  const text = writeJson(metadata)
  if (text === undefined) throw unreadable('ERR_METADATA_TYPE', 'the metadata is not an object')
  try {
    return parseStrictJson(text, limits)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    const code = cause.kind === 'syntax' ? 'ERR_METADATA_TYPE' : 'ERR_METADATA_VALUE'
    throw unreadable(code, `the metadata: ${cause.message}`, cause)
  }
}

/** Members of submitted metadata that a statement must not have: the JWT's own, those only a server gives, unknown ones. */
export function checkNames(metadata: JsonObject, mayBeUnknown: (name: string) => boolean): readonly MetadataIssue[] {
  const issues = Object.keys(metadata).flatMap((member): MetadataIssue[] => {
    const fault = findNameFault(member, mayBeUnknown)
    return fault === undefined ? [] : [{ code: 'ERR_METADATA_UNKNOWN', member, message: `${toAscii(member)} ${fault}` }]
  })
  return issues.length > 0 ? issues : checkShape(metadata)
}

function findNameFault(name: string, mayBeUnknown: (name: string) => boolean): string | undefined {
  switch (roleOfClaim(name)) {
    case 'metadata':
      return undefined
    case 'jwt':
      return 'is a claim of the JWT, not client metadata: it comes from the options'
    case 'forbidden':
      return 'must not stand in a statement'
    case 'unknown':
      return mayBeUnknown(name) ? undefined : 'is not client metadata that is known here'
  }
}

/** Unknown members together must not look like another kind of token. */
function checkShape(metadata: JsonObject): readonly MetadataIssue[] {
  try {
    refuseForbiddenClaims(metadata)
    return []
  } catch (error) {
    if (!(error instanceof InvalidStatementError)) throw error
    return [{ code: 'ERR_METADATA_UNKNOWN', message: error.message }]
  }
}

function writeJson(metadata: unknown): string | undefined {
  try {
    return JSON.stringify(metadata, refuseOtherValues)
  } catch (cause) {
    throw unreadable('ERR_METADATA_TYPE', 'the metadata cannot be written as JSON', cause)
  }
}

/** `JSON.stringify` leaves out functions and turns numbers such as NaN to null: nothing submitted may get lost on the way. */
function refuseOtherValues(_name: string, value: unknown): unknown {
  const isOther =
    typeof value === 'function' || typeof value === 'symbol' || (typeof value === 'number' && !Number.isFinite(value))
  if (isOther) throw new TypeError('not a JSON value')
  return value
}

function unreadable(code: MetadataIssue['code'], message: string, cause?: unknown) {
  return new InvalidMetadataError([{ code, message }], { cause })
}
