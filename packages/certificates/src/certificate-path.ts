import type { Certificate } from './certificate/certificate.js'
import type { CertificateReference } from './errors/certificate-path-error.js'
import type { Candidate } from './path/certificate-store.js'

/** Why a certificate is in a path. */
export type PathReason =
  /** It is the leaf. */
  | 'given'
  /** Its subject is the issuer of the one before (RFC 5280 6.1 (a)). */
  | 'issuerName'
  /** Its subject key identifier is the authority key identifier of the one before (RFC 5280 4.2.1.1). */
  | 'keyIdentifier'
  /** Its key verifies the signature of the one before. */
  | 'signature'
  /** It is one of the anchors. */
  | 'trusted'

/** A certificate of a valid path. */
export interface PathCertificate extends CertificateReference {
  /** As text (RFC 4514), for people. */
  readonly subject: string
  /** As text (RFC 4514), for people. */
  readonly issuer: string
  /** Hexadecimal, in two's complement, as it stands in the certificate. */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** DER. */
  readonly der: Uint8Array
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array
  /** Whether it was looked up in lists of revoked certificates, and found on none: an anchor never is, nor one that has ended. */
  readonly revocationChecked: boolean
  /** Why it was chosen, in the order in which it was looked at. */
  readonly reasons: readonly PathReason[]
}

/** A valid certificate path. */
export interface CertificatePath {
  /** From leaf to anchor: at least these two. */
  readonly certificates: readonly PathCertificate[]
  /**
   * Object identifiers of the policies the path is valid for and that are acceptable (RFC 5280 6.1.5 (g)); `2.5.29.32.0` for any. May be
   * empty where no policy is required.
   */
  readonly policies: readonly string[]
  /** Until when the path stays valid by what was looked at: the earliest end of a certificate or of a list of revoked ones. */
  readonly validUntil: Date
}

interface PathVerdict {
  readonly policies: readonly string[]
  readonly listsUntil: number
  readonly isLookedUp: (certificate: Certificate) => boolean
}

/** Describes a path that was accepted: the leaf and its issuers up to the anchor. */
export function describePath(
  leaf: Certificate,
  issuers: readonly Candidate[],
  { policies, listsUntil, isLookedUp }: PathVerdict,
): CertificatePath {
  const ends = [leaf, ...issuers.map(({ certificate }) => certificate)].map(({ notAfter }) => notAfter)
  return {
    validUntil: new Date(Math.min(listsUntil, ...ends) * 1000),
    certificates: [
      describeCertificate(leaf, ['given'], isLookedUp(leaf)),
      ...issuers.map(({ certificate, isAnchor, keyIdentifier }) =>
        describeCertificate(
          certificate,
          [
            'issuerName',
            ...(keyIdentifier === 'same' ? (['keyIdentifier'] as const) : []),
            'signature',
            ...(isAnchor ? (['trusted'] as const) : []),
          ],
          !isAnchor && isLookedUp(certificate),
        ),
      ),
    ],
    policies,
  }
}

function describeCertificate(
  certificate: Certificate,
  reasons: readonly PathReason[],
  revocationChecked: boolean,
): PathCertificate {
  const { reference, subject, issuer, serialNumber, notBefore, notAfter, der, publicKey } = certificate
  return {
    ...reference,
    subject: subject.text,
    issuer: issuer.text,
    serialNumber: Array.from(serialNumber, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    notBefore: new Date(notBefore * 1000),
    notAfter: new Date(notAfter * 1000),
    der,
    publicKey: publicKey.der,
    revocationChecked,
    reasons,
  }
}
