import type { CertificatePathError, CertificateReference } from '../errors/certificate-path-error.js'
import type { Extensions } from '../extensions/extensions.js'
import type { DistinguishedName } from '../names/distinguished-name.js'
import type { AlgorithmIdentifier } from './algorithm-identifier.js'

/** The key of a subject (RFC 5280 4.1.2.7), not imported yet. */
export interface SubjectPublicKey {
  readonly algorithm: AlgorithmIdentifier
  /** What the BIT STRING holds. */
  readonly key: Uint8Array
  /** SubjectPublicKeyInfo with all its bytes. */
  readonly der: Uint8Array
  /** The same as text, one character each: equal if and only if two keys are. */
  readonly comparable: string
}

/** A certificate as it is validated: what it says, not whether that may be. Times are seconds since 1970. */
export interface Certificate {
  /** Which of the given certificates it is. */
  readonly reference: CertificateReference
  readonly der: Uint8Array
  /** The bytes that are signed. */
  readonly tbs: Uint8Array
  readonly version: 1 | 2 | 3
  /** In two's complement, as it stands: compare byte by byte. */
  readonly serialNumber: Uint8Array
  /** The algorithm beside the signature. */
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** The algorithm among what is signed. */
  readonly signedAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: SubjectPublicKey
  readonly extensions: Extensions
  /** Faults that matter as soon as the certificate is part of a path: extensions twice or of a wrong form. */
  readonly faults: readonly CertificatePathError[]
}

/** Whether subject and issuer are the same name (RFC 5280 6.1). */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.comparable === subject.comparable
}
