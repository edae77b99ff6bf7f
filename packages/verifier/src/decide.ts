import {
  deriveClientKind,
  type MetadataPolicy,
  parseStatement,
  StatementError,
  sortVouchedMetadata,
  toNumericDate,
} from '@software-statement/core'
import { rememberHeaders } from './cache/header-memory.js'
import { Checklist } from './checks.js'
import type { UnknownMembers } from './merge/configured-member.js'
import { type MergeRules, parseMergeRules } from './merge/merge-rules.js'
import { decisionOptions, requestOptions, validateOptions, validateTrust } from './options.js'
import type { ApprovedRegistration, RegisteredStatement, RegistrationDecision } from './registration/decision.js'
import { duplicateKeyOf } from './registration/duplicate-key.js'
import type { RegisteredMetadata } from './registration/locked-members.js'
import {
  hasStatement,
  isBytes,
  parseRegistrationRequest,
  type RegistrationInput,
  type RegistrationRequest,
} from './registration/parse-request.js'
import { type MetadataSettings, resolveMetadata } from './registration/resolve-metadata.js'
import { refuseRegistration } from './registration/response.js'
import { compileServerPolicy } from './registration/server-policy.js'
import { replayMarkOf } from './replay/replay-mark.js'
import { consumeMark, type SeenStatements } from './replay/seen-statements.js'
import { type ParsedDemands, parseDemands } from './rules.js'
import type { ApprovedStatement, Examination } from './stages.js'
import type { TrustResolver } from './trust/trust-resolver.js'
import { examineStatement, type VerifyOptions } from './verify.js'

/** What a server demands of registrations. */
export interface DecisionOptions extends Omit<VerifyOptions, 'currentDate'> {
  /** Whether a request must have a statement; default: `required`. */
  readonly statement?: 'required' | 'optional'
  /** How members of statement and request become one, where the statement does not simply win. */
  readonly merge?: MergeRules
  /**
   * The server's own policy (OpenID Federation 1.0, 6.1), applied to what is merged. An operator that is not understood is refused,
   * since ignoring it would bound nothing; `mergeMetadataPolicies(policy, {})` takes such operators out of a policy of a federation.
   */
  readonly metadata_policy?: MetadataPolicy
  /** Operators that have to be understood whether the policy uses them or not; all that it uses have to be anyway. */
  readonly metadata_policy_crit?: readonly string[]
  /** What to do with members nobody knows; default: `ignore`. */
  readonly unknownMembers?: UnknownMembers
  /** Private-use redirect URI schemes without a period that are accepted all the same, such as `vscode`. */
  readonly redirectSchemes?: readonly string[]
  /**
   * Where uses of statements are remembered. Required if an issuer limits how often one may be used;
   * `'consumed-by-caller'` says that the caller consumes `decision.replay` in the transaction that admits the client.
   */
  readonly seen?: SeenStatements | 'consumed-by-caller'
}

/** What belongs to one request. */
export interface RequestOptions {
  /** The time of the decision; default: now. Read once. */
  readonly currentDate?: Date
  /** For an update (RFC 7592 2.2): the statement the client is registered with. The same bytes again are not a replay. */
  readonly storedStatement?: string
  /**
   * For an update with the stored statement: when it was accepted. Its times are judged as of then, since they may be over, and each of its
   * certificates has to be valid then or at `currentDate`; issuer, keys, status and what is revoked are those of `currentDate`. A certificate
   * that has ended by then is refused where a list names it as revoked, and counts where none tells its status any more.
   */
  readonly acceptedAt?: Date
  /**
   * For an update: what the client is registered with. Members that a statement vouched for stay as they are unless the statement of
   * this request vouches for them.
   */
  readonly registered?: RegisteredMetadata
}

/** Decides on registration requests. */
export type RegistrationDecider = (request: RegistrationInput, options?: RequestOptions) => Promise<RegistrationDecision>

/**
 * Decides on one registration request: verifies its statement, merges, applies policy and metadata rules, consumes the one
 * use of the statement last. Every answer that a client or an outage can cause is returned, refusals as RFC 7591 3.2.2
 * words them.
 *
 * Throws `TypeError` for malformed options and where an issuer limits how often a statement may be used and `seen` is not
 * given; `MetadataPolicyError` for an illegal policy.
 *
 * @example
 * ```ts
 * const decision = await decideRegistration(await request.text(), trust, { audience: 'https://as.example' })
 * if (!decision.approved) return new Response(decision.body, { status: decision.status, headers: decision.headers })
 * ```
 */
export async function decideRegistration(
  request: RegistrationInput,
  trust: TrustResolver,
  options: DecisionOptions & RequestOptions = {},
): Promise<RegistrationDecision> {
  validateOptions(options, [...decisionOptions, ...requestOptions])
  const { currentDate, storedStatement, acceptedAt, registered, ...others } = options
  const decide = createDecider(trust, others)
  return decide(request, {
    ...(currentDate === undefined ? {} : { currentDate }),
    ...(storedStatement === undefined ? {} : { storedStatement }),
    ...(acceptedAt === undefined ? {} : { acceptedAt }),
    ...(registered === undefined ? {} : { registered }),
  })
}

