import { type Certificate, isSelfIssued } from '../certificate/certificate.js'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { anyPolicy } from '../extensions/identifiers.js'
import { PolicyGraph } from '../policies/policy-graph.js'
import type { CertificateChecks } from './certificate-checks.js'
import type { PathSettings } from './path-settings.js'

/**
 * Validates a path, given from the leaf to the certificate below the anchor, whose names chain and whose signatures are verified
 * (RFC 5280 6.1), and returns the policies it is valid for (6.1.5 (g)).
 *
 * The anchor is given as a certificate, chosen by whoever trusts it, so that everything it says is obeyed, as RFC 5280 6.1.1 (d) and
 * RFC 5937 leave it open: it has its time, has to be an authority for certificates, and its path length, name constraints, policy
 * constraints and inhibitAnyPolicy hold for what is below. Only its own policies are no limit: roots that list some mean no other.
 *
 * Throws `CertificatePathError`.
 */
export function validatePath(
  path: readonly [Certificate, ...Certificate[]],
  anchor: Certificate,
  checks: CertificateChecks,
): readonly string[] {
  const [leaf, ...issuers] = path
  const validation = new PathValidation(path.length, checks)
  validation.startFrom(anchor)
  for (const issuer of issuers.toReversed()) validation.passThrough(issuer)
  return validation.finishWith(leaf)
}

/** The state variables of RFC 5280 6.1.2, from the anchor on. */
class PathValidation {
  readonly #checks: CertificateChecks
  readonly #settings: PathSettings
  readonly #graph: PolicyGraph
  readonly #nameChecks: ((certificate: Certificate) => void)[] = []
  #explicitPolicy: number
  #inhibitAnyPolicy: number
  #policyMapping: number
  #maxPathLength: number

  constructor(length: number, checks: CertificateChecks) {
    const { settings, budget } = checks
    this.#checks = checks
    this.#settings = settings
    this.#graph = new PolicyGraph(budget)
    this.#explicitPolicy = settings.initialExplicitPolicy ? 0 : length + 1
    this.#inhibitAnyPolicy = settings.initialAnyPolicyInhibit ? 0 : length + 1
    this.#policyMapping = settings.initialPolicyMappingInhibit ? 0 : length + 1
    this.#maxPathLength = Math.min(length, settings.maxPathLength)
  }

  startFrom(anchor: Certificate): void {
    this.#checks.alone.anchor(anchor)
    this.#requireAuthority(anchor)
    this.#takeConstraints(anchor)
  }

  /** RFC 5280 6.1.3 and 6.1.4 for a certificate that is not the last one. */
  passThrough(issuer: Certificate): void {
    const selfIssued = isSelfIssued(issuer)
    this.#checks.alone.intermediate(issuer)
    if (!selfIssued) this.#checkNames(issuer)
    this.#takePolicies(issuer, this.#inhibitAnyPolicy > 0 || selfIssued)
    this.#mapPolicies(issuer)
    if (!selfIssued) {
      this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1)
      this.#policyMapping = Math.max(0, this.#policyMapping - 1)
      this.#inhibitAnyPolicy = Math.max(0, this.#inhibitAnyPolicy - 1)
      if (this.#maxPathLength === 0)
        throw refuse(issuer, 'ERR_CERTIFICATE_PATH_TOO_LONG', 'there are more intermediates than allowed')
      this.#maxPathLength--
    }
    this.#requireAuthority(issuer)
    this.#takeConstraints(issuer)
  }

