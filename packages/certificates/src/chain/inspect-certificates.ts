import type { Certificate } from '../certificate/certificate.js'
import { parseCertificate } from '../certificate/parse-certificate.js'
import { checkOptions } from '../check-options.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import type { GeneralName } from '../names/general-name.js'
import { pathRules } from '../options.js'
import { type ChainFault, findOrderFaults, findOwnFaults } from './chain-faults.js'
import { describeKey } from './describe-key.js'

/** What a certificate says, and what is odd about it in its chain. */
export interface CertificateDescription {
  /** As text (RFC 4514). Whoever made the certificate has chosen it. */
  readonly subject: string
  readonly issuer: string
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Such as `uniformResourceIdentifier: https://publisher.example`. */
  readonly subjectAltNames: readonly string[]
  /** Such as `EC P-256` or `RSA 2048`. */
  readonly key: string
  readonly findings: readonly ChainFault[]
}

/** A certificate of a chain: what it says, or why it cannot be read. */
export type InspectedCertificate = CertificateDescription | { readonly fault: string }

/**
 * Shows what the certificates of a statement say (`x5c`, leaf first), and what is odd about each at a time: its validity, its key, the rules
 * of RFC 5280 section 4, and whether the next one has issued it. Nothing of it is trusted: that takes an anchor.
 *
 * Rejects with `TypeError` for a malformed time, and what is no array of certificates; one that cannot be read has a `fault`.
 *
 * @example
 * ```ts
 * const [leaf] = await inspectCertificates([leafCertificate], { at: new Date('2030-01-01T00:00:00Z') })
 * ```
 */
export async function inspectCertificates(
  x5c: readonly string[],
  options: { readonly at: Date },
): Promise<readonly InspectedCertificate[]> {
  checkOptions(options, { at: pathRules.at })
  if (!Array.isArray(x5c)) throw new TypeError('x5c must be an array of certificates')
  const read = x5c.map(readOne)
  const whole = read.filter((one): one is Certificate => !('fault' in one))
  const order = whole.length === read.length ? await findOrderFaults(whole) : []
  const seconds = Math.floor(options.at.getTime() / 1000)
  return read.map((certificate, index) => {
    if ('fault' in certificate) return certificate
    const own = findOwnFaults(certificate, seconds, index === 0 ? 'leaf' : 'intermediate')
    return describe(certificate, [...own, ...(order[index] ?? [])])
  })
}

function readOne(encoded: string, index: number): Certificate | { readonly fault: string } {
  try {
    return parseCertificate(encoded, { list: index === 0 ? 'leaf' : 'intermediates', index: Math.max(0, index - 1) })
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`x5c[${index}] ${error.message}`)
    if (!(error instanceof CertificatePathError)) throw error
    return { fault: error.message }
  }
}

function describe(certificate: Certificate, findings: readonly ChainFault[]): CertificateDescription {
  const { subject, issuer, serialNumber, notBefore, notAfter, extensions, publicKey } = certificate
  return {
    subject: subject.text,
    issuer: issuer.text,
    serialNumber: Array.from(serialNumber, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    notBefore: new Date(notBefore * 1000),
    notAfter: new Date(notAfter * 1000),
    subjectAltNames: (extensions.subjectAltName?.value ?? []).map(describeName),
    key: describeKey(publicKey),
    findings,
  }
}

function describeName(name: GeneralName): string {
  if (!('value' in name)) return name.form
  if (name.form === 'directoryName') return `${name.form}: ${name.value.text}`
  return `${name.form}: ${typeof name.value === 'string' ? name.value : name.value.join('.')}`
}
