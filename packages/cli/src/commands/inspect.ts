import {
  type Finding,
  type JsonObject,
  lintMetadata,
  lintStatement,
  type ParsedStatement,
  parseStatement,
  roleOfClaim,
  StatementError,
} from '@software-statement/core'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readSubject, readTime, type Subject } from '../input/read-statement.js'
import type { Io } from '../io.js'
import type { Verdict } from '../judge.js'
import { pathFaultOf, withTexts } from '../output/certificates.js'
import { type Description, describeInspection } from '../output/inspection.js'
import { writeJson } from '../output/json.js'
import { styleFor } from '../output/style.js'
import { formatTime } from '../output/time-words.js'
import { nameVerdict } from '../output/verdict.js'
import { UsageError } from '../usage-error.js'

/** Shows what a statement says; with a trust file, verifies it as well. */
export async function inspect([operand = '']: readonly string[], flags: Flags<'inspect'>, io: Io): Promise<ExitCode> {
  if (flags.trust === undefined && flags.audience !== undefined) {
    throw new UsageError('--audience is of use with --trust only: without it nothing is verified')
  }
  const subject = await readSubject(operand, io)
  const now = readTime(flags.at, io)
  const { verdict, exitCode } = await judge(subject.statement, flags, now, io)
  const parsed = parse(subject.statement)
  const form = parsed instanceof StatementError ? { fault: parsed } : { statement: parsed, members: sortMembers(parsed) }
  const description: Description = {
    now,
    verdict,
    ...form,
    ...(subject.document === undefined ? {} : { document: subject.document }),
    findings: lint(parsed, subject, now, verdict),
    ...(await readCertificates(parsed, now)),
  }
  io.stdout(
    flags.json === true
      ? `${openOnFirstLine(writeJson(toJson(description), 2))}\n`
      : describeInspection(description, styleFor(io)),
  )
  return verdict === undefined && parsed instanceof StatementError ? exitCodes.refused : exitCode
}

async function judge(statement: string, { trust, audience }: Flags<'inspect'>, currentDate: Date, io: Io) {
  if (trust === undefined) return { verdict: undefined, exitCode: exitCodes.accepted }
  const { demandAudience, readTrust } = await import('../input/read-trust.js')
  const { exitCodeOf, judgeStatement } = await import('../judge.js')
  const configuration = await readTrust(trust, io)
  await demandAudience(statement, audience, configuration.trust, currentDate)
  const verdict = await judgeStatement(statement, configuration, { audience, currentDate })
  return { verdict, exitCode: exitCodeOf(verdict) }
}

/** What the certificates in the header say, leaf first. */
async function readCertificates(parsed: ParsedStatement | StatementError, at: Date): Promise<Pick<Description, 'certificates'>> {
  if (parsed instanceof StatementError || parsed.header.x5c === undefined) return {}
  const { inspectCertificates } = await import('@software-statement/certificates')
  return { certificates: await inspectCertificates(parsed.header.x5c, { at }) }
}

function parse(statement: string): ParsedStatement | StatementError {
  try {
    return parseStatement(statement)
  } catch (error) {
    if (error instanceof StatementError) return error
    throw error
  }
}

function sortMembers({ claims }: ParsedStatement) {
  return Object.keys(claims).map((name) => ({ name, role: roleOfClaim(name) }))
}

function lint(
  parsed: ParsedStatement | StatementError,
  { document }: Subject,
  now: Date,
  verdict: Verdict | undefined,
): readonly Finding[] {
  const thumbprint =
    verdict?.approved === true && verdict.key.thumbprint !== undefined ? { thumbprint: verdict.key.thumbprint } : {}
  const ofStatement = parsed instanceof StatementError ? [] : lintStatement(parsed, { now, ...thumbprint })
  return [...ofStatement, ...(document === undefined ? [] : lintMetadata(withoutAnswer(document), { partial: true }))]
}

/** A response also has what only a server gives: nothing is odd about that. */
function withoutAnswer({ software_statement: _, ...members }: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => roleOfClaim(name) !== 'forbidden'))
}

/** The times that a calendar has, as RFC 3339. */
function writeTimes({ claims }: ParsedStatement) {
  const times = (['iat', 'nbf', 'exp'] as const).map((name) => [name, formatTime(claims[name])] as const)
  return Object.fromEntries(times.filter(([, time]) => time !== undefined))
}

function toJson({ verdict, statement, members, fault, findings, document, certificates }: Description) {
  const code = verdict?.approved === false ? verdict.code : fault?.code
  return {
    verdict: nameVerdict(verdict),
    verified: verdict === undefined ? null : verdict.approved,
    ...(statement && { header: statement.header, claims: statement.claims, members, times: writeTimes(statement) }),
    ...(verdict?.approved === true ? { key: verdict.key } : {}),
    ...(certificates === undefined ? {} : { certificates: withTexts(certificates) }),
    ...(verdict === undefined ? {} : pathFaultOf(verdict)),
    ...(document === undefined ? {} : { document }),
    findings,
    ...(verdict === undefined ? {} : { checks: verdict.checks }),
    ...(code === undefined ? {} : { code }),
  }
}

/** Whoever reads no more than the first line has to see whether anything is verified. */
function openOnFirstLine(json: string): string {
  return json.replace(/^\{\n {2}/, '{ ')
}
