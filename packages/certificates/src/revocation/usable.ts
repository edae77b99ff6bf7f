import type { Certificate } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import type { PathSettings } from '../path/path-settings.js'
import type { Profile } from '../profile/profile.js'
import type { CertificateList } from './certificate-list.js'
import type { RevokedCertificate } from './revoked-certificates.js'

/** Why a list does not tell a status, what is most worth knowing first: whether asking again may help. */
export const shortcomings = [
  'ERR_CERTIFICATE_CRL_UNAVAILABLE',
  'ERR_CERTIFICATE_CRL_STALE',
  'ERR_CERTIFICATE_CRL_UNUSABLE',
] as const

/** Why a list does not tell a status, as an error says it. */
export interface Shortcoming {
  readonly code: (typeof shortcomings)[number]
  readonly message: string
  readonly clause?: string
  readonly cause?: unknown
}

/** What is wrong with a list, or with something else. */
export interface Noted extends Shortcoming {
  /** A list that is not known to have the certificate: a newer one may stand in for it. */
  readonly about?: CertificateList
}

/**
 * What keeps a list from telling the status of a certificate: a fault, or that it is not current, unless a delta makes it so (RFC 5280
 * 5.2.4).
 */
export function findShortcoming(
  list: CertificateList,
  certificate: Certificate,
  { revocationAt, profile }: Pick<PathSettings, 'revocationAt' | 'profile'>,
  deltas: readonly CertificateList[] = [],
): Shortcoming | undefined {
  const fault = findFault(list, certificate, profile)
  if (fault !== undefined || deltas.length > 0 || isCurrent(list, revocationAt)) return fault
  return stale(describeEnd(list))
}

/**
 * What keeps a list from telling anything, whenever it is from: an extension that is not of its form, or critical and not understood
 * (RFC 5280 5.2); in the profile `strict` also a missing or critical CRL number (5.2.3); entries that cannot be read.
 */
export function findFault(list: CertificateList, certificate: Certificate, profile: Profile): Shortcoming | undefined {
  const wrong = whatIsWrong(list, profile)
  if (wrong !== undefined) return unusable(wrong)
  const entries = readEntries(list, certificate)
  return entries instanceof DerFault ? unusable(entries.message, entries) : undefined
}

/** What a list says of a certificate: nothing, where it cannot be relied on. */
export function entriesOf(list: CertificateList, certificate: Certificate, profile: Profile): readonly RevokedCertificate[] {
  return findFault(list, certificate, profile) === undefined ? list.revoked.find(certificate) : []
}

/** What the entries of a list say of a certificate, whether or not it can be relied on; or why they cannot be read. */
export function readEntries(list: CertificateList, certificate: Certificate): readonly RevokedCertificate[] | DerFault {
  try {
    return list.revoked.find(certificate)
  } catch (cause) {
    if (cause instanceof DerFault) return cause
    throw cause
  }
}

/** Whether an error tells what is wrong with a list, its entries or its issuer: the end of the budget is no fault of theirs. */
export function isFaultOfList(error: unknown): error is DerFault | CertificatePathError {
  return error instanceof DerFault || (error instanceof CertificatePathError && error.code !== 'ERR_CERTIFICATE_LIMIT')
}

export function unusable(what: string, cause?: unknown): Shortcoming {
  const message = `its list cannot be relied on: ${what}`
  return { code: 'ERR_CERTIFICATE_CRL_UNUSABLE', message, ...(cause === undefined ? {} : { cause }) }
}

export function unavailable(cause: unknown): Shortcoming {
  return { code: 'ERR_CERTIFICATE_CRL_UNAVAILABLE', message: 'its list could not be fetched', cause }
}

export function stale(message: string, clause = '5.1.2.5'): Shortcoming {
  return { code: 'ERR_CERTIFICATE_CRL_STALE', message, clause }
}

export const print = (seconds: number) => new Date(seconds * 1000).toISOString()

function whatIsWrong({ fault, extensions }: CertificateList, profile: Profile): string | undefined {
  if (fault !== undefined || profile !== 'strict') return fault
  if (extensions.cRLNumber === undefined) return 'it has no CRL number'
  return extensions.cRLNumber.critical ? 'its CRL number is critical' : undefined
}

/** Whether a list has been issued and not been followed by the next one (RFC 5280 5.1.2.4, 5.1.2.5). */
function isCurrent({ thisUpdate, nextUpdate }: CertificateList, at: number): boolean {
  return thisUpdate <= at && nextUpdate !== undefined && at <= nextUpdate
}

const describeEnd = ({ nextUpdate }: CertificateList) =>
  nextUpdate === undefined ? 'its list does not tell until when it is current' : `its list was current until ${print(nextUpdate)}`
