import {
  type ClientMetadata,
  defaultAcceptedTyps,
  freezeJson,
  InvalidStatementError,
  type IssuerRules,
  isSameTyp,
  issuerOf,
  type JsonObject,
  type JwtClaims,
  type ParsedStatement,
  parseJwtClaims,
  parseStatement,
  refuseForbiddenClaims,
  refuseOtherKinds,
  type SignatureAlgorithm,
  type StatementHeader,
  sortVouchedMetadata,
  toAscii,
  UnapprovedStatementError,
} from '@software-statement/core'
import { ask } from './ask.js'
import type { HeaderMemory } from './cache/header-memory.js'
import type { KnownStatement, StatementCache } from './cache/statement-cache.js'
import type { Checklist } from './checks.js'
import { checkAudience, checkRequiredClaims, checkTimes } from './claims/check-claims.js'
import { checkMayAssert } from './claims/check-may-assert.js'
import { checkStatus, type StatusCheck } from './claims/check-status.js'
import { namesDistrusted, withoutDistrusted } from './keys/distrust.js'
import { selectKeys } from './keys/select-keys.js'
import { tryKeys } from './keys/try-keys.js'
import { findSameKey, type VerificationKey } from './keys/verification-key.js'
import { verifySignature } from './keys/verify-signature.js'
import { narrowRules, type ParsedDemands, type StatementRules } from './rules.js'
import { type KeyedIssuer, readTrustedIssuer, type TrustResolver } from './trust/trust-resolver.js'

/** One examination of one statement: what is demanded, when, and where it is written down. */
export interface Examination {
  readonly demands: ParsedDemands
  /** The one clock reading, in seconds since the epoch. */
  readonly now: number
  /** For a statement that was accepted before: when, in seconds since the epoch. Its times are judged as of then, all else as of now. */
  readonly acceptedAt?: number
  readonly status?: StatusCheck
  readonly checkAll?: boolean
  readonly cache?: StatementCache
  readonly headers?: HeaderMemory
  readonly checks: Checklist
}

/** Marks what has come through a stage: each type here is made by one function, so that no stage can be left out. */
declare const passed: unique symbol

/** A parsed statement of a trusted issuer. Its signature is not verified. */
export interface TrustedStatement {
  readonly [passed]: 'trust'
  readonly statement: ParsedStatement
  readonly issuer: KeyedIssuer
  readonly rules: StatementRules
  /** What is known of the statement from an approval under the same issuer entry. */
  readonly known: KnownStatement | undefined
}

/** The key that verified a statement. */
export interface VerifyingKey {
  readonly kid?: string
  /** RFC 7638, SHA-256, base64url; absent for a symmetric key, which a digest that is shown to anybody would let be guessed. */
  readonly thumbprint?: string
}

/** A statement that its issuer has signed. Its claims are not checked. */
export interface SignedStatement extends Omit<TrustedStatement, typeof passed> {
  readonly [passed]: 'signature'
  readonly signer: VerificationKey
  readonly key: VerifyingKey
}

/** A statement whose claims hold here and now. */
export interface SoundStatement extends Omit<SignedStatement, typeof passed> {
  readonly [passed]: 'claims'
  readonly jwt: JwtClaims
  readonly metadata: ClientMetadata
  readonly unknown: JsonObject
}

/** A statement that is wanted here: its issuer may vouch for this, and it is not revoked. */
export interface ApprovedStatement extends Omit<SoundStatement, typeof passed> {
  readonly [passed]: 'approval'
}

/** Gives the mark of a stage. Called once for each stage, by its function, where everything has passed. */
function pass<Stage>(statement: Omit<Stage, typeof passed>): Stage {
  return statement as Stage // the mark exists in types only
}

export function parseForm(
  statement: unknown,
  known: KnownStatement | undefined,
  { demands, cache, headers, checks }: Examination,
): ParsedStatement {
  return checks.run('form', () => {
    if (known !== undefined) return known.statement
    const parsed = parseStatement(statement, demands.limits, headers)
    // Before anybody has it in hand: what will be remembered is what was signed.
    if (cache !== undefined) freezeJson(parsed.claims)
    return parsed
  })
}

