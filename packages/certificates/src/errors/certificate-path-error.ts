import { type CertificatePathErrorCode, certificateFaults } from './certificate-faults.js'

/** Which of the given certificates, or lists of revoked ones, is meant. */
export interface CertificateReference {
  /** Where it was given. */
  readonly list: 'leaf' | 'intermediates' | 'anchors' | 'crls'
  /** Its position there, from 0. */
  readonly index: number
  /** Its subject as text (RFC 4514), where it could be read. Whoever made the certificate has chosen it. */
  readonly subject?: string
}

/** Details of a fault, where they are known. */
export interface CertificateFaultDetails {
  readonly certificate?: CertificateReference | undefined
  /** Without the name of the document, where it differs from that of the code. */
  readonly clause?: string | undefined
  readonly cause?: unknown
}

/**
 * A certificate path that is not valid: a stable code, the certificate at fault and the clause of RFC 5280 that it breaks. Its message is
 * for operators.
 *
 * @example
 * ```ts
 * const error = new CertificatePathError('ERR_CERTIFICATE_EXPIRED', 'it has expired', { certificate: { list: 'leaf', index: 0 } })
 * error.clause // 'RFC 5280 6.1.3 (a)(2)'
 * error.certificate // { list: 'leaf', index: 0 }
 * ```
 */
export class CertificatePathError extends Error {
  override readonly name = 'CertificatePathError'
  readonly code: CertificatePathErrorCode
  /** The clause that is broken, such as `RFC 5280 6.1.4 (k)`. */
  readonly clause: string
  /** The certificate at fault, if it is one. */
  declare readonly certificate?: CertificateReference

  constructor(code: CertificatePathErrorCode, message: string, details: CertificateFaultDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.clause = `RFC 5280 ${details.clause ?? certificateFaults[code].clause}`
    if (details.certificate !== undefined) this.certificate = details.certificate
  }

  /**
   * The error as plain data, without its cause.
   *
   * @example
   * ```ts
   * JSON.stringify(new CertificatePathError('ERR_CERTIFICATE_ISSUER_NOT_FOUND', 'no issuer'))
   * // '{"name":"CertificatePathError","code":"ERR_CERTIFICATE_ISSUER_NOT_FOUND","message":"no issuer","clause":"RFC 5280 6.1"}'
   * ```
   */
  toJSON(): PlainCertificatePathError {
    const { name, code, message, clause, certificate } = this
    return { name, code, message, clause, ...(certificate === undefined ? {} : { certificate }) }
  }
}

/** A `CertificatePathError` as plain data. */
export interface PlainCertificatePathError {
  readonly name: string
  readonly code: CertificatePathErrorCode
  readonly message: string
  readonly clause: string
  readonly certificate?: CertificateReference
}
