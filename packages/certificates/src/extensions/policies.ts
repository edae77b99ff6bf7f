import { DerFault } from '../der/der-fault.js'
import { context, type DerReader, tags } from '../der/der-reader.js'
import { nextObjectIdentifier, readCount } from '../der/der-values.js'

/** A policy of the issuer that the subject knows under another name (RFC 5280 4.2.1.5). */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string
  readonly subjectDomainPolicy: string
}

/** After how many certificates a policy has to be there, and mappings stop (RFC 5280 4.2.1.11). */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined
  readonly inhibitPolicyMapping: number | undefined
}

/** Policies without their qualifiers, each once (RFC 5280 4.2.1.4). Throws `DerFault`. */
export function readCertificatePolicies(reader: DerReader): readonly string[] {
  const policies = reader.each((list) => {
    const information = list.enter(tags.sequence)
    const policy = nextObjectIdentifier(information)
    const qualifiers = information.readOptional(tags.sequence)
    if (qualifiers?.content.length === 0) throw new DerFault('a list of policy qualifiers is empty')
    information.expectEnd()
    return policy
  })
  if (policies.length === 0) throw new DerFault('a list of policies is empty')
  if (new Set(policies).size < policies.length) throw new DerFault('a policy is there twice')
  return policies
}

/** Throws `DerFault`. */
export function readPolicyMappings(reader: DerReader): readonly PolicyMapping[] {
  const mappings = reader.each((list) => {
    const mapping = list.enter(tags.sequence)
    const issuerDomainPolicy = nextObjectIdentifier(mapping)
    const subjectDomainPolicy = nextObjectIdentifier(mapping)
    mapping.expectEnd()
    return { issuerDomainPolicy, subjectDomainPolicy }
  })
  if (mappings.length === 0) throw new DerFault('a list of policy mappings is empty')
  return mappings
}

/** Throws `DerFault`. */
export function readPolicyConstraints(reader: DerReader): PolicyConstraints {
  const requireExplicitPolicy = reader.readOptional(context(0))
  const inhibitPolicyMapping = reader.readOptional(context(1))
  if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined)
    throw new DerFault('policy constraints are empty')
  return {
    requireExplicitPolicy: requireExplicitPolicy && readCount(requireExplicitPolicy.content),
    inhibitPolicyMapping: inhibitPolicyMapping && readCount(inhibitPolicyMapping.content),
  }
}
