import { MetadataPolicyError } from '../errors/errors.js'
import { isForbiddenName } from '../json/forbidden-names.js'
import { copyJson, findJsonFault, freezeJson, isObject } from '../json/json-value.js'
import { findForbiddenCombination } from './combinations.js'
import type { BoundOperator } from './operator.js'
import { isOperatorName, type OperatorName, operators } from './operators.js'
import type { MetadataPolicy } from './policy.js'
import { parseScope, scopeMember } from './scope.js'

/** The understood operators of one member, in the order in which they are applied. */
export type MemberOperators = ReadonlyMap<OperatorName, BoundOperator>

/** A policy that is well-formed and whose operators may stand together; at least one operator for every member. */
export type ValidPolicy = ReadonlyMap<string, MemberOperators>

/** Throws `MetadataPolicyError` if a critical operator is not understood, or the list of them is none. */
export function validateCritical(crit: unknown): void {
  if (!Array.isArray(crit)) throw new MetadataPolicyError('ERR_POLICY_STRUCTURE', 'metadata_policy_crit is not an array')
  for (const name of crit) {
    if (isOperatorName(name)) continue
    const shown = typeof name === 'string' ? JSON.stringify(name) : 'that is not a text'
    throw new MetadataPolicyError('ERR_POLICY_CRITICAL', `critical operator ${shown} is not understood`)
  }
}

/**
 * Validates a policy: structure, operands, combinations (OpenID Federation 1.0, 6.1.4.1). Nothing in the
 * result is shared with the policy that was given.
 *
 * Throws `MetadataPolicyError`.
 */
export function validatePolicy(policy: unknown): ValidPolicy {
  if (!isObject(policy)) throw new MetadataPolicyError('ERR_POLICY_STRUCTURE', 'the metadata policy is not an object')
  const valid = new Map<string, MemberOperators>()
  for (const [member, memberPolicy] of Object.entries(policy)) {
    const memberOperators = validateMemberPolicy(member, memberPolicy)
    if (memberOperators.size > 0) valid.set(member, memberOperators)
  }
  return valid
}

/** Throws `MetadataPolicyError` if two of the operators must not stand together. */
export function validateCombinations(member: string, memberOperators: MemberOperators): MemberOperators {
  const operands = new Map([...memberOperators].map(([name, { operand }]) => [name, operand]))
  const forbidden = findForbiddenCombination(operands)
  if (forbidden === undefined) return memberOperators
  const [one, other] = forbidden.operators
  throw policyFault('ERR_POLICY_COMBINATION', member, `${one} cannot stand with ${other}: ${forbidden.rule}`)
}

/** The policy as plain data. */
export function writePolicy(policy: ValidPolicy): MetadataPolicy {
  const members = [...policy].map(([member, memberOperators]) => {
    return [member, Object.fromEntries([...memberOperators].map(([name, { operand }]) => [name, operand]))] as const
  })
  return freezeJson(Object.fromEntries(members))
}

export function policyFault(code: MetadataPolicyError['code'], member: string, message: string): MetadataPolicyError {
  return new MetadataPolicyError(code, `metadata policy for ${JSON.stringify(member)}: ${message}`, { member })
}

function validateMemberPolicy(member: string, memberPolicy: unknown): MemberOperators {
  if (isForbiddenName(member)) throw policyFault('ERR_POLICY_STRUCTURE', member, 'the member name is forbidden')
  if (!isObject(memberPolicy)) throw policyFault('ERR_POLICY_STRUCTURE', member, 'not an object of operators')
  if (Object.keys(memberPolicy).some(isForbiddenName)) {
    throw policyFault('ERR_POLICY_STRUCTURE', member, 'an operator name is forbidden')
  }
  const memberOperators = new Map<OperatorName, BoundOperator>()
  for (const [name, operator] of operators) {
    if (!Object.hasOwn(memberPolicy, name)) continue
    const bound = operator.bind(validateOperand(member, name, memberPolicy[name]))
    if (bound === undefined) throw policyFault('ERR_POLICY_OPERAND', member, `operand of ${name} is not ${operator.operands}`)
    memberOperators.set(name, bound)
  }
  return validateCombinations(member, memberOperators)
}

function validateOperand(member: string, name: OperatorName, operand: unknown): unknown {
  const fault = findJsonFault(operand)
  if (fault === 'name') throw policyFault('ERR_POLICY_STRUCTURE', member, `operand of ${name} has a forbidden member name`)
  if (fault !== undefined) throw policyFault('ERR_POLICY_OPERAND', member, `operand of ${name} is not JSON, or too deep`)
  return freezeJson(copyJson(member === scopeMember ? readScopeOperand(name, operand) : operand))
}

/** Operands are compared as arrays, so a scope that is set as a text becomes one; anything that is no scope becomes nothing. */
function readScopeOperand(name: OperatorName, operand: unknown): unknown {
  const setsScope = name === 'value' || name === 'default'
  return Array.isArray(operand) || (setsScope && operand !== null) ? parseScope(operand) : operand
}
