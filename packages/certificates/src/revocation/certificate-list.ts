import type { Certificate } from '../certificate/certificate.js'
import type { DistributionPoint } from '../extensions/distribution-points.js'
import type { AuthorityKeyIdentifier, Extension } from '../extensions/extensions.js'
import type { DistinguishedName } from '../names/distinguished-name.js'
import type { IssuingDistributionPoint } from './issuing-distribution-point.js'
import type { RevokedCertificates } from './revoked-certificates.js'

/** The extensions of a list that are understood here (RFC 5280 5.2), by their names. */
export interface ListExtensions {
  readonly authorityKeyIdentifier?: Extension<AuthorityKeyIdentifier>
  readonly cRLNumber?: Extension<bigint>
  /** The number of the complete list that a delta is about (`BaseCRLNumber`). */
  readonly deltaCRLIndicator?: Extension<bigint>
  readonly issuingDistributionPoint?: Extension<IssuingDistributionPoint>
  readonly freshestCRL?: Extension<readonly DistributionPoint[]>
  /** Every extension with its value as bytes, by object identifier, understood or not. */
  readonly all: ReadonlyMap<string, Extension<Uint8Array>>
}

/** A list of revoked certificates, complete or delta (RFC 5280 5.1), as it is looked at. Times are seconds since 1970. */
export interface CertificateList
  extends Pick<Certificate, 'reference' | 'tbs' | 'signatureAlgorithm' | 'signedAlgorithm' | 'signature'> {
  readonly issuer: DistinguishedName
  readonly thisUpdate: number
  /** Issuers have to say it (5.1.2.5): a list without it is never known to be the newest. */
  readonly nextUpdate: number | undefined
  readonly revoked: RevokedCertificates
  readonly extensions: ListExtensions
  /** Why the list cannot be used, whatever it says: an extension twice, of a wrong form, or critical and not understood. */
  readonly fault: string | undefined
}
