import type { InspectedCertificate } from '@software-statement/certificates'
import type { ClaimRole, Finding, JsonObject, ParsedStatement, StatementError } from '@software-statement/core'
import type { VerifyingKey } from '@software-statement/verifier'
import type { Verdict } from '../judge.js'
import { writeCertificates, writePath } from './certificates.js'
import { writeMember } from './json.js'
import { printable } from './printable.js'
import type { Style } from './style.js'
import { layOut } from './table.js'
import { describeDistance, describeSpan, formatTime } from './time-words.js'
import { writeChecks, writeVerdict } from './verdict.js'

/** Everything there is to show about a statement. */
export interface Description {
  readonly now: Date
  readonly verdict: Verdict | undefined
  /** Absent if the statement cannot be parsed; then there is a fault. */
  readonly statement?: ParsedStatement
  readonly members?: readonly { readonly name: string; readonly role: ClaimRole }[]
  readonly fault?: StatementError
  /** The registration request or response around the statement. */
  readonly document?: JsonObject
  readonly findings: readonly Finding[]
  /** What the certificates in the header say; absent if there are none. */
  readonly certificates?: readonly InspectedCertificate[]
}

const roles: Readonly<Record<ClaimRole, string>> = {
  jwt: 'claim of the JWT',
  metadata: 'vouched metadata',
  unknown: 'vouched, not known client metadata',
  forbidden: 'no statement may have it',
}

/** Describes a statement for people. The first line says whether anything of it is verified. */
export function describeInspection(description: Description, style: Style): string {
  const { verdict, statement, fault, document, findings, certificates } = description
  const first =
    verdict === undefined
      ? `${style('yellow', 'not verified')}: anybody can have made this; give --trust to verify it\n`
      : writeVerdict(verdict, style)
  const parts = [
    first,
    verdict?.approved === true ? section('verified with the key', describeKey(verdict.key)) : '',
    fault === undefined ? '' : `\n${style('red', 'malformed')}: ${fault.code}: ${printable(fault.message)}\n`,
    statement === undefined ? '' : describeStatement(statement, description),
    certificates === undefined ? '' : section(certificatesTitle(verdict), writeCertificates(certificates)),
    verdict?.approved === true && verdict.certificatePath !== undefined
      ? section('certificate path', writePath(verdict.certificatePath))
      : '',
    document === undefined ? '' : section('the request or response around it', describeDocument(document)),
    statement === undefined && findings.length === 0 ? '' : section('findings', describeFindings(findings, style)),
    verdict === undefined ? '' : section('checks', writeChecks(verdict.checks)),
  ]
  return parts.join('')
}

/** That a statement is verified does not mean that its certificates were looked at. */
function certificatesTitle(verdict: Verdict | undefined): string {
  const isTrusted = verdict?.approved === true && verdict.certificatePath !== undefined
  return isTrusted ? 'certificates' : 'certificates, which anybody can have made'
}

function describeKey({ kid, thumbprint }: VerifyingKey): [string, string][] {
  if (thumbprint !== undefined) return [['thumbprint', thumbprint]]
  return [['symmetric', kid === undefined ? 'without kid' : `kid ${printable(kid)}`]]
}

function describeStatement({ header, claims }: ParsedStatement, { members = [], now }: Description): string {
  return [
    section(
      'header',
      Object.entries(header).map(([name, value]) => [printable(name), describeParameter(name, value)]),
    ),
    section(
      'claims',
      members.map(({ name, role }) => [printable(name), roles[role], writeMember(name, claims[name])]),
    ),
    section('times', describeTimes(claims, Math.floor(now.getTime() / 1000))),
  ].join('')
}

function describeParameter(name: string, value: unknown): string {
  if (name === 'x5c' && Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'certificate' : 'certificates'}`
  return writeMember(name, value)
}

const times = [
  ['iat', 'issued'],
  ['nbf', 'valid from'],
  ['exp', 'expires'],
] as const

function describeTimes(claims: JsonObject, now: number): string[][] {
  const rows = times.flatMap(([name, words]) => {
    const time = claims[name]
    const text = formatTime(time)
    return text === undefined || typeof time !== 'number' ? [] : [[words, text, describeDistance(Math.floor(time), now)]]
  })
  const { exp, iat } = claims
  if (exp === undefined) rows.push(['expires', 'never', ''])
  if (typeof exp === 'number' && typeof iat === 'number' && exp > iat) rows.push(['valid for', describeSpan(exp - iat), ''])
  return rows
}

function describeDocument({ software_statement: _, ...members }: JsonObject): string[][] {
  return Object.entries(members).map(([name, value]) => [printable(name), writeMember(name, value)])
}

function describeFindings(findings: readonly Finding[], style: Style): string[][] {
  const colours = { error: 'red', warning: 'yellow', info: 'bold' } as const
  if (findings.length === 0) return [['none']]
  return findings.map(({ severity, rule, message }) => [style(colours[severity], severity), rule, printable(message)])
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `\n${title}\n${layOut(rows)}`
}
