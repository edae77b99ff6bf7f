import type { Certificate } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import type { ReasonMask } from '../extensions/reason-flags.js'
import type { CertificateList } from './certificate-list.js'
import { compareAges } from './list-order.js'

/** A complete list that its issuer has signed, with the newest deltas to it, and for which reasons it tells the status of a certificate. */
export interface SignedList {
  readonly list: CertificateList
  /** Who has signed it. */
  readonly issuer: Certificate
  /** All of one number: more than one only where their issuer contradicts itself. */
  readonly deltas: readonly CertificateList[]
  /** A delta to a complete list that is newer than this one. */
  readonly ahead: CertificateList | undefined
  readonly reasons: ReasonMask
  /** Until when the path of its issuer counts, in seconds since 1970. */
  readonly until: number
}

/**
 * Whose key has signed a list: the `own` one, which has signed the certificate; that of a `delegate`, because a distribution point of the
 * certificate names its owner, or the own key is not for lists; or another one (`other`) of the same authority.
 */
export type Speaker = 'own' | 'delegate' | 'other'

/** A list in which the certificate has been looked up. */
export interface ConsultedList extends SignedList {
  readonly speaker: Speaker
  /** Whether it does not tell the status: older ones of its key would tell what may not be so any more. */
  readonly fails: boolean
}

/** A list and its deltas. */
export const partsOf = ({ list, deltas }: SignedList) => [list, ...deltas]

/** The newest part of what a list tells. */
export const newestOf = (signed: SignedList) =>
  partsOf(signed).reduce((one, other) => (compareAges(one, other) < 0 ? other : one))

/** When that was issued. */
export const issuedAt = (signed: SignedList) => newestOf(signed).thisUpdate

/** Until when a list counts. A delta that is current makes the list current it is combined with (RFC 5280 5.2.4). */
export function endOf({ list, deltas, until }: SignedList): number {
  const ends = (deltas.length === 0 ? [list] : deltas).map(({ nextUpdate }) => nextUpdate ?? Number.POSITIVE_INFINITY)
  return Math.min(until, ...ends)
}

export const isOfSameKey = (one: SignedList, other: SignedList) =>
  equalBytes(one.issuer.publicKey.der, other.issuer.publicKey.der)
