import { InvalidMetadataError, type MetadataIssue } from '../errors/errors.js'
import { isObject } from '../json/json-value.js'
import { applyMemberRule, compileMemberRule, type MemberRule, type MetadataPolicyChange } from './apply-member.js'
import type { MetadataPolicy, MetadataPolicyOptions } from './policy.js'
import { validateCritical, validatePolicy, writePolicy } from './validate-policy.js'

/** Metadata after a policy, and what the policy did to it in the order in which it did it. */
export interface ResolvedMetadata {
  readonly metadata: Record<string, unknown>
  readonly changes: readonly MetadataPolicyChange[]
}

/** A policy that has been validated and can be applied any number of times. */
export interface CompiledMetadataPolicy {
  /** The policy as plain data, frozen, without operators that are not understood. */
  readonly policy: MetadataPolicy
  /** Throws `InvalidMetadataError` with all issues: the metadata breaks the policy. */
  apply(metadata: Readonly<Record<string, unknown>>): ResolvedMetadata
}

/**
 * Validates a policy once and gives an object that applies it.
 *
 * Throws `MetadataPolicyError`.
 *
 * @example
 * ```ts
 * const policy = compileMetadataPolicy({ grant_types: { subset_of: ['authorization_code', 'refresh_token'] } })
 * const { metadata, changes } = policy.apply({ grant_types: ['authorization_code', 'password'] })
 * metadata // { grant_types: ['authorization_code'] }
 * changes[0]?.operator // 'subset_of'
 * ```
 */
export function compileMetadataPolicy(policy: MetadataPolicy, { crit = [] }: MetadataPolicyOptions = {}): CompiledMetadataPolicy {
  validateCritical(crit)
  const valid = validatePolicy(policy)
  const rules = [...valid].map(([member, memberOperators]) => compileMemberRule(member, memberOperators))
  return Object.freeze<CompiledMetadataPolicy>({ policy: writePolicy(valid), apply: (metadata) => applyRules(rules, metadata) })
}

/**
 * Applies a policy to metadata and returns the resolved metadata, a new object (OpenID Federation 1.0, 6.1.4.2). The operators
 * of a member are applied in the order value, add, default, one_of, subset_of, superset_of, x_within, x_not_any_of, x_min_items,
 * essential. Compile a policy that is applied more than once.
 *
 * Throws `MetadataPolicyError` if the policy is illegal, `InvalidMetadataError` with all issues (`ERR_POLICY_VIOLATION`) if the
 * metadata breaks it or has a value of a type that an operator does not support.
 *
 * @example
 * ```ts
 * applyMetadataPolicy({ scope: { subset_of: ['openid', 'email'] } }, { scope: 'openid profile' }) // { scope: 'openid' }
 * ```
 */
export function applyMetadataPolicy(
  policy: MetadataPolicy,
  metadata: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return compileMetadataPolicy(policy).apply(metadata).metadata
}

function applyRules(rules: readonly MemberRule[], metadata: unknown): ResolvedMetadata {
  if (!isObject(metadata)) throw new TypeError('metadata is not an object')
  // No rule is for a name that reaches the prototype when it is assigned.
  const resolved: Record<string, unknown> = { ...metadata }
  const issues: MetadataIssue[] = []
  const changes: MetadataPolicyChange[] = []
  for (const rule of rules) {
    const { member } = rule
    const given = Object.hasOwn(resolved, member) ? resolved[member] : undefined
    const outcome = applyMemberRule(rule, given)
    issues.push(...outcome.issues)
    changes.push(...outcome.changes)
    if (outcome.value === undefined) delete resolved[member]
    else if (outcome.value !== given) resolved[member] = outcome.value
  }
  if (issues.length > 0) throw new InvalidMetadataError(issues)
  return { metadata: resolved, changes }
}
