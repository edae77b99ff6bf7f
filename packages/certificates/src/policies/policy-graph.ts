import { anyPolicy } from '../extensions/identifiers.js'
import type { PolicyMapping } from '../extensions/policies.js'
import type { Budget } from '../path/budget.js'

/** Policies of one depth, each with the policies one depth above that lead to it; none where it comes from anyPolicy. */
type Level = ReadonlyMap<string, readonly string[]>

/**
 * The policies that are valid along a path, as the policy graph of RFC 9618, which says what the tree of RFC 5280 6.1.2 (a) says: a policy
 * is there once per depth instead of once per way to it, so that no certificates make it large.
 */
export class PolicyGraph {
  readonly #budget: Budget
  /** Depths that are finished, the first one first. */
  readonly #levels: Level[] = []
  /** What the next certificate may say: the expected policies with those that lead there. */
  #expected: Level = new Map()
  #expectsAny = true
  /** What the last certificate said. */
  #valid: Level = new Map()
  #isAnyValid = true

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Whether no policy is left: `valid_policy_tree` is NULL. */
  get isEmpty(): boolean {
    return this.#valid.size === 0 && !this.#isAnyValid
  }

  /** RFC 5280 6.1.3 (d), (e): takes the policies of a certificate, or that it has none. */
  addPolicies(policies: readonly string[] | undefined, isAnyPolicyAllowed: boolean): void {
    this.#budget.spend('policies', (policies?.length ?? 0) + this.#expected.size)
    const stated = new Set(policies)
    const keepsAll = stated.has(anyPolicy) && isAnyPolicyAllowed
    const valid = new Map([...this.#expected].filter(([policy]) => keepsAll || stated.has(policy)))
    if (this.#expectsAny) {
      for (const policy of stated) if (policy !== anyPolicy && !valid.has(policy)) valid.set(policy, [])
    }
    this.#valid = valid
    this.#isAnyValid = this.#expectsAny && keepsAll
  }

  /** RFC 5280 6.1.4 (b) for an issuer: what the next certificate may say, after the mappings or without what they map. */
  prepareNext(mappings: readonly PolicyMapping[], isMappingAllowed: boolean): void {
    this.#budget.spend('policies', mappings.length + this.#valid.size)
    const mapped = new Set(mappings.map(({ issuerDomainPolicy }) => issuerDomainPolicy))
    const valid = new Map(this.#valid)
    if (!isMappingAllowed) for (const policy of mapped) valid.delete(policy)
    else if (this.#isAnyValid) for (const policy of mapped) if (!valid.has(policy)) valid.set(policy, [])

    const expected = new Map<string, string[]>()
    const expect = (policy: string, from: string) => {
      const parents = expected.get(policy) ?? []
      parents.push(from)
      expected.set(policy, parents)
    }
    for (const policy of valid.keys()) if (!mapped.has(policy)) expect(policy, policy)
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      if (valid.has(issuerDomainPolicy)) expect(subjectDomainPolicy, issuerDomainPolicy)
    }
    this.#levels.push(valid)
    this.#expected = expected
    this.#expectsAny = this.#isAnyValid
  }

  /**
   * RFC 5280 6.1.5 (g): the policies of the authority nearest to the trust anchor that are valid to the end and acceptable; anyPolicy among
   * the acceptable ones accepts all, and stands in the result where the path is valid for all.
   */
  acceptedPolicies(acceptable: ReadonlySet<string>): ReadonlySet<string> {
    const roots = this.#rootPolicies()
    if (acceptable.has(anyPolicy)) return new Set(this.#isAnyValid ? [...roots, anyPolicy] : roots)
    return this.#isAnyValid ? acceptable : new Set([...roots].filter((policy) => acceptable.has(policy)))
  }

  /** Policies under anyPolicy from which a way leads to the last certificate: `valid_policy_node_set`. */
  #rootPolicies(): ReadonlySet<string> {
    const roots = new Set<string>()
    let reached: Iterable<string> = this.#valid.keys()
    for (const level of [this.#valid, ...this.#levels.toReversed()]) {
      const parents = new Set<string>()
      for (const policy of reached) {
        const from = level.get(policy) ?? []
        this.#budget.spend('policies', 1 + from.length)
        if (from.length === 0) roots.add(policy)
        for (const parent of from) parents.add(parent)
      }
      reached = parents
    }
    return roots
  }
}
