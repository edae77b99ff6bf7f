import type { MetadataIssue } from '../errors/errors.js'
import { copyJson, findJsonFault, isEqualJson } from '../json/json-value.js'
import type { Step } from './operator.js'
import type { OperatorName } from './operators.js'
import { formatScope, parseScope, scopeMember } from './scope.js'
import type { MemberOperators } from './validate-policy.js'

/** What one operator did to one member; `undefined` stands for an absent member. A `scope` is shown as a text. */
export interface MetadataPolicyChange {
  readonly member: string
  readonly operator: string
  readonly before: unknown
  readonly after: unknown
}

/** The operators of one member, ready to be applied in their order. */
export interface MemberRule {
  readonly member: string
  readonly steps: readonly { readonly name: OperatorName; readonly run: Step }[]
}

interface MemberOutcome {
  readonly value: unknown
  readonly changes: readonly MetadataPolicyChange[]
  readonly issues: readonly MetadataIssue[]
}

export function compileMemberRule(member: string, memberOperators: MemberOperators): MemberRule {
  return { member, steps: [...memberOperators].map(([name, bound]) => ({ name, run: bound.prepare() })) }
}

/** Applies the operators of one member to its value; `undefined` is absence. */
export function applyMemberRule({ member, steps }: MemberRule, given: unknown): MemberOutcome {
  if (given !== undefined && findJsonFault(given) !== undefined) return refuse(member, 'is not plain JSON, or too deep')
  const isScope = member === scopeMember
  const start = isScope ? parseScope(given) : given
  if (start === undefined && given !== undefined) return refuse(member, 'is not a list of scope values')

  const show = (value: unknown) => (isScope && Array.isArray(value) ? formatScope(value) : value)
  const changes: MetadataPolicyChange[] = []
  const issues: MetadataIssue[] = []
  let value: unknown = start
  for (const { name, run } of steps) {
    const outcome = run(value)
    if (outcome.kind === 'value') {
      if (isEqualJson(value, outcome.value)) continue
      changes.push({ member, operator: name, before: show(value), after: show(outcome.value) })
      value = outcome.value
    } else {
      // A position is of use only in what the client has sent.
      const isSent = outcome.kind === 'broken' && outcome.position !== undefined && value === given
      issues.push(violation(member, `${outcome.message} (metadata policy: ${name})`, isSent ? [outcome.position] : undefined))
      if (outcome.kind === 'unsupported') break
    }
  }
  // A copy, because what operators assign belongs to the policy.
  return { value: value === start ? show(value) : copyJson(show(value)), changes, issues }
}

function refuse(member: string, message: string): MemberOutcome {
  return { value: undefined, changes: [], issues: [violation(member, message)] }
}

function violation(member: string, message: string, path?: readonly number[]): MetadataIssue {
  const issue = { code: 'ERR_POLICY_VIOLATION', member, message: `${JSON.stringify(member)} ${message}` } as const
  return path === undefined ? issue : { ...issue, path }
}