/**
 * Reads trust and options once and gives the function that decides, for servers: what `decideRegistration` throws, this
 * throws at construction.
 *
 * @example
 * ```ts
 * const decide = createDecider(trust, { audience: 'https://as.example', merge: { redirect_uris: 'ceiling' } })
 * const decision = await decide(await request.text())
 * ```
 */
export function createDecider(trust: TrustResolver, options: DecisionOptions = {}): RegistrationDecider {
  validateTrust(trust)
  validateOptions(options, decisionOptions)
  const {
    statement = 'required',
    unknownMembers = 'ignore',
    seen,
    status,
    cache,
    checkAll = false,
    redirectSchemes = [],
  } = options
  if (trust.limitsReplay === true && seen === undefined) throw seenIsMissing()
  const demands = parseDemands(options)
  const { metadata_policy, metadata_policy_crit: crit = [] } = options
  const settings: MetadataSettings = {
    mergeRules: parseMergeRules(options.merge, unknownMembers),
    policy: compileServerPolicy(metadata_policy, crit, unknownMembers),
    unknownMembers,
    redirectSchemes,
    limits: demands.limits,
  }

  const headers = rememberHeaders()
  const given = { headers, ...(status === undefined ? {} : { status }), ...(cache === undefined ? {} : { cache }) }
  return async (request, circumstances = {}) => {
    validateOptions(circumstances, requestOptions)
    const { currentDate = new Date(), storedStatement, acceptedAt, registered } = circumstances
    const before = registered && { ...registered, ...(storedStatement === undefined ? {} : { statement: storedStatement }) }
    const checks = new Checklist('registration')
    const now = toNumericDate(currentDate)
    const examination: Examination = { demands, now, checks, checkAll, ...given }
    try {
      const parsed = parseBody(request, demands, checks)
      const isStored = storedStatement !== undefined && parsed.statement === storedStatement
      const examined = isStored && acceptedAt ? { ...examination, acceptedAt: toNumericDate(acceptedAt) } : examination
      const approved = hasStatement(parsed, statement, checks) ? await examine(parsed, trust, examined, settings) : undefined
      const resolved = resolveMetadata(approved, parsed.members, settings, checks, before)
      const mark = approved && replayMarkOf(approved)
      if (mark !== undefined && seen === undefined) throw seenIsMissing()
      const duplicateKey = await duplicateKeyOf(approved?.issuer.issuer, resolved.metadata)
      // The last step of all: a mark that is consumed for a request that is refused later would burn the statement.
      if (mark !== undefined && seen !== undefined && seen !== 'consumed-by-caller' && !isStored) {
        await checks.wait('replay', () => consumeMark(seen, mark, now))
      }
      const decision: ApprovedRegistration = {
        approved: true,
        ...resolved,
        ...deriveClientKind(resolved.metadata),
        duplicateKey,
        checks: checks.list(),
        ...(approved === undefined ? {} : { statement: describe(approved) }),
        ...(mark === undefined || isStored ? {} : { replay: mark }),
      }
      return decision
    } catch (error) {
      if (error instanceof StatementError) return refuseRegistration(error, checks.list())
      throw error
    }
  }
}

function parseBody(request: RegistrationInput, { limits }: ParsedDemands, checks: Checklist): RegistrationRequest {
  const parsed = checks.run('json', () => parseRegistrationRequest(request, limits))
  // An object that somebody else has parsed has lost its duplicate members: that check was not made.
  if (typeof request !== 'string' && !isBytes(request)) checks.skip('json')
  return parsed
}

async function examine(
  { statement, members }: RegistrationRequest,
  trust: TrustResolver,
  examination: Examination,
  settings: MetadataSettings,
): Promise<ApprovedStatement> {
  try {
    return await examineStatement(statement, trust, examination)
  } catch (error) {
    if (examination.checkAll === true) examineMetadata(statement, members, settings, examination.checks)
    throw error
  }
}

/** For auditors: what would have become of the metadata, for the record only. */
function examineMetadata(
  statement: unknown,
  members: RegistrationRequest['members'],
  settings: MetadataSettings,
  checks: Checklist,
) {
  try {
    resolveMetadata(
      sortVouchedMetadata(parseStatement(statement, settings.limits).claims, settings.limits),
      members,
      settings,
      checks,
    )
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
  }
}

function describe({ statement, issuer, key }: ApprovedStatement): RegisteredStatement {
  const { compact, header, claims } = statement
  const path = issuer.certificatePath
  return { compact, issuer: issuer.issuer, header, claims, key, ...(path && { certificatePath: path }) }
}

function seenIsMissing() {
  return new TypeError('an issuer limits how often a statement may be used: the option "seen" is required')
}
