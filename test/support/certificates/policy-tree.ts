/**
 * The policy tree as RFC 5280 6.1.2 (a) describes it, word for word and as large as it gets: what the graph of the implementation is held
 * against.
 */
const anyPolicy = '2.5.29.32.0'

interface Node {
  readonly policy: string
  expected: ReadonlySet<string>
  children: Node[]
}

export class PolicyTree {
  #root: Node | undefined = { policy: anyPolicy, expected: new Set([anyPolicy]), children: [] }
  #depth = 0

  get isEmpty(): boolean {
    return this.#root === undefined
  }

  /** 6.1.3 (d), (e). */
  addPolicies(policies: readonly string[] | undefined, isAnyPolicyAllowed: boolean): void {
    if (policies === undefined) this.#root = undefined
    const parents = this.#at(this.#depth)
    this.#depth++
    const add = (parent: Node, policy: string) => parent.children.push({ policy, expected: new Set([policy]), children: [] })
    for (const policy of policies ?? []) {
      if (policy === anyPolicy) continue
      const matching = parents.filter(({ expected }) => expected.has(policy))
      for (const parent of matching) add(parent, policy)
      if (matching.length === 0) for (const parent of parents) if (parent.policy === anyPolicy) add(parent, policy)
    }
    if (policies?.includes(anyPolicy) && isAnyPolicyAllowed) {
      for (const parent of parents) {
        for (const policy of parent.expected) if (!parent.children.some((child) => child.policy === policy)) add(parent, policy)
      }
    }
    this.#prune()
  }

  /** 6.1.4 (b). */
  prepareNext(mappings: readonly { issuerDomainPolicy: string; subjectDomainPolicy: string }[], isMappingAllowed: boolean): void {
    for (const policy of new Set(mappings.map(({ issuerDomainPolicy }) => issuerDomainPolicy))) {
      const subjects = new Set(mappings.filter((it) => it.issuerDomainPolicy === policy).map((it) => it.subjectDomainPolicy))
      const mapped = this.#at(this.#depth).filter((node) => node.policy === policy)
      if (isMappingAllowed) {
        for (const node of mapped) node.expected = subjects
        if (mapped.length === 0) {
          for (const parent of this.#at(this.#depth - 1)) {
            const any = parent.children.find((child) => child.policy === anyPolicy)
            if (any !== undefined) parent.children.push({ policy, expected: subjects, children: [] })
          }
        }
      } else {
        for (const parent of this.#at(this.#depth - 1))
          parent.children = parent.children.filter((child) => child.policy !== policy)
        this.#prune()
      }
    }
  }

  /** 6.1.5 (g): the policies below anyPolicy that are left, and whether the tree is. */
  acceptedPolicies(acceptable: ReadonlySet<string>): ReadonlySet<string> {
    const hasAny = this.#at(this.#depth).some(({ policy }) => policy === anyPolicy)
    const below = (node: Node): readonly Node[] => [node, ...node.children.flatMap(below)]
    const all = this.#root === undefined ? [] : below(this.#root)
    const roots = all.filter(({ policy }) => policy === anyPolicy).flatMap(({ children }) => children.map(({ policy }) => policy))
    const named = roots.filter((policy) => policy !== anyPolicy)
    if (acceptable.has(anyPolicy)) return new Set(hasAny ? [...named, anyPolicy] : named)
    return hasAny ? acceptable : new Set(named.filter((policy) => acceptable.has(policy)))
  }

  #at(depth: number): readonly Node[] {
    let nodes = this.#root === undefined ? [] : [this.#root]
    for (let level = 0; level < depth; level++) nodes = nodes.flatMap(({ children }) => children)
    return nodes
  }

  /** 6.1.3 (d)(3): nothing stays that does not reach the depth. */
  #prune(): void {
    const reaches = (node: Node, depth: number): boolean => {
      if (depth === this.#depth) return true
      node.children = node.children.filter((child) => reaches(child, depth + 1))
      return node.children.length > 0
    }
    if (this.#root !== undefined && !reaches(this.#root, 0)) this.#root = undefined
  }
}
