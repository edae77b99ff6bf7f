import type { Certificate } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { findUnknownValue } from '../extensions/critical-values.js'
import { anyPurpose, extensionIdentifiers, issuerAltName, noRevAvail } from '../extensions/identifiers.js'
import type { Position } from '../profile/profile.js'
import { checkStrictRules } from '../profile/strict-rules.js'
import type { PathSettings } from './path-settings.js'

/** Extensions that may be critical: those that are obeyed, and one that says nothing a path depends on (RFC 5280 4.2.1.7). */
const understood: ReadonlySet<string> = new Set([...Object.values(extensionIdentifiers), issuerAltName, noRevAvail])

/**
 * Checks what concerns one certificate of a path alone: that it has its form, its time (RFC 5280 6.1.3 (a)(2)), its critical extensions
 * (6.1.4 (o), 6.1.5 (f)), its key purposes, and the rules of the profile.
 *
 * Throws `CertificatePathError`.
 */
export function checkCertificate(certificate: Certificate, position: Position, settings: PathSettings): void {
  const { reference, faults, signatureAlgorithm, signedAlgorithm, notBefore, notAfter, extensions } = certificate
  const [fault] = faults
  if (fault !== undefined) throw fault
  const refuse = (code: CertificatePathErrorCode, message: string, clause?: string) =>
    new CertificatePathError(code, message, { certificate: reference, clause })
  if (!equalBytes(signatureAlgorithm.der, signedAlgorithm.der)) {
    throw refuse('ERR_CERTIFICATE_ALGORITHM_MISMATCH', 'the signature algorithm is not the one that is signed')
  }
  const { at, revocationAt: now } = settings
  if (![at, now].some((time) => notBefore <= time && time <= notAfter)) {
    if (now < notBefore) throw refuse('ERR_CERTIFICATE_NOT_YET_VALID', `it is not valid before ${print(notBefore)}`)
    throw refuse('ERR_CERTIFICATE_EXPIRED', `it is not valid after ${print(notAfter)}`)
  }
  for (const [identifier, { critical, value }] of extensions.all) {
    if (!critical) continue
    const message = `the critical extension ${identifier} is not understood`
    if (!understood.has(identifier)) throw refuse('ERR_CERTIFICATE_CRITICAL_EXTENSION', message)
    const unknown = findUnknownValue(identifier, value)
    if (unknown === undefined) continue
    throw refuse('ERR_CERTIFICATE_CRITICAL_EXTENSION', `${message}: ${unknown.message}`, unknown.clause)
  }
  const purposes = extensions.extKeyUsage?.value
  const missing = settings.extendedKeyUsage.find((purpose) => !isFor(purpose, purposes))
  if (missing !== undefined) throw refuse('ERR_CERTIFICATE_EXTENDED_KEY_USAGE', `its key is not for the purpose ${missing}`)
  if (settings.profile === 'strict') checkStrictRules(certificate, position)
}

/**
 * A key without purposes is for all (RFC 5280 4.2.1.12). Those of an authority limit what it certifies keys for: RFC 5280 does not say so,
 * but everybody who writes them there means it.
 */
function isFor(purpose: string, purposes: readonly string[] | undefined): boolean {
  return purposes === undefined || purposes.includes(purpose) || purposes.includes(anyPurpose)
}

const print = (seconds: number) => new Date(seconds * 1000).toISOString()
