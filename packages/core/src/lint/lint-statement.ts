import { roleOfClaim } from '../claim-role.js'
import type { ParsedStatement } from '../parse-statement.js'
import { toNumericDate } from '../time/instant.js'
import { lintClaims } from './claim-rules.js'
import { type Finding, sortFindings } from './finding.js'
import { lintHeader } from './header-rules.js'
import { lintMetadata } from './lint-metadata.js'
import { lintTimes } from './time-rules.js'

/** What a statement is to be judged by besides itself. */
export interface LintStatementOptions {
  /** The time to judge by. Without it nothing is said to be expired or not valid yet. */
  readonly now?: Date
  /** The RFC 7638 thumbprint of the key that signed, base64url, to compare `kid` with. */
  readonly thumbprint?: string
}

/**
 * Says everything there is to say about a statement, verified or not: what is wrong or risky in its header and claims, and in
 * the client metadata it vouches for (RFC 7591 2.3). Findings come in the order of `lintRules`. A statement not signed yet can
 * be given as `{ header, claims }`.
 *
 * @example
 * ```ts
 * const findings = lintStatement(parseStatement(statement), { now: new Date() })
 * for (const { severity, rule, message } of findings) console.log(`${severity} ${rule}: ${message}`)
 * ```
 */
export function lintStatement(
  statement: Pick<ParsedStatement, 'header' | 'claims'>,
  options: LintStatementOptions = {},
): readonly Finding[] {
  const { header, claims } = statement
  const { now, thumbprint } = options
  const vouched = Object.fromEntries(Object.entries(claims).filter(([name]) => roleOfClaim(name) === 'metadata'))
  return sortFindings([
    ...lintHeader(header, thumbprint),
    ...lintClaims(claims),
    ...lintTimes(claims, now === undefined ? undefined : toNumericDate(now)),
    ...lintMetadata(vouched, { partial: true }),
  ])
}
