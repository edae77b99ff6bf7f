import { parseCertificate } from './certificate/parse-certificate.js'
import type { Encoded } from './certificate/read-bytes.js'
import type { CertificatePath } from './certificate-path.js'
import { findCertificatePath } from './find-certificate-path.js'
import { type CertificatePathOptions, resolveOptions } from './options.js'
import { parseGiven } from './parse-given.js'
import { parseCertificateList } from './revocation/parse-certificate-list.js'

/**
 * Builds a certificate path from a leaf to one of the anchors and validates it as RFC 5280 section 6 says, and resolves with the first one
 * that is valid. Certificates are PEM, base64 (as in `x5c`) or DER. Work is bounded by `pathLimits`, whatever certificates are given.
 *
 * Rejects with `CertificatePathError` if there is no valid path: with the fault of the path that came furthest; `TypeError` for options that
 * are not of their form, naming the option.
 *
 * @example
 * ```ts
 * const { certificates } = await validateCertificatePath(leafCertificate, {
 *   intermediates: [intermediateCertificate],
 *   anchors: [anchorCertificate],
 *   at: new Date('2030-06-01T00:00:00Z'),
 *   keyUsage: ['digitalSignature'],
 * })
 * certificates.map(({ subject }) => subject) // ['CN=Example Publisher', 'CN=Example Issuing CA', 'CN=Example Root CA']
 * ```
 */
export async function validateCertificatePath(leaf: Encoded, options: CertificatePathOptions): Promise<CertificatePath> {
  const { anchors, intermediates, crls, revocation, settings } = resolveOptions(options)
  return findCertificatePath(parseGiven(parseCertificate, leaf, { list: 'leaf', index: 0 }), {
    anchors: anchors.map((encoded, index) => parseGiven(parseCertificate, encoded, { list: 'anchors', index })),
    intermediates: intermediates.map((encoded, index) => parseGiven(parseCertificate, encoded, { list: 'intermediates', index })),
    lists: { given: crls.map((encoded, index) => parseGiven(parseCertificateList, encoded, { list: 'crls', index })) },
    revocation,
    settings,
  })
}
