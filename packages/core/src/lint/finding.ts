import { type LintRuleId, type LintSeverity, lintRules } from './rules.js'

/** Something worth saying about a statement or client metadata. */
export interface Finding {
  readonly rule: LintRuleId
  readonly severity: LintSeverity
  /** The claim, header parameter or client metadata member, spelled as it came: not safe to print. */
  readonly member?: string
  /** For people: ASCII only, without values of members. */
  readonly message: string
  /** Where the specification speaks of it. */
  readonly clause?: string
}

/** Makes a finding of a rule. */
export function find(rule: LintRuleId, message: string, member?: string): Finding {
  const { severity, clause } = lintRules[rule]
  return { rule, severity, ...(member === undefined ? {} : { member }), message, clause }
}

const ranks = new Map(Object.keys(lintRules).map((rule, rank) => [rule, rank]))

/** Sorts findings by the catalogue: errors first. Findings of one rule stay in their order. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rankOf = ({ rule }: Finding) => ranks.get(rule) ?? ranks.size
  return findings.toSorted((a, b) => rankOf(a) - rankOf(b))
}