/** Refuses other kinds of JWT, whatever an issuer's entry accepts. */
export function refuseOtherKind({ header }: ParsedStatement, checks: Checklist): void {
  checks.run('kind', () => refuseOtherKinds(header))
}

/** Finds the issuer by its exact name, before anything is fetched or computed for the statement. */
export async function findIssuer(
  statement: ParsedStatement,
  known: KnownStatement | undefined,
  trust: TrustResolver,
  { demands, now, acceptedAt, checks }: Examination,
): Promise<TrustedStatement> {
  const issuer = await checks.wait('issuer', async () => {
    const name = issuerOf(statement.claims)
    const query = {
      currentDate: new Date(now * 1000),
      ...(acceptedAt === undefined ? {} : { acceptedAt: new Date(acceptedAt * 1000) }),
    }
    const answer = await ask('ERR_KEYS_UNAVAILABLE', () => trust(statement, query))
    const trusted = answer && readTrustedIssuer(answer)
    // Whatever a resolver goes by, the entry it answers with must be the one the statement names.
    if (trusted?.issuer === name) return trusted
    const hint = 'names are compared exactly, a final slash counts'
    throw new UnapprovedStatementError('ERR_ISSUER_NOT_TRUSTED', `issuer "${toAscii(name)}" is not trusted (${hint})`, {
      member: 'iss',
    })
  })
  const rules = narrowRules(demands, issuer, acceptedAt ?? now)
  return pass<TrustedStatement>({ statement, issuer, rules, known: known?.issuer === issuer ? known : undefined })
}

export async function checkSignature(trusted: TrustedStatement, { demands, checks }: Examination): Promise<SignedStatement> {
  const { statement, issuer, rules, known } = trusted
  const { header } = statement
  checks.run('algorithm', () => acceptAlgorithm(header, demands.algorithms, issuer))
  checks.run('typ', () => acceptTyp(header, issuer))
  checks.run('x5c', () => acceptX5c(header, issuer))
  const signer = await checks.wait('signature', () => findSigner(trusted))
  return pass<SignedStatement>({ statement, issuer, rules, known, signer, key: await describeKey(signer) })
}

/** Finds the key of the issuer that has made the signature; one that is known to have made it has to be among its keys still. */
async function findSigner({ statement, issuer, known }: TrustedStatement): Promise<VerificationKey> {
  const { header } = statement
  const findAmong = async (found: readonly VerificationKey[]) => {
    const keys = selectKeys(header, await withoutDistrusted(found, issuer.distrust))
    const again = known && (await findSameKey(known.signer, keys))
    return again ?? verifySignature(statement, keys)
  }
  if (namesDistrusted(header, issuer.distrust)) return findAmong([])
  return tryKeys(issuer.keys, header, findAmong, (question) => ask('ERR_KEYS_UNAVAILABLE', question))
}

async function describeKey(signer: VerificationKey): Promise<VerifyingKey> {
  const thumbprint = signer.isSymmetric ? {} : { thumbprint: await signer.thumbprint() }
  return signer.kid === undefined ? thumbprint : { kid: signer.kid, ...thumbprint }
}

export function checkClaims(signed: SignedStatement, { checks }: Examination): SoundStatement {
  const { statement, issuer, rules, known, signer, key } = signed
  const { claims } = statement
  const jwt = checks.run('claims', () => known?.jwt ?? parseJwtClaims(claims))
  checks.run('time', () => checkTimes(jwt, rules))
  if (rules.audiencePolicy !== 'ignore') checks.run('audience', () => checkAudience(jwt, rules))
  const vouched = checks.run('vouched-metadata', () => known?.vouched ?? sortVouchedMetadata(claims, rules.limits))
  checks.run('forbidden-claims', () => known ?? refuseForbiddenClaims(claims))
  checks.run('required-claims', () => checkRequiredClaims(claims, rules.requiredClaims))
  return pass<SoundStatement>({ statement, issuer, rules, known, signer, key, jwt, ...vouched })
}

