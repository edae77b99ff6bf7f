import type { Certificate } from '../certificate/certificate.js'
import { parseCertificate } from '../certificate/parse-certificate.js'
import { CertificatePathError, type CertificateReference } from '../errors/certificate-path-error.js'
import { refuseForm } from './path-refusal.js'

/** Base64, without white space (RFC 7515 4.1.6). */
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/** Reads the certificates of a statement, leaf first. Throws `InvalidStatementError` with `ERR_X5C_MALFORMED`. */
export function readChain(x5c: readonly string[]): readonly [leaf: Certificate, ...others: Certificate[]] {
  const [leaf = '', ...others] = x5c
  return [
    readOne(leaf, 0, { list: 'leaf', index: 0 }),
    ...others.map((encoded, index) => readOne(encoded, index + 1, { list: 'intermediates', index })),
  ]
}

function readOne(encoded: string, position: number, reference: CertificateReference): Certificate {
  if (!base64.test(encoded)) {
    const fault = new CertificatePathError('ERR_CERTIFICATE_MALFORMED', 'it is not base64', { certificate: reference })
    throw refuseForm(fault, position, 'RFC 7515 4.1.6')
  }
  try {
    return parseCertificate(encoded, reference)
  } catch (error) {
    if (error instanceof CertificatePathError) throw refuseForm(error, position)
    throw error
  }
}
