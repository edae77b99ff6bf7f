import type { BoundOperator } from './operator.js'
import { type OperatorName, operators } from './operators.js'
import type { MetadataPolicy, MetadataPolicyOptions } from './policy.js'
import {
  type MemberOperators,
  policyFault,
  type ValidPolicy,
  validateCombinations,
  validateCritical,
  validatePolicy,
  writePolicy,
} from './validate-policy.js'

/**
 * Merges the policy of a subordinate into that of its superior, member by member and operator by operator; the result is as
 * strict as both (OpenID Federation 1.0, 6.1.4.1). Merge a longer chain from the most superior down.
 *
 * Both policies are validated first, and the combinations of operators again afterwards. The result is frozen, shares nothing
 * with either policy, and leaves out operators that are not understood; a `scope` set by a text is set by an array.
 *
 * Throws `MetadataPolicyError`: a policy is illegal, or the two have no policy that is as strict as both.
 *
 * @example
 * ```ts
 * const ecosystem = { token_endpoint_auth_method: { one_of: ['private_key_jwt', 'tls_client_auth'], essential: true } }
 * const server = { token_endpoint_auth_method: { one_of: ['private_key_jwt'] } }
 * mergeMetadataPolicies(ecosystem, server)
 * // { token_endpoint_auth_method: { one_of: ['private_key_jwt'], essential: true } }
 * ```
 */
export function mergeMetadataPolicies(
  superior: MetadataPolicy,
  subordinate: MetadataPolicy,
  { crit = [] }: MetadataPolicyOptions = {},
): MetadataPolicy {
  validateCritical(crit)
  return writePolicy(mergeValidPolicies(validatePolicy(superior), validatePolicy(subordinate)))
}

function mergeValidPolicies(superior: ValidPolicy, subordinate: ValidPolicy): ValidPolicy {
  const merged = new Map(superior)
  for (const [member, memberOperators] of subordinate) {
    const own = superior.get(member)
    merged.set(member, own === undefined ? memberOperators : mergeMember(member, own, memberOperators))
  }
  return merged
}

function mergeMember(member: string, superior: MemberOperators, subordinate: MemberOperators): MemberOperators {
  const merged = new Map<OperatorName, BoundOperator>()
  for (const [name, operator] of operators) {
    const above = superior.get(name)
    const below = subordinate.get(name)
    const bound = above && below ? operator.bind(above.mergeWith(below.operand)) : (above ?? below)
    if (bound !== undefined) merged.set(name, bound)
    else if (above !== undefined) throw policyFault('ERR_POLICY_MERGE', member, `operands of ${name} cannot be merged`)
  }
  return validateCombinations(member, merged)
}
