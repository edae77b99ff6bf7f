import type { CertificateList } from './certificate-list.js'
import { compareNumbers, haveSameScope, nameSameKey } from './list-order.js'

/** Whether a list is none but what has changed since another one (RFC 5280 5.2.4). */
export function isDelta({ extensions }: CertificateList): boolean {
  return extensions.deltaCRLIndicator !== undefined
}

/**
 * The deltas that go with a complete list (RFC 5280 6.3.3 (c)), issued by a time: of the same issuer, about the same certificates, by the
 * same key. Those of one number are together; the newest come first.
 */
export function deltasBeside(
  complete: CertificateList,
  lists: readonly CertificateList[],
  at: number,
): readonly (readonly CertificateList[])[] {
  const byNumber = new Map<bigint, CertificateList[]>()
  for (const list of lists.toSorted((a, b) => compareNumbers(b, a))) {
    const number = list.extensions.cRLNumber?.value
    if (number === undefined || list.thisUpdate > at || !haveSameScope(list, complete) || !nameSameKey(list, complete)) continue
    const others = byNumber.get(number)
    if (others === undefined) byNumber.set(number, [list])
    else others.push(list)
  }
  return [...byNumber.values()]
}

/** Whether a delta can be combined with a complete list (RFC 5280 5.2.4): based on this one or an earlier one, and newer than it. */
export function canFollow(delta: CertificateList, complete: CertificateList): boolean {
  const [base, number] = [delta.extensions.deltaCRLIndicator?.value, complete.extensions.cRLNumber?.value]
  return base !== undefined && number !== undefined && base <= number && compareNumbers(delta, complete) > 0
}

/** Whether a delta can be combined with a complete list, and says that it is signed by the same key. */
export function isDeltaTo(delta: CertificateList, complete: CertificateList): boolean {
  return canFollow(delta, complete) && haveSameScope(delta, complete) && nameSameKey(delta, complete)
}

/** Whether a delta is based on a list that is newer than a complete list: that one is not the newest any more. */
export function isToLater(delta: CertificateList, complete: CertificateList): boolean {
  const [base, number] = [delta.extensions.deltaCRLIndicator?.value, complete.extensions.cRLNumber?.value]
  return base !== undefined && number !== undefined && base > number
}
