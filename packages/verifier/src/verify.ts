import {
  type Check,
  type ClientMetadata,
  freezeJson,
  type JsonObject,
  type Limits,
  recordChecks,
  StatementError,
  type StatementHeader,
  toNumericDate,
} from '@software-statement/core'
import type { KnownStatement, StatementCache } from './cache/statement-cache.js'
import { Checklist } from './checks.js'
import type { StatusCheck } from './claims/check-status.js'
import { validateOptions, validateTrust, verifyOptions } from './options.js'
import { type ReplayMark, replayMarkOf } from './replay/replay-mark.js'
import { parseDemands, type StatementDemands } from './rules.js'
import {
  type ApprovedStatement,
  checkApproval,
  checkClaims,
  checkSignature,
  type Examination,
  examineRest,
  findIssuer,
  parseForm,
  refuseOtherKind,
  type TrustedStatement,
  type VerifyingKey,
} from './stages.js'
import type { TrustedCertificate, TrustResolver } from './trust/trust-resolver.js'

export interface VerifyOptions extends StatementDemands {
  /** The time to verify at; default: now. Read once. */
  readonly currentDate?: Date
  /** Asked last, of statements that are sound. */
  readonly status?: StatusCheck
  /** For auditors: run independent checks past the first failure. The failure stays one, its `checks` say more. */
  readonly checkAll?: boolean
  /** Remembers approved statements, so that a repeated one is not parsed and its signature not verified again. */
  readonly cache?: StatementCache
}

/** A statement that is sound, trusted and wanted. */
export interface VerifiedStatement {
  /** The `iss`, as configured. */
  readonly issuer: string
  readonly header: StatementHeader
  /** All claims as signed. */
  readonly claims: JsonObject
  /** The vouched metadata that is known, with its specified types. Only a registration decision merges it with a request. */
  readonly metadata: ClientMetadata
  /** Vouched members nobody knows. */
  readonly unknownMembers: readonly string[]
  /** The key that verified. */
  readonly key: VerifyingKey
  /** The certificates that trust in the issuer rests on, from the leaf to the anchor, where it rests on certificates. */
  readonly certificatePath?: readonly TrustedCertificate[]
  /** For issuers that limit how often a statement may be used: the mark the caller consumes when it admits the client. */
  readonly replay?: ReplayMark
  readonly checks: readonly Check[]
}

/**
 * Verifies one software statement: form, issuer, key and signature, claims, approval. Merging its metadata into a request
 * and consuming its one use are `decideRegistration`'s.
 *
 * Throws `InvalidStatementError`, `UnapprovedStatementError`, `TrustUnavailableError`, each with the `checks` that led to
 * it; `TypeError` for malformed options.
 *
 * @example
 * ```ts
 * const { claims, metadata, issuer } = await verifySoftwareStatement(statement, trust, { audience: 'https://as.example' })
 * ```
 */
export async function verifySoftwareStatement(
  statement: string,
  trust: TrustResolver,
  options: VerifyOptions = {},
): Promise<VerifiedStatement> {
  validateTrust(trust)
  validateOptions(options, verifyOptions)
  const checks = new Checklist('statement')
  const examination: Examination = {
    ...options,
    demands: parseDemands(options),
    now: toNumericDate(options.currentDate ?? new Date()),
    checks,
  }
  try {
    const approved = await examineStatement(statement, trust, examination)
    const { statement: parsed, issuer, key, metadata, unknown } = approved
    const replay = replayMarkOf(approved)
    return {
      issuer: issuer.issuer,
      header: parsed.header,
      claims: parsed.claims,
      metadata,
      unknownMembers: Object.keys(unknown),
      key,
      ...(issuer.certificatePath === undefined ? {} : { certificatePath: issuer.certificatePath }),
      ...(replay === undefined ? {} : { replay }),
      checks: checks.list(),
    }
  } catch (error) {
    if (error instanceof StatementError) recordChecks(error, checks.list())
    throw error
  }
}

/** The procedure of verification, in its order; the first stage that fails wins. */
export async function examineStatement(
  statement: unknown,
  trust: TrustResolver,
  examination: Examination,
): Promise<ApprovedStatement> {
  const { cache, headers, demands, checks, checkAll } = examination
  const known = await passOver(() => cache?.find(statement, demands.limits))
  const parsed = parseForm(statement, known, examination)
  let trusted: TrustedStatement | undefined
  try {
    refuseOtherKind(parsed, checks)
    trusted = await findIssuer(parsed, known, trust, examination)
    const signed = await checkSignature(trusted, examination)
    const sound = checkClaims(signed, examination)
    const approved = await checkApproval(sound, examination)
    if (approved.known === undefined) {
      headers?.remember(approved.statement)
      await passOver(() => cache?.remember(toKnown(approved, demands.limits)))
    }
    return approved
  } catch (error) {
    if (checkAll === true) await examineRest(parsed, trusted, trust, examination)
    throw error
  }
}

/** Asks a cache. It saves time, and is never what an answer depends on: one that fails knows nothing. */
async function passOver<Answer>(question: () => Promise<Answer> | undefined): Promise<Answer | undefined> {
  try {
    return (await question()) ?? undefined
  } catch {
    return undefined
  }
}

/** What may be remembered of an approved statement. Frozen, for every later decision shares it; its header and claims are already. */
function toKnown({ statement, issuer, signer, jwt, metadata, unknown }: ApprovedStatement, limits: Limits): KnownStatement {
  return { statement, issuer, signer, jwt: freezeJson(jwt), vouched: freezeJson({ metadata, unknown }), limits }
}