export async function checkApproval(sound: SoundStatement, { status, checks }: Examination): Promise<ApprovedStatement> {
  const { statement, issuer, metadata, unknown } = sound
  checks.run('may-assert', () => checkMayAssert(metadata, unknown, issuer))
  if (status !== undefined) {
    const { compact, header, claims } = statement
    await checks.wait('status', () => checkStatus({ statement: compact, issuer: issuer.issuer, header, claims }, status))
  }
  return pass<ApprovedStatement>(sound)
}

/**
 * For auditors: runs the checks that a failure kept from running and that do not depend on it. Nobody is asked for the status
 * of a statement that may be anybody's, and nothing comes of it but the record.
 */
export async function examineRest(
  statement: ParsedStatement,
  reached: TrustedStatement | undefined,
  trust: TrustResolver,
  examination: Examination,
): Promise<void> {
  const { header, claims } = statement
  const { demands, now, acceptedAt, checks } = examination
  // Certificates that were refused have answered the question already.
  const isAsked = reached !== undefined || checks.hasFailed('x5c')
  const trusted = isAsked ? reached : await checks.attempt('issuer', () => findIssuer(statement, undefined, trust, examination))
  const rules = trusted?.rules ?? narrowRules(demands, {}, acceptedAt ?? now)
  if (trusted !== undefined) {
    const { issuer } = trusted
    await checks.attempt('algorithm', () => acceptAlgorithm(header, demands.algorithms, issuer))
    await checks.attempt('typ', () => acceptTyp(header, issuer))
    await checks.attempt('x5c', () => acceptX5c(header, issuer))
    await checks.attempt('signature', () => findSigner(trusted))
  }
  await checks.attempt('claims', () => parseJwtClaims(claims))
  await checks.attempt('vouched-metadata', () => sortVouchedMetadata(claims, rules.limits))
  await checks.attempt('forbidden-claims', () => refuseForbiddenClaims(claims))
  await checks.attempt('required-claims', () => checkRequiredClaims(claims, rules.requiredClaims))
  // What cannot be read is at fault once, and nothing that rests on it is.
  if (checks.hasPassed('claims')) {
    const jwt = parseJwtClaims(claims)
    await checks.attempt('time', () => checkTimes(jwt, rules))
    if (rules.audiencePolicy !== 'ignore') await checks.attempt('audience', () => checkAudience(jwt, rules))
  }
  if (trusted !== undefined && checks.hasPassed('vouched-metadata')) {
    const { metadata, unknown } = sortVouchedMetadata(claims, rules.limits)
    await checks.attempt('may-assert', () => checkMayAssert(metadata, unknown, trusted.issuer))
  }
}

function acceptAlgorithm(
  { alg }: StatementHeader,
  demanded: readonly SignatureAlgorithm[] | undefined,
  issuer: IssuerRules,
): void {
  const lists = [demanded, issuer.algorithms].filter((list) => list !== undefined)
  // Without a list every algorithm that fits the issuer's keys will do: symmetric ones only fit explicit symmetric keys.
  if (lists.every((list) => list.includes(alg))) return
  throw new InvalidStatementError('ERR_ALGORITHM_NOT_ALLOWED', `alg "${alg}" is not allowed for this issuer`, { member: 'alg' })
}

function acceptTyp({ typ }: StatementHeader, issuer: IssuerRules): void {
  const accepted: readonly string[] = issuer.typ ?? defaultAcceptedTyps
  const allowUntyped = issuer.allowUntyped ?? false
  if (typ === undefined ? allowUntyped : accepted.some((candidate) => isSameTyp(candidate, typ))) return
  const message = typ === undefined ? 'the statement has no typ' : `typ "${toAscii(typ)}" is not accepted for this issuer`
  throw new InvalidStatementError('ERR_TYP_NOT_ACCEPTED', message, { member: 'typ' })
}

function acceptX5c({ x5c }: StatementHeader, { x5c: rule = 'refuse' }: IssuerRules): void {
  if (x5c === undefined || rule !== 'refuse') return
  const message = 'the header has a certificate chain, which is not asked for'
  throw new InvalidStatementError('ERR_X5C_NOT_ACCEPTED', message, { member: 'x5c' })
}
