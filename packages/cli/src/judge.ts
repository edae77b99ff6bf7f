import {
  type Check,
  decodeUtf8,
  defaultLimits,
  errorAnswer,
  JsonFault,
  type JsonObject,
  parseStrictJson,
  StatementError,
} from '@software-statement/core'
import {
  createDecider,
  type IgnoredMember,
  type MemberProvenance,
  type RegistrationDecision,
  type TrustConfiguration,
  type TrustedCertificate,
  type VerifyingKey,
  verifySoftwareStatement,
} from '@software-statement/verifier'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { UsageError } from './usage-error.js'

/** What a verification came to, for people and programs. */
export type Verdict =
  | {
      readonly approved: true
      readonly metadata: JsonObject
      readonly provenance: { readonly [member: string]: MemberProvenance }
      /** What was sent with the request, or vouched for, and would not be registered. */
      readonly ignored: readonly IgnoredMember[]
      readonly statement: { readonly header: JsonObject; readonly claims: JsonObject }
      readonly key: VerifyingKey
      /** Where trust in the issuer rests on certificates. */
      readonly certificatePath?: readonly TrustedCertificate[]
      readonly checks: readonly Check[]
    }
  | {
      readonly approved: false
      readonly error: string
      readonly error_description: string
      readonly code: string
      readonly checks: readonly Check[]
      readonly cause: StatementError
    }

export interface Circumstances {
  readonly audience: string | undefined
  readonly currentDate: Date
}

/** Verifies a statement on its own: nothing is merged, the metadata is what is vouched for. */
export async function judgeStatement(
  statement: string,
  { trust, options: { unknownMembers } }: TrustConfiguration,
  circumstances: Circumstances,
): Promise<Verdict> {
  try {
    const verified = await verifySoftwareStatement(statement, trust, { ...toOptions(circumstances), checkAll: true })
    const { header, claims, key, checks, certificatePath } = verified
    const unknown = verified.unknownMembers.map((member) => [member, claims[member]] as const)
    const metadata = { ...verified.metadata, ...(unknownMembers === 'keep' ? Object.fromEntries(unknown) : {}) }
    const ignored = unknown
      .filter(([member]) => !Object.hasOwn(metadata, member))
      .map(([member]): IgnoredMember => ({ member, source: 'statement', reason: 'unknown' }))
    const vouched: MemberProvenance = { source: 'statement', rule: 'override' }
    const provenance = Object.fromEntries(Object.keys(metadata).map((member) => [member, vouched]))
    const path = certificatePath && { certificatePath: certificatePath.map(summarize) }
    return { approved: true, metadata, provenance, ignored, statement: { header, claims }, key, ...path, checks }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    const { error: name, error_description } = errorAnswer(error)
    return { approved: false, error: name, error_description, code: error.code, checks: error.checks ?? [], cause: error }
  }
}

/** Decides on a registration request with a statement. Uses of statements are not remembered. */
export async function judgeRequest(
  request: Uint8Array,
  statement: string,
  { trust, options }: TrustConfiguration,
  circumstances: Circumstances,
): Promise<Verdict> {
  const { currentDate, ...demands } = toOptions(circumstances)
  const decide = createDecider(trust, { ...options, ...demands, seen: 'consumed-by-caller', checkAll: true })
  return toVerdict(await decide(insertStatement(request, statement), { currentDate }))
}

function toVerdict(decision: RegistrationDecision): Verdict {
  if (!decision.approved) {
    const { error, error_description, code, checks, cause } = decision
    return { approved: false, error, error_description, code, checks, cause }
  }
  const { metadata, provenance, ignored, statement, checks } = decision
  if (statement === undefined) throw new UsageError('the decision rests on no statement')
  const { header, claims, key, certificatePath } = statement
  const path = certificatePath && { certificatePath: certificatePath.map(summarize) }
  return { approved: true, metadata, provenance, ignored, statement: { header, claims }, key, ...path, checks }
}

/** What there is to show of a certificate: not its bytes. */
function summarize({
  subject,
  issuer,
  serialNumber,
  notBefore,
  notAfter,
  revocationChecked,
  reasons,
}: TrustedCertificate): TrustedCertificate {
  return { subject, issuer, serialNumber, notBefore, notAfter, revocationChecked, ...(reasons && { reasons }) }
}

/** 0 accepted, 1 refused, 3 could not find out. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  if (verdict.approved) return exitCodes.accepted
  return verdict.error === 'temporarily_unavailable' ? exitCodes.unknown : exitCodes.refused
}

function toOptions({ audience, currentDate }: Circumstances) {
  return { currentDate, ...(audience === undefined ? {} : { audience }) }
}

/**
 * Puts the statement into a request that has none, as text: what is odd about the request has to reach the decision. A request
 * that cannot be parsed goes there as it is.
 *
 * Throws `UsageError` if the request has another statement.
 */
function insertStatement(request: Uint8Array, statement: string): Uint8Array | string {
  let text: string
  let members: JsonObject
  try {
    text = decodeUtf8(request)
    members = parseStrictJson(text, defaultLimits)
  } catch (error) {
    if (error instanceof JsonFault) return request
    throw error
  }
  if (members.software_statement === statement) return text
  if (members.software_statement !== undefined)
    throw new UsageError('the request has another software_statement than the one given')
  const rest = text.slice(text.indexOf('{') + 1)
  const comma = Object.keys(members).length === 0 ? '' : ','
  return `{"software_statement":${JSON.stringify(statement)}${comma}${rest}`
}