  /** RFC 5280 6.1.3 and 6.1.5 for the last certificate. */
  finishWith(leaf: Certificate): readonly string[] {
    this.#checks.alone.leaf(leaf)
    this.#checkNames(leaf)
    this.#takePolicies(leaf, this.#inhibitAnyPolicy > 0)
    this.#requireKeyUsage(leaf)
    const requiresPolicy = leaf.extensions.policyConstraints?.value.requireExplicitPolicy === 0
    const explicitPolicy = requiresPolicy ? 0 : Math.max(0, this.#explicitPolicy - 1)
    const policies = this.#graph.acceptedPolicies(this.#settings.userInitialPolicySet)
    if (explicitPolicy === 0 && policies.size === 0) {
      throw refuse(leaf, 'ERR_CERTIFICATE_POLICY', 'the path is valid for no acceptable policy', '6.1.5 (g)')
    }
    return [...policies]
  }

  /** RFC 5280 6.1.3 (b), (c). */
  #checkNames(certificate: Certificate): void {
    for (const check of this.#nameChecks) check(certificate)
  }

  /** RFC 5280 6.1.3 (d), (e), (f). */
  #takePolicies(certificate: Certificate, isAnyPolicyAllowed: boolean): void {
    this.#graph.addPolicies(certificate.extensions.certificatePolicies?.value, isAnyPolicyAllowed)
    if (this.#explicitPolicy === 0 && this.#graph.isEmpty) {
      throw refuse(certificate, 'ERR_CERTIFICATE_POLICY', 'a policy is required, and none is left')
    }
  }

  /** RFC 5280 6.1.4 (a), (b). */
  #mapPolicies(issuer: Certificate): void {
    const mappings = issuer.extensions.policyMappings?.value ?? []
    // First, because this takes from the budget what there is to look at.
    this.#graph.prepareNext(mappings, this.#policyMapping > 0)
    if (mappings.some((mapping) => Object.values(mapping).includes(anyPolicy))) {
      throw refuse(issuer, 'ERR_CERTIFICATE_POLICY_MAPPING', 'anyPolicy is mapped')
    }
  }

  /** RFC 5280 6.1.4 (k), (n). A root of version 1 cannot say what it is: that it is trusted as one has to do. */
  #requireAuthority(issuer: Certificate): void {
    const { version, extensions, reference } = issuer
    const isOldRoot = version !== 3 && reference.list === 'anchors' && this.#settings.profile === 'compatible'
    if (extensions.basicConstraints?.value.ca !== true && !isOldRoot) {
      throw refuse(issuer, 'ERR_CERTIFICATE_NOT_CA', 'it is not of an authority')
    }
    if (extensions.keyUsage?.value.has('keyCertSign') === false) {
      throw refuse(issuer, 'ERR_CERTIFICATE_KEY_USAGE', 'its key is not for signing certificates')
    }
  }

  /** RFC 5280 6.1.4 (g), (i), (j), (m). */
  #takeConstraints(issuer: Certificate): void {
    const { policyConstraints, inhibitAnyPolicy, basicConstraints } = issuer.extensions
    const checkNames = this.#checks.namesBelow(issuer)
    if (checkNames !== undefined) this.#nameChecks.push(checkNames)
    const { requireExplicitPolicy, inhibitPolicyMapping } = policyConstraints?.value ?? {}
    this.#explicitPolicy = Math.min(this.#explicitPolicy, requireExplicitPolicy ?? this.#explicitPolicy)
    this.#policyMapping = Math.min(this.#policyMapping, inhibitPolicyMapping ?? this.#policyMapping)
    this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, inhibitAnyPolicy?.value ?? this.#inhibitAnyPolicy)
    this.#maxPathLength = Math.min(this.#maxPathLength, basicConstraints?.value.pathLength ?? this.#maxPathLength)
  }

  /** A key without usages is for all (RFC 5280 4.2.1.3). */
  #requireKeyUsage(leaf: Certificate): void {
    const usages = leaf.extensions.keyUsage?.value
    const missing = this.#settings.keyUsage.find((usage) => usages?.has(usage) === false)
    if (missing === undefined) return
    throw refuse(leaf, 'ERR_CERTIFICATE_KEY_USAGE', `its key is not for the usage ${missing}`, '4.2.1.3')
  }
}

function refuse(
  { reference }: Certificate,
  code: CertificatePathErrorCode,
  message: string,
  clause?: string,
): CertificatePathError {
  return new CertificatePathError(code, message, { certificate: reference, clause })
}
