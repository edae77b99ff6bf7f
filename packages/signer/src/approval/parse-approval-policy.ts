import {
  bytesOf,
  type CompiledMetadataPolicy,
  compileMetadataPolicy,
  decodeUtf8,
  defaultLimits,
  JsonFault,
  type JsonObject,
  type Limits,
  MetadataPolicyError,
  parseInstant,
  parseStrictJson,
  roleOfClaim,
  toAscii,
  toNumericDate,
} from '@software-statement/core'
import type * as z from 'zod'
import { readLifetime } from '../lifetime.js'
import { type ApprovalEntry, approvalFileSchema } from './schema.js'

/** What may be vouched for one `software_id`. */
export interface Approval {
  readonly approvedBy: string
  /** Seconds since the epoch. */
  readonly approvedUntil: number
  /** The members that may be vouched for, each with its policy. */
  readonly members: ReadonlyMap<string, CompiledMetadataPolicy>
  readonly redirectHosts?: readonly string[]
  /** Seconds. */
  readonly maxLifetime?: number
}

/** An approval policy that has been checked; `parseApprovalPolicy` makes one. */
export class ApprovalPolicy {
  readonly #approvals: ReadonlyMap<string, Approval>

  constructor(approvals: ReadonlyMap<string, Approval>) {
    this.#approvals = approvals
  }

  /** The approval of a software, by its exact `software_id`. */
  find(softwareId: unknown): Approval | undefined {
    return typeof softwareId === 'string' ? this.#approvals.get(softwareId) : undefined
  }
}

/** A file of its owner: larger than what strangers may send. */
const fileLimits: Limits = { ...defaultLimits, depth: 16, members: 100_000, items: 100_000 }

/**
 * Reads an approval policy file: its text or bytes, or the object that somebody has parsed from it, which has already lost duplicate
 * members. Each metadata policy is compiled; an operator that is not understood is illegal here, because ignoring it would approve more.
 *
 * Throws `TypeError` for a malformed file and says where, `MetadataPolicyError` for an illegal `metadata_policy`.
 *
 * @example
 * ```ts
 * const policy = parseApprovalPolicy({
 *   approvals: [
 *     {
 *       software_id: 'mail',
 *       approvedBy: 'security@publisher.example',
 *       approvedUntil: '2027-06-30T00:00:00Z',
 *       metadata_policy: { client_name: { one_of: ['Example Mail'] } },
 *     },
 *   ],
 * })
 * ```
 */
export function parseApprovalPolicy(file: unknown): ApprovalPolicy {
  const parsed = approvalFileSchema.safeParse(readFile(file))
  if (!parsed.success) throw malformed(parsed.error.issues.map(describeIssue).join('; '))
  const approvals = new Map<string, Approval>()
  for (const [index, entry] of parsed.data.approvals.entries()) {
    if (approvals.has(entry.software_id)) throw malformed(`approvals[${index}].software_id: is there twice`)
    approvals.set(entry.software_id, readApproval(entry, `approvals[${index}]`))
  }
  return new ApprovalPolicy(approvals)
}

function readFile(file: unknown): JsonObject {
  const bytes = bytesOf(file)
  try {
    const text = bytes === undefined ? writeText(file) : decodeUtf8(bytes)
    return parseStrictJson(text, fileLimits)
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    throw malformed(fault.message)
  }
}

function writeText(file: unknown): string {
  if (typeof file === 'string') return file
  const text = serialize(file)
  if (text === undefined) throw malformed('not a JSON document')
  return text
}

/** What JSON has no form for, such as a circle or a `bigint`, is not a document either. */
function serialize(file: unknown): string | undefined {
  try {
    return JSON.stringify(file)
  } catch {
    return undefined
  }
}

function readApproval(entry: ApprovalEntry, place: string): Approval {
  const { approvedBy, redirectHosts, maxLifetime } = entry
  return {
    approvedBy,
    approvedUntil: toNumericDate(parseInstant(entry.approvedUntil)),
    members: compileMembers(entry, place),
    ...(redirectHosts === undefined ? {} : { redirectHosts }),
    ...(maxLifetime === undefined ? {} : { maxLifetime: readLifetime(maxLifetime) }),
  }
}

/** One policy for each member: they are independent (OpenID Federation 1.0, 6.1.1), and so every fault can be told at once. */
function compileMembers(entry: ApprovalEntry, place: string): ReadonlyMap<string, CompiledMetadataPolicy> {
  const members = new Map<string, CompiledMetadataPolicy>()
  for (const [member, operators] of Object.entries(entry.metadata_policy)) {
    const role = roleOfClaim(member)
    if (role === 'jwt' || role === 'forbidden') {
      throw malformed(`${place}.metadata_policy.${toAscii(member)}: no policy can vouch for this member`)
    }
    const crit = [...(entry.metadata_policy_crit ?? []), ...Object.keys(operators)]
    try {
      members.set(member, compileMetadataPolicy({ [member]: operators }, { crit }))
    } catch (error) {
      if (!(error instanceof MetadataPolicyError)) throw error
      const message = `approval policy: ${place}: ${error.message}`
      throw new MetadataPolicyError(error.code, message, { member, cause: error })
    }
  }
  return members
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${toAscii(String(step))}`)).join('')
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`
}

function malformed(fault: string) {
  return new TypeError(`approval policy: ${fault}`)
}
