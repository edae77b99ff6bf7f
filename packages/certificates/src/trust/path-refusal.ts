import {
  type ErrorCodeOf,
  type ErrorDetails,
  InvalidStatementError,
  type StatementError,
  TrustUnavailableError,
  toAscii,
  UnapprovedStatementError,
} from '@software-statement/core'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import type { CertificatePathError } from '../errors/certificate-path-error.js'

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

/** The error of a statement whose certificates make no valid path. */
export function refusePath(error: CertificatePathError): StatementError {
  const refuse = refusals.get(error.code) ?? notTrusted
  return refuse(describeFault(error), { member: 'x5c', cause: error })
}

/** The error of a statement whose certificates cannot be read. */
export function refuseForm(error: CertificatePathError): StatementError {
  return new InvalidStatementError('ERR_X5C_MALFORMED', describeFault(error), { member: 'x5c', cause: error })
}

/** Which certificate, what is wrong with it, and where that stands. Its subject is shown as plain text: whoever made it has chosen it. */
function describeFault({ message, clause, certificate }: CertificatePathError): string {
  const subject = certificate?.subject === undefined ? '' : ` of "${toAscii(certificate.subject)}"`
  return `${certificate === undefined ? '' : `the certificate${subject}: `}${message} (${clause})`
}
