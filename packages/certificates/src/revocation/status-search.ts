import type { Certificate } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { allReasons, type ReasonMask } from '../extensions/reason-flags.js'
import type { PathSettings } from '../path/path-settings.js'
import type { CertificateList } from './certificate-list.js'
import type { Target } from './list-issuer.js'
import { compareAges, haveSameScope, isSameList } from './list-order.js'
import type { RevokedCertificate } from './revoked-certificates.js'
import { findShortcoming, type Shortcoming, shortcomings, unusable } from './usable.js'

/** A complete list that its issuer has signed, with the newest deltas to it, and for which reasons it tells the status of a certificate. */
export interface SignedList {
  readonly list: CertificateList
  /** All of one number: more than one only where their issuer contradicts itself. */
  readonly deltas: readonly CertificateList[]
  readonly reasons: ReasonMask
  /** Until when the path of its issuer counts, in seconds since 1970. */
  readonly until: number
}

/** The state variables of RFC 5280 6.3.2 for one certificate, and what was wrong with lists that could have told its status. */
export class StatusSearch {
  readonly target: Target
  readonly #settings: Pick<PathSettings, 'revocationAt' | 'profile'>
  readonly #shortcomings: Shortcoming[] = []
  readonly #used = new Set<CertificateList>()
  /** Lists that nobody who may has signed. */
  readonly #rejected = new Set<CertificateList>()
  /** Lists that are signed and do not tell the status: older ones would tell what may not be so any more. */
  readonly #failing: CertificateList[] = []
  #covered: ReasonMask = 0
  #until = Number.POSITIVE_INFINITY

  constructor(target: Target, settings: Pick<PathSettings, 'revocationAt' | 'profile'>) {
    this.target = target
    this.#settings = settings
  }

  /** Whether the status is known for every reason. */
  get isDetermined(): boolean {
    return this.#covered === allReasons
  }

  /**
   * Whether a list for these reasons tells something that is not known yet (RFC 5280 6.3.3 (e)), or may contradict one that says it is the
   * same list: then being on either counts, in whatever order they come.
   */
  needs(reasons: ReasonMask, list: CertificateList): boolean {
    if (reasons === 0 || this.#rejected.has(list) || this.#isOutdated(list)) return false
    if ((reasons & ~this.#covered) !== 0) return true
    return !this.#used.has(list) && [...this.#used].some((used) => isSameList(used, list))
  }

  note(shortcoming: Shortcoming): undefined {
    this.#shortcomings.push(shortcoming)
  }

  /** Notes what is wrong with a list or its issuer. Throws what is wrong with something else. */
  noteFault(error: unknown): undefined {
    if (!isFaultOfList(error)) throw error
    return this.note(unusable(error.message, error))
  }

  /** Leaves a list out from now on. */
  reject(list: CertificateList): void {
    this.#rejected.add(list)
  }

  /**
   * Looks the certificate up in a list (RFC 5280 6.3.3 (i) to (l)). One that does not tell its status, or to which there is a delta that does
   * not, keeps older ones from telling it.
   *
   * Throws `CertificatePathError` if it is revoked.
   */
  lookUp({ list, deltas, reasons, until }: SignedList): void {
    const { certificate } = this.target
    const missing = deltas.flatMap((delta) => findShortcoming(delta, certificate, this.#settings) ?? [])
    const usable = missing.length === 0 ? deltas : []
    const wrong = findShortcoming(list, certificate, this.#settings, usable)
    if (wrong === undefined) this.#refuseRevoked(list, usable)
    const found = wrong === undefined ? missing : [wrong, ...missing]
    if (found.length > 0) {
      this.#fail(list, reasons, found)
      return
    }
    this.#used.add(list)
    this.#covered |= reasons
    // A delta that is current makes the list current it is combined with (RFC 5280 5.2.4).
    const ends = (deltas.length === 0 ? [list] : deltas).map(({ nextUpdate }) => nextUpdate ?? Number.POSITIVE_INFINITY)
    this.#until = Math.min(this.#until, until, ...ends)
  }

  /** The entries of a delta count before those of the list; of deltas that contradict each other the one that revokes. */
  #refuseRevoked(list: CertificateList, deltas: readonly CertificateList[]): void {
    const { certificate } = this.target
    const onList = list.revoked.find(certificate)
    const verdicts = deltas
      .map((delta) => delta.revoked.find(certificate))
      .map((changes) => (changes.length > 0 ? changes : onList))
    const entries = deltas.length === 0 ? onList : verdicts.flat()
    const revoked = entries.find(({ reason }) => reason !== 'removeFromCRL')
    if (revoked !== undefined) throw describeRevocation(certificate, revoked)
  }

  #fail(list: CertificateList, reasons: ReasonMask, found: readonly Shortcoming[]): void {
    this.#shortcomings.push(...found)
    this.#failing.push(list)
    // One that was used before it, fetched earlier or of the same age, does not count any more.
    if ([...this.#used].some((used) => isOutdatedBy(list, used))) this.#covered &= ~reasons
  }

  #isOutdated(list: CertificateList): boolean {
    return this.#failing.some((failing) => isOutdatedBy(failing, list))
  }

  /** Until when the status counts that was found. Throws `CertificatePathError` if it is not determined. */
  finish(): number {
    if (this.isDetermined) return this.#until
    const worst = shortcomings.flatMap((code) => this.#shortcomings.filter((shortcoming) => shortcoming.code === code))[0]
    const code: CertificatePathErrorCode = worst?.code ?? 'ERR_CERTIFICATE_CRL_MISSING'
    const message = worst?.message ?? 'no list of revoked certificates tells whether it is revoked'
    throw new CertificatePathError(code, message, { ...worst, certificate: this.target.certificate.reference })
  }
}

/** Whether a list is about the same as another one, and not newer. */
function isOutdatedBy(other: CertificateList, list: CertificateList): boolean {
  return haveSameScope(other, list) && compareAges(list, other) <= 0
}

/** Whether an error tells what is wrong with a list, its entries or its issuer: the end of the budget is no fault of theirs. */
export function isFaultOfList(error: unknown): error is DerFault | CertificatePathError {
  return error instanceof DerFault || (error instanceof CertificatePathError && error.code !== 'ERR_CERTIFICATE_LIMIT')
}

function describeRevocation({ reference }: Certificate, { revokedAt, reason }: RevokedCertificate): CertificatePathError {
  const message = `it is revoked since ${new Date(revokedAt * 1000).toISOString()}: ${reason}`
  return new CertificatePathError('ERR_CERTIFICATE_REVOKED', message, { certificate: reference })
}
