/**
 * Every code of a `CertificatePathError`, with the clause that it stands for and what it says. All clauses are of RFC 5280; where one
 * code stands for several, the error names the one that is broken.
 */
export const certificateFaults = {
  // What is given
  ERR_CERTIFICATE_MALFORMED: { clause: '4.1', description: 'A certificate is not one in DER, base64 or PEM' },
  ERR_CERTIFICATE_EXTENSION_MALFORMED: { clause: '4.2', description: 'An extension is not of its form' },
  ERR_CERTIFICATE_DUPLICATE_EXTENSION: { clause: '4.2', description: 'An extension is there twice' },
  ERR_CERTIFICATE_ALGORITHM_MISMATCH: { clause: '4.1.1.2', description: 'The signature algorithm is not the one that is signed' },
  ERR_CERTIFICATE_ALGORITHM_UNSUPPORTED: { clause: '4.1.1.2', description: 'The signature algorithm is unknown or broken' },
  ERR_CERTIFICATE_KEY_UNSUITABLE: {
    clause: '4.1.2.7',
    description: 'The key of an issuer is too weak, unknown or of another algorithm',
  },
  // Building a path
  ERR_CERTIFICATE_ISSUER_NOT_FOUND: { clause: '6.1', description: 'No path leads to a trust anchor' },
  ERR_CERTIFICATE_LIMIT: { clause: '6.1', description: 'The certificates ask for more work than a path may take' },
  // Validating it
  ERR_CERTIFICATE_SIGNATURE_INVALID: { clause: '6.1.3 (a)(1)', description: 'The signature is not that of the issuer' },
  ERR_CERTIFICATE_EXPIRED: { clause: '6.1.3 (a)(2)', description: 'The certificate has expired' },
  ERR_CERTIFICATE_NOT_YET_VALID: { clause: '6.1.3 (a)(2)', description: 'The certificate is not valid yet' },
  ERR_CERTIFICATE_NAME_NOT_PERMITTED: { clause: '6.1.3 (b)', description: 'A name is outside of what its issuers may name' },
  ERR_CERTIFICATE_NAME_EXCLUDED: { clause: '6.1.3 (c)', description: 'A name is one that its issuers must not name' },
  ERR_CERTIFICATE_NAME_UNSUPPORTED: { clause: '4.2.1.10', description: 'A name cannot be held against a name constraint' },
  ERR_CERTIFICATE_POLICY: { clause: '6.1.3 (f)', description: 'No certificate policy is left that is acceptable' },
  ERR_CERTIFICATE_POLICY_MAPPING: { clause: '6.1.4 (a)', description: 'anyPolicy is mapped' },
  ERR_CERTIFICATE_NOT_CA: { clause: '6.1.4 (k)', description: 'The certificate of an issuer is not that of an authority' },
  ERR_CERTIFICATE_PATH_TOO_LONG: { clause: '6.1.4 (l)', description: 'There are more intermediates than allowed' },
  ERR_CERTIFICATE_KEY_USAGE: { clause: '6.1.4 (n)', description: 'The key is not for this use' },
  ERR_CERTIFICATE_EXTENDED_KEY_USAGE: { clause: '4.2.1.12', description: 'The key is not for this purpose' },
  ERR_CERTIFICATE_CRITICAL_EXTENSION: { clause: '6.1.4 (o)', description: 'A critical extension is not understood' },
  // Its revocation
  ERR_CERTIFICATE_REVOKED: { clause: '6.3.3 (j)', description: 'The certificate is revoked' },
  ERR_CERTIFICATE_CRL_MISSING: { clause: '6.3.3', description: 'There is no list of revoked certificates for the certificate' },
  ERR_CERTIFICATE_CRL_STALE: { clause: '5.1.2.5', description: 'The list of revoked certificates is not current' },
  ERR_CERTIFICATE_CRL_UNUSABLE: { clause: '6.3.3', description: 'The list of revoked certificates cannot be relied on' },
  ERR_CERTIFICATE_CRL_UNAVAILABLE: { clause: '6.3.3 (a)', description: 'A list of revoked certificates could not be fetched' },
  ERR_CERTIFICATE_CRL_MALFORMED: {
    clause: '5.1',
    description: 'A list of revoked certificates is not one in DER, base64 or PEM',
  },
  // What authorities issue
  ERR_CERTIFICATE_PROFILE: { clause: '4', description: 'The certificate breaks a rule for what authorities issue' },
} as const satisfies Record<`ERR_CERTIFICATE_${string}`, { readonly clause: string; readonly description: string }>

/** A stable code of what is wrong with a certificate path. */
export type CertificatePathErrorCode = keyof typeof certificateFaults
