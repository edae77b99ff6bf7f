import {
  type ErrorCodeOf,
  type ErrorDetails,
  InvalidStatementError,
  type StatementError,
  TrustUnavailableError,
  toAscii,
  UnapprovedStatementError,
} from '@software-statement/core'
import type { Certificate } from '../certificate/certificate.js'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import type { CertificatePathError } from '../errors/certificate-path-error.js'
import { describePlace } from '../parse-given.js'

type Refuse = (message: string, details: ErrorDetails) => StatementError

const unapproved =
  (code: ErrorCodeOf<'UnapprovedStatementError'>): Refuse =>
  (...given) =>
    new UnapprovedStatementError(code, ...given)
const unavailable =
  (code: ErrorCodeOf<'TrustUnavailableError'>): Refuse =>
  (...given) =>
    new TrustUnavailableError(code, ...given)

const notTrusted = unapproved('ERR_X5C_NOT_TRUSTED')

/** What a list that is missing, stale or of no use means: not being able to find out is neither good nor revoked. */
const refusals: ReadonlyMap<CertificatePathErrorCode, Refuse> = new Map([
  ['ERR_CERTIFICATE_REVOKED', unapproved('ERR_X5C_REVOKED')],
  ['ERR_CERTIFICATE_CRL_MISSING', unapproved('ERR_X5C_CRL_MISSING')],
  ['ERR_CERTIFICATE_CRL_STALE', unavailable('ERR_X5C_CRL_STALE')],
  ['ERR_CERTIFICATE_CRL_UNUSABLE', unavailable('ERR_X5C_CRL_UNAVAILABLE')],
  ['ERR_CERTIFICATE_CRL_UNAVAILABLE', unavailable('ERR_X5C_CRL_UNAVAILABLE')],
])

/** The error of a statement whose certificates, leaf first, make no valid path. */
export function refusePath(error: CertificatePathError, x5c: readonly Certificate[]): StatementError {
  const refuse = refusals.get(error.code) ?? notTrusted
  const { message, clause } = error
  return refuse(`${describeCertificate(error, x5c)}${message} (${clause})`, { member: 'x5c', clause, cause: error })
}

/** The error of a statement of which one certificate cannot be read, with the clause of its form. */
export function refuseForm(error: CertificatePathError, position: number, clause: string = error.clause): StatementError {
  return new InvalidStatementError('ERR_X5C_MALFORMED', `x5c[${position}]: ${error.message} (${clause})`, {
    member: 'x5c',
    clause,
    cause: error,
  })
}

/** Where the certificate at fault was given, and whose it is. Its subject is shown as plain text: whoever made it has chosen it. */
function describeCertificate({ certificate }: CertificatePathError, x5c: readonly Certificate[]): string {
  if (certificate === undefined) return ''
  const position = x5c.findIndex(({ reference }) => reference === certificate)
  const place = position === -1 ? describePlace(certificate) : `x5c[${position}]`
  const subject = certificate.subject === undefined ? '' : `, the certificate of "${toAscii(certificate.subject)}"`
  return `${place}${subject}: `
}
