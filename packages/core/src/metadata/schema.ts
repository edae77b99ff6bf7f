import * as z from 'zod'
import { roleOfClaim } from '../claim-role.js'
import type { MetadataIssue } from '../errors/errors.js'
import type { JsonObject } from '../json/strict-json.js'
import { defaultLimits, type Limits } from '../limits.js'
import { canonicalTag, isLanguageTag, splitLanguageTag } from './language-tag.js'
import { type ClientMetadata, describeMember, knownMembers, type MemberKind } from './registry.js'
import { toAscii } from './text.js'

const kinds: Readonly<Record<MemberKind, z.ZodType>> = {
  string: z.string(),
  'string[]': z.array(z.string()),
  boolean: z.boolean(),
  integer: z.int().min(0),
  object: z.record(z.string(), z.unknown()),
}

const isText = (value: unknown) => typeof value === 'string'

/** Whether a value is beyond doubt of a kind. zod says the same, in ten times the time: it is for all others, and to explain. */
const isPlainly: Readonly<Record<MemberKind, (value: unknown) => boolean>> = {
  string: isText,
  'string[]': (value) => Array.isArray(value) && value.every(isText),
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  object: () => false,
}

const strictMembers = new Map([...knownMembers].map(([name, { kind }]) => [name, kinds[kind]]))

/** What real ecosystems send beside the specified types: directories print `software_version` as a number. */
const lenientMembers = new Map(strictMembers).set('software_version', z.union([z.string(), z.number().transform(String)]))

const toObject = (members: ReadonlyMap<string, z.ZodType>) =>
  z.looseObject(Object.fromEntries([...members].map(([name, schema]) => [name, schema.optional()])))

/**
 * The zod schema of client metadata: every registered and well-known member with its JSON type (RFC 7591 2 and the IANA
 * registry). Other members pass through; URI, text and cross-member rules are those of `validateClientMetadata`.
 */
export const clientMetadataSchema: z.ZodType<ClientMetadata> = z.lazy(() => toObject(strictMembers))

/** Client metadata by what is known of its members. */
export interface SortedMetadata {
  /** Known members with the specified types, language-tagged forms among them. */
  readonly known: ClientMetadata
  /** Members nobody knows, as they came. */
  readonly unknown: JsonObject
  /** Names of members that only a server gives: never taken from a request. */
  readonly responseOnly: readonly string[]
  readonly issues: readonly MetadataIssue[]
}

/**
 * Sorts client metadata into known, unknown and response-only members and checks JSON types and language tags. `lenient`
 * takes what real ecosystems send and converts it to the specified type; `strict` is for what we issue.
 */
export function sortMetadata(
  metadata: JsonObject,
  mode: 'lenient' | 'strict' = 'lenient',
  limits: Limits = defaultLimits,
): SortedMetadata {
  const schemas = mode === 'lenient' ? lenientMembers : strictMembers
  // Begun as a copy: built member by member, an object of this size becomes a hash table, slow to make, to read and to copy.
  const known: Record<string, unknown> = { ...metadata }
  const unknown: string[] = []
  const responseOnly: string[] = []
  const issues: MetadataIssue[] = []
  const tagged: string[] = []

  for (const name of Object.keys(metadata)) {
    const description = describeMember(name)
    if (description === undefined) unknown.push(name)
    else if (description.responseOnly) responseOnly.push(name)
    else {
      const value = metadata[name]
      const parsed = parseMember(name, value, description.kind, schemas, issues)
      if (parsed !== value) known[name] = parsed
      if (description.tagged && name.includes('#')) tagged.push(name)
    }
  }
  for (const name of tagged) if (!hasLanguageTag(name)) issues.push(tagIssue(name, 'is not a well-formed language tag'))
  if (tagged.length > 1) issues.push(...findTagCollisions(tagged, limits))
  const others = new Set([...unknown, ...responseOnly])
  return {
    known: others.size === 0 ? known : Object.fromEntries(Object.entries(known).filter(([name]) => !others.has(name))),
    unknown: Object.fromEntries(unknown.map((name) => [name, metadata[name]])),
    responseOnly,
    issues,
  }
}

/**
 * Whether all members are beyond doubt of a client: no claims of a JWT, nothing that only a server gives, types as specified,
 * language-tagged forms few and no two of them the same in lower case.
 */
export function arePlainlySound(names: readonly string[], metadata: JsonObject, limits: Limits = defaultLimits): boolean {
  const tagged = new Set<string>()
  let forms = 0
  for (const name of names) {
    const value = metadata[name]
    const description = describeMember(name)
    if (description === undefined ? roleOfClaim(name) !== 'unknown' : description.responseOnly) return false
    if (value === undefined || description === undefined) continue
    if (!isPlainly[description.kind](value)) return false
    if (!description.tagged || !name.includes('#')) continue
    if (!hasLanguageTag(name)) return false
    tagged.add(canonicalTag(name))
    forms++
  }
  return forms === tagged.size && forms <= limits.languageTags
}

function hasLanguageTag(name: string): boolean {
  return isLanguageTag(name.slice(name.indexOf('#') + 1))
}

/** A value with its specified type, or as it came where an issue tells why not. Arrays are copies: nobody else changes them. */
function parseMember(
  name: string,
  value: unknown,
  kind: MemberKind,
  schemas: ReadonlyMap<string, z.ZodType>,
  issues: MetadataIssue[],
): unknown {
  if (value === undefined || isPlainly[kind](value)) return Array.isArray(value) ? [...value] : value
  const { success, data, error } = schemas.get(splitLanguageTag(name).base)?.safeParse(value) ?? {}
  for (const { path, message } of error?.issues ?? []) issues.push(typeIssue(name, path.map(toPathItem), message))
  return success === true ? data : value
}

/** Tags are case-insensitive: `client_name#EN` and `client_name#en` are one member. */
function findTagCollisions(tagged: readonly string[], limits: Limits): MetadataIssue[] {
  const issues: MetadataIssue[] = []
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  for (const name of tagged) {
    const { base, tag = '' } = splitLanguageTag(name)
    const canonical = `${base}#${canonicalTag(tag)}`
    if (seen.has(canonical)) issues.push(tagIssue(name, 'stands there twice, spelled differently'))
    seen.add(canonical)
    const count = (counts.get(base) ?? 0) + 1
    counts.set(base, count)
    if (count === limits.languageTags + 1)
      issues.push(tagIssue(base, `has more than ${limits.languageTags} language-tagged forms`))
  }
  return issues
}

const toPathItem = (item: PropertyKey) => (typeof item === 'number' ? item : String(item))

function typeIssue(member: string, path: readonly (string | number)[], message: string): MetadataIssue {
  const place = [toAscii(member), ...path.map((item) => `[${toAscii(String(item))}]`)].join('')
  return { code: 'ERR_METADATA_TYPE', member, ...(path.length > 0 ? { path } : {}), message: `${place}: ${message}` }
}

function tagIssue(member: string, fault: string): MetadataIssue {
  return { code: 'ERR_LANGUAGE_TAG', member, message: `${toAscii(member)} ${fault}` }
}
