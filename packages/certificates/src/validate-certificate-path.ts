import type { Certificate } from './certificate/certificate.js'
import { parseCertificate } from './certificate/parse-certificate.js'
import type { Encoded } from './certificate/read-bytes.js'
import { type CertificatePath, describePath } from './certificate-path.js'
import type { CertificateReference } from './errors/certificate-path-error.js'
import { type CertificatePathOptions, resolveOptions } from './options.js'
import { Budget } from './path/budget.js'
import { buildPath } from './path/build-path.js'
import { CertificateStore } from './path/certificate-store.js'
import { validatePath } from './path/validate-path.js'
import { checkAnchorSignature } from './profile/anchor-signature.js'
import { SignatureVerifier } from './signature/signature-verifier.js'

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
  const { anchors, intermediates, settings } = resolveOptions(options)
  const certificate = parse(leaf, { list: 'leaf', index: 0 })
  const store = new CertificateStore(
    anchors.map((encoded, index) => parse(encoded, { list: 'anchors', index })),
    intermediates.map((encoded, index) => parse(encoded, { list: 'intermediates', index })),
    settings.at,
  )
  const budget = new Budget()
  const verifier = new SignatureVerifier(budget)
  const { issuers, verdict } = await buildPath(certificate, { store, verifier, budget }, async (path, anchor) => {
    const policies = validatePath(path, anchor, settings, budget)
    if (settings.profile === 'strict') await checkAnchorSignature(anchor, verifier)
    return policies
  })
  return describePath(certificate, issuers, verdict)
}

function parse(encoded: unknown, reference: CertificateReference): Certificate {
  try {
    return parseCertificate(encoded, reference)
  } catch (error) {
    const { list, index } = reference
    if (error instanceof TypeError) throw new TypeError(`${list === 'leaf' ? list : `${list}[${index}]`} ${error.message}`)
    throw error
  }
}
