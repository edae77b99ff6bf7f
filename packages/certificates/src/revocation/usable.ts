import type { Profile } from '../profile/profile.js'
import type { CertificateList } from './certificate-list.js'

/**
 * What keeps a list from being used, whenever it is: an extension that is not of its form, or critical and not understood (RFC 5280 5.2);
 * in the profile `strict` also a missing or critical CRL number (5.2.3).
 */
export function whatIsWrong({ fault, extensions }: CertificateList, profile: Profile): string | undefined {
  if (fault !== undefined || profile !== 'strict') return fault
  if (extensions.cRLNumber === undefined) return 'it has no CRL number'
  return extensions.cRLNumber.critical ? 'its CRL number is critical' : undefined
}

/** Whether a list has been issued and not been followed by the next one (RFC 5280 5.1.2.4, 5.1.2.5). */
export function isCurrent({ thisUpdate, nextUpdate }: CertificateList, at: number): boolean {
  return thisUpdate <= at && nextUpdate !== undefined && at <= nextUpdate
}
