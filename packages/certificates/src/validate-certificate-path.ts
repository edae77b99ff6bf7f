import { parseCertificate } from './certificate/parse-certificate.js'
import type { Encoded } from './certificate/read-bytes.js'
import type { CertificatePath } from './certificate-path.js'
import type { CertificateReference } from './errors/certificate-path-error.js'
import { findCertificatePath } from './find-certificate-path.js'
import { type CertificatePathOptions, resolveOptions } from './options.js'
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
  return findCertificatePath(parse(parseCertificate, leaf, { list: 'leaf', index: 0 }), {
    anchors: anchors.map((encoded, index) => parse(parseCertificate, encoded, { list: 'anchors', index })),
    intermediates: intermediates.map((encoded, index) => parse(parseCertificate, encoded, { list: 'intermediates', index })),
    lists: { given: crls.map((encoded, index) => parse(parseCertificateList, encoded, { list: 'crls', index })) },
    revocation,
    settings,
  })
}

function parse<Parsed>(
  read: (encoded: unknown, reference: CertificateReference) => Parsed,
  encoded: unknown,
  reference: CertificateReference,
): Parsed {
  try {
    return read(encoded, reference)
  } catch (error) {
    const { list, index } = reference
    if (error instanceof TypeError) throw new TypeError(`${list === 'leaf' ? list : `${list}[${index}]`} ${error.message}`)
    throw error
  }
}
