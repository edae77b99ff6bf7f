import { CertificatePathError } from '../errors/certificate-path-error.js'

/**
 * What one validation may take at most, whatever certificates it is given. A path of ten certificates takes ten signatures and ten
 * candidates. What is checked of certificates whatever path they are in is checked once, and takes no more than to read them.
 */
export const pathLimits = {
  /** Signature checks; the same certificate with the same key of an issuer counts once. */
  signatures: 100,
  /** Issuers looked at while paths are built. */
  candidates: 1_000,
  /** Issuers left out because a path has their name and key already. */
  loops: 100_000,
  /** Names times name constraints, of whatever forms, once for two certificates; distribution points times lists of revoked certificates, by their names. */
  nameComparisons: 1_000_000,
  /** Policies and policy mappings looked at. */
  policies: 100_000,
} as const

export type PathLimit = keyof typeof pathLimits

/** Counts the work of one validation. */
export class Budget {
  readonly #left: Record<PathLimit, number> = { ...pathLimits }

  /** Throws `CertificatePathError` with `ERR_CERTIFICATE_LIMIT` if there is not as much left. */
  spend(limit: PathLimit, amount: number): void {
    this.#left[limit] -= amount
    if (this.#left[limit] >= 0) return
    throw new CertificatePathError('ERR_CERTIFICATE_LIMIT', `more than ${pathLimits[limit]} ${limit} would be needed`)
  }
}
