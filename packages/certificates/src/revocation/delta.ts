import { equalBytes } from '../der/equal-bytes.js'
import type { Extension } from '../extensions/extensions.js'
import type { Profile } from '../profile/profile.js'
import type { CertificateList } from './certificate-list.js'
import { isCurrent, whatIsWrong } from './usable.js'

const authorityKeyIdentifier = '2.5.29.35'
const issuingDistributionPoint = '2.5.29.28'

/** Whether two lists say that they are the same one: of one issuer, about the same certificates, with one number and time. */
export function isSameList(one: CertificateList, other: CertificateList): boolean {
  const isSameTime = one.thisUpdate === other.thisUpdate && one.extensions.cRLNumber?.value === other.extensions.cRLNumber?.value
  return isSameTime && one.issuer.comparable === other.issuer.comparable && haveSame(issuingDistributionPoint, one, other)
}

/**
 * The newest delta that can be combined with a complete list (RFC 5280 5.2.4, 6.3.3 (c)): of the same issuer, about the same certificates,
 * by the same key, based on this list or an earlier one, newer than it, and current.
 */
export function findDelta(
  complete: CertificateList,
  lists: readonly CertificateList[],
  { at, profile }: { readonly at: number; readonly profile: Profile },
): CertificateList | undefined {
  const number = complete.extensions.cRLNumber?.value
  if (number === undefined) return undefined
  const fitting = lists.filter((list) => {
    const { deltaCRLIndicator, cRLNumber } = list.extensions
    if (deltaCRLIndicator === undefined || cRLNumber === undefined) return false
    if (list.issuer.comparable !== complete.issuer.comparable || whatIsWrong(list, profile) !== undefined) return false
    if (![authorityKeyIdentifier, issuingDistributionPoint].every((name) => haveSame(name, list, complete))) return false
    return deltaCRLIndicator.value <= number && number < cRLNumber.value && isCurrent(list, at)
  })
  const newest = (a: CertificateList, b: CertificateList) => (numberOf(a) > numberOf(b) ? -1 : 1)
  return fitting.sort(newest)[0]
}

const numberOf = ({ extensions }: CertificateList) => extensions.cRLNumber?.value ?? 0n

function haveSame(identifier: string, one: CertificateList, other: CertificateList): boolean {
  const [first, second]: (Extension<Uint8Array> | undefined)[] = [one, other].map(({ extensions }) =>
    extensions.all.get(identifier),
  )
  if (first === undefined || second === undefined) return first === second
  return equalBytes(first.value, second.value)
}
