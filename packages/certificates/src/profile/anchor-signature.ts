import { type Certificate, isSelfIssued } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import type { SignatureVerifier } from '../signature/signature-verifier.js'

/**
 * Checks that an anchor that is self-signed is as its owner has signed it, and that one that does not say which key has signed it is
 * self-signed (RFC 5280 4.2.1.1). No path depends on that (6.1), but everything an anchor says is obeyed here, so that in the profile
 * `strict` it has to be whole. Roots signed with SHA-1 are taken as they are: that they are trusted does not come from their signature.
 *
 * Rejects with `CertificatePathError`.
 */
export async function checkAnchorSignature(anchor: Certificate, verifier: SignatureVerifier): Promise<void> {
  const { authorityKeyIdentifier, subjectKeyIdentifier } = anchor.extensions
  const issuerKey = authorityKeyIdentifier?.value.keyIdentifier
  const ownKey = subjectKeyIdentifier?.value
  // A key that has a certificate from the one before it is self-issued, not self-signed.
  const isOwnKey = issuerKey === undefined || ownKey === undefined || equalBytes(issuerKey, ownKey)
  if (!isOwnKey || (issuerKey !== undefined && !isSelfIssued(anchor))) return
  try {
    await verifier.verify(anchor, anchor)
  } catch (error) {
    if (!(error instanceof CertificatePathError) || error.code === 'ERR_CERTIFICATE_LIMIT') throw error
    if (!isSelfIssued(anchor)) {
      const message = 'it has no key identifier of its issuer, and is not self-signed'
      throw new CertificatePathError('ERR_CERTIFICATE_PROFILE', message, { certificate: anchor.reference, clause: '4.2.1.1' })
    }
    if (error.code !== 'ERR_CERTIFICATE_ALGORITHM_UNSUPPORTED') throw error
  }
}
