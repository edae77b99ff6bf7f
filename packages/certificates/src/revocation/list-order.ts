import { equalBytes } from '../der/equal-bytes.js'
import type { CertificateList } from './certificate-list.js'

const authorityKeyIdentifier = '2.5.29.35'
const issuingDistributionPoint = '2.5.29.28'

/** Orders lists of one issuer by age, the older one first: by their times, those of one time by their numbers, then by their ends. */
export function compareAges(one: CertificateList, other: CertificateList): number {
  return one.thisUpdate - other.thisUpdate || compareNumbers(one, other) || (one.nextUpdate ?? 0) - (other.nextUpdate ?? 0)
}

export function compareNumbers(one: CertificateList, other: CertificateList): number {
  const [first, second] = [numberOf(one), numberOf(other)]
  return first === second ? 0 : first < second ? -1 : 1
}

/** Whether two lists are of one issuer and about the same certificates. */
export function haveSameScope(one: CertificateList, other: CertificateList): boolean {
  return haveSameIssuer(one, other) && haveSame(issuingDistributionPoint, one, other)
}

/** Whether a list is about the same certificates as another one, and older. */
export function isOlder(list: CertificateList, other: CertificateList): boolean {
  return haveSameScope(list, other) && compareAges(list, other) < 0
}

export function haveSameIssuer(one: CertificateList, other: CertificateList): boolean {
  return one.issuer.comparable === other.issuer.comparable
}

/** Whether two lists say that they are signed by the same key. */
export function nameSameKey(one: CertificateList, other: CertificateList): boolean {
  return haveSame(authorityKeyIdentifier, one, other)
}

const numberOf = ({ extensions }: CertificateList) => extensions.cRLNumber?.value ?? 0n

function haveSame(identifier: string, one: CertificateList, other: CertificateList): boolean {
  const [first, second] = [one, other].map(({ extensions }) => extensions.all.get(identifier))
  if (first === undefined || second === undefined) return first === second
  return equalBytes(first.value, second.value)
}
