import type { Certificate } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { equalBytes } from '../der/equal-bytes.js'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { allReasons, type ReasonMask } from '../extensions/reason-flags.js'
import type { PathSettings } from '../path/path-settings.js'
import type { CertificateList } from './certificate-list.js'
import { isDelta, isDeltaTo } from './delta.js'
import { findLastRevocation, findRevocation } from './find-revocation.js'
import type { Target } from './list-issuer.js'
import { compareAges, haveSameIssuer, haveSameScope, isOlder, nameSameKey } from './list-order.js'
import type { RevocationReason, RevokedCertificate } from './revoked-certificates.js'
import {
  type ConsultedList,
  endOf,
  isOfSameKey,
  issuedAt,
  newestOf,
  partsOf,
  type SignedList,
  type Speaker,
} from './signed-list.js'
import type { StatusSources } from './status-sources.js'
import {
  findFault,
  findShortcoming,
  isFaultOfList,
  type Noted,
  readEntries,
  type Shortcoming,
  shortcomings,
  stale,
  unusable,
} from './usable.js'

/** The state variables of RFC 5280 6.3.2 for one certificate, and what was wrong with lists that could have told its status. */
export class StatusSearch {
  readonly target: Target
  readonly #settings: Pick<PathSettings, 'revocationAt' | 'profile'>
  readonly #sources: StatusSources
  readonly #shortcomings: Noted[] = []
  readonly #consulted: ConsultedList[] = []
  /** Lists that nobody who may has signed, and deltas that the key of their list has not. */
  readonly #rejected = new Set<CertificateList>()
  /** Lists that are behind others, and were not looked at. */
  readonly #passedOver = new Set<CertificateList>()
  /** Lists of the distribution points of the certificate. */
  readonly #served = new Set<CertificateList>()

  constructor(target: Target, settings: Pick<PathSettings, 'revocationAt' | 'profile'>, sources: StatusSources) {
    this.target = target
    this.#settings = settings
    this.#sources = sources
  }

  /** Whether the certificate was accepted before it ended: lists need not name it any more, nor its issuer publish any (RFC 5280 3.3). */
  get hasEnded(): boolean {
    return this.target.certificate.notAfter < this.#settings.revocationAt
  }

  /** Whether the lists of the key that has signed the certificate tell its status for every reason, and are as new as any that revoked it. */
  get isSettled(): boolean {
    return this.#toldBy(['own']) === allReasons && !this.#isOutdated
  }

  /** Takes note of the lists of a distribution point; tells whether one of them is about the certificate. */
  addServed(lists: readonly CertificateList[]): boolean {
    for (const list of lists) this.#served.add(list)
    return lists.some((list) => this.#passedOver.has(list) || this.#consulted.some((known) => known.list === list))
  }

  /**
   * Whether a list for these reasons has to be consulted (RFC 5280 6.3.3 (e)): of each key the newest about the same certificates, and others
   * of that age. An authority with several keys may publish a list of each, and whoever is on one of them is revoked: which of the keys
   * are known is chosen by whoever sends the certificates. A list that is behind one of the own key, or seems to be behind one of its key,
   * matters only if it may revoke: what a list says of its key is not proved.
   */
  needs(reasons: ReasonMask, list: CertificateList, mayRevoke: () => boolean): boolean {
    if (reasons === 0 || this.#rejected.has(list)) return false
    if (this.#consulted.some((known) => known.list === list && (reasons & ~known.reasons) === 0)) return false
    const isPast = ({ list: known, speaker }: ConsultedList) =>
      isOlder(list, known) && (speaker === 'own' || (this.#namesOwn(list) === false && nameSameKey(list, known)))
    if (!this.#consulted.some(isPast) || mayRevoke()) return true
    this.#passedOver.add(list)
    return false
  }

  /** Notes what is wrong: with a list, if it is one. */
  note(shortcoming: Shortcoming, list?: CertificateList): undefined {
    // Who was on hold may be free: a newer list tells.
    const canBeFollowed = list !== undefined && !this.#has(list, ['removeFromCRL', 'certificateHold'])
    this.#shortcomings.push(canBeFollowed ? { ...shortcoming, about: list } : shortcoming)
  }

  /** Notes what is wrong with a list or its issuer. Throws what is wrong with something else. */
  noteFault(error: unknown, list: CertificateList): undefined {
    if (!isFaultOfList(error)) throw error
    return this.note(unusable(error.message, error), list)
  }

  /** Whether a list, relied on or not, has the certificate, for other reasons than these. */
  #has(list: CertificateList, but: readonly RevocationReason[] = ['removeFromCRL']): boolean {
    const entries = readEntries(list, this.target.certificate)
    return !(entries instanceof DerFault) && entries.some(({ reason }) => !but.includes(reason))
  }

  /** Deltas that have the certificate, and belong to no list that was looked at. */
  get strays(): readonly CertificateList[] {
    const { known, covers } = this.#sources
    return known().filter(
      (one) =>
        isDelta(one) &&
        one.thisUpdate <= this.#settings.revocationAt &&
        this.#has(one) &&
        !this.#isForged(one) &&
        !this.#isTold(one) &&
        covers(one),
    )
  }

  /** Whether such a delta binds still: for good, or, as a hold, while it is current. */
  get #hasBindingStray(): boolean {
    const isCurrent = ({ nextUpdate = Number.POSITIVE_INFINITY }: CertificateList) => this.#settings.revocationAt <= nextUpdate
    return this.strays.some((one) => isCurrent(one) || this.#has(one, ['removeFromCRL', 'certificateHold']))
  }

  /** Leaves a list or delta out from now on. */
  reject(list: CertificateList): void {
    this.#rejected.add(list)
  }

  /**
   * Looks the certificate up in a list (RFC 5280 6.3.3 (i) to (l)). One that does not tell its status, or to which there is a delta that does
   * not, keeps older ones of its key from telling it.
   *
   * Throws `CertificatePathError` if it is revoked.
   */
  lookUp(signed: SignedList): void {
    const { list, deltas, ahead } = signed
    // A list that names no key tells whose it is when its signature is verified, and not sooner.
    if (this.#consulted.some((known) => isOfSameKey(known, signed) && isOlder(list, known.list))) return
    const { certificate } = this.target
    const missing = deltas.map((delta) => ({ delta, shortcoming: findShortcoming(delta, certificate, this.#settings) }))
    const current = missing.every(({ shortcoming }) => shortcoming === undefined) ? deltas : []
    const wrong = findShortcoming(list, certificate, this.#settings, current)
    if (this.hasEnded) {
      // Nothing has to be told: what cannot be read keeps no older list from telling something.
      if (findFault(list, certificate, this.#settings.profile) !== undefined) {
        this.reject(list)
        return
      }
      this.#refuse(findLastRevocation(list, { all: deltas, current }, certificate), signed)
    } else if (wrong === undefined) {
      this.#refuse(findRevocation(list, current, certificate), signed)
    }
    const before = this.#shortcomings.length
    if (wrong !== undefined) this.note(wrong, list)
    for (const { delta, shortcoming } of missing) if (shortcoming !== undefined) this.note(shortcoming, delta)
    if (ahead !== undefined) this.note(stale('there is a newer list than its own: a delta is based on it', '5.2.4'), ahead)
    this.#consulted.push({ ...signed, speaker: this.#speakerOf(signed), fails: this.#shortcomings.length > before })
  }

  #refuse(revoked: RevokedCertificate | undefined, signed: SignedList): void {
    if (revoked === undefined) return
    const { certificate } = this.target
    this.#sources.memory?.remember(certificate, this.#signer, { thisUpdate: issuedAt(signed), reasons: signed.reasons })
    const message = `it is revoked since ${new Date(revoked.revokedAt * 1000).toISOString()}: ${revoked.reason}`
    throw new CertificatePathError('ERR_CERTIFICATE_REVOKED', message, { certificate: certificate.reference })
  }

  get #signer(): Certificate {
    const { issuers, anchor } = this.target
    return issuers[0] ?? anchor
  }

  /** Whether a list says that its key is the one that has signed the certificate; `undefined` where nobody can tell. */
  #namesOwn({ extensions }: CertificateList): boolean | undefined {
    const named = extensions.authorityKeyIdentifier?.value.keyIdentifier
    const own = this.#signer.extensions.subjectKeyIdentifier?.value
    return named === undefined || own === undefined ? undefined : equalBytes(named, own)
  }

  /** Whether a list or delta says that its key is the one that has signed the certificate, and is not signed by it. */
  #isForged(list: CertificateList): boolean {
    return this.#rejected.has(list) && this.#namesOwn(list) === true
  }

  #speakerOf({ list, issuer }: SignedList): Speaker {
    const { certificate } = this.target
    if (issuer === certificate) return 'other'
    if (list.issuer.comparable !== certificate.issuer.comparable) return 'delegate'
    if (equalBytes(issuer.publicKey.der, this.#signer.publicKey.der)) return 'own'
    return this.#signer.extensions.keyUsage?.value.has('cRLSign') === false ? 'delegate' : 'other'
  }

  /** The reasons for which such lists, of those that count, tell the status. */
  #toldBy(speakers: readonly Speaker[]): ReasonMask {
    const telling = this.#consulted.filter(
      (consulted) => speakers.includes(consulted.speaker) && this.#isHeard(consulted) && this.#counts(consulted),
    )
    return telling.reduce((mask, { reasons }) => mask | reasons, 0)
  }

  /**
   * Whether what a list does not say may make something good: not beside anything newer that has the certificate. Whoever sends the
   * certificates chooses which keys are known. So a delegate is not heard either beside a list of nobody known that is newer or has it; and
   * other keys of the authority only where nothing is wrong with any list or distribution point, since what could not be had or read may be
   * the list of the own key, or only with lists that are older than theirs, and theirs is that of a distribution point of the certificate: an
   * authority may go on with a new key.
   */
  #isHeard(consulted: ConsultedList): boolean {
    const { speaker, list } = consulted
    if (this.#isContradicted(consulted)) return false
    const isFollowed = ({ about }: Noted) =>
      about !== undefined && haveSameIssuer(about, list) && (compareAges(about, list) < 0 || isDeltaTo(about, list))
    if (speaker === 'other') {
      const isFollowing = this.#served.has(list) && this.#shortcomings.every(isFollowed)
      return (this.#shortcomings.length === 0 || isFollowing) && !this.#hasBindingStray
    }
    if (speaker === 'own') return true
    const unknown = [...this.#rejected].filter(
      (one) => haveSameIssuer(one, list) && !isDelta(one) && one.thisUpdate <= this.#settings.revocationAt,
    )
    return !unknown.some((one) => compareAges(one, list) >= 0 || this.#has(one, ['removeFromCRL', 'certificateHold']))
  }

  /** Whether there is a list or delta that may have the certificate, and is newer than what is told by this one with its deltas. */
  #isContradicted(consulted: ConsultedList): boolean {
    const { known, covers } = this.#sources
    const newest = newestOf(consulted)
    return known().some(
      (one) =>
        compareAges(one, newest) >= 0 &&
        one.thisUpdate <= this.#settings.revocationAt &&
        !this.#isForged(one) &&
        (this.#has(one) || readEntries(one, this.target.certificate) instanceof DerFault) &&
        !this.#isTold(one) &&
        covers(one),
    )
  }

  /**
   * Whether what a list or delta says is in what one that tells the status says, or was changed by it. That of another key of the authority
   * changes what its own key has said, and nothing else.
   */
  #isTold(one: CertificateList): boolean {
    return this.#consulted.some((consulted) => {
      const { list, speaker, fails } = consulted
      if (fails) return false
      if (partsOf(consulted).includes(one)) return true
      const maySpeak = speaker !== 'other' || (one.extensions.authorityKeyIdentifier !== undefined && nameSameKey(one, list))
      return maySpeak && haveSameScope(one, list) && compareAges(one, newestOf(consulted)) < 0
    })
  }

  #counts(consulted: ConsultedList): boolean {
    const isOutdatedBy = (other: ConsultedList) => isOfSameKey(consulted, other) && !isOlder(other.list, consulted.list)
    return !this.#consulted.some((other) => other.fails && haveSameScope(other.list, consulted.list) && isOutdatedBy(other))
  }

  /** Whether the certificate was revoked by a list that is newer than those that tell of the same reasons now. */
  get #isOutdated(): boolean {
    const revoked = this.#sources.memory?.find(this.target.certificate, this.#signer)
    if (revoked === undefined) return false
    const newer = this.#consulted.filter(
      (one) => this.#counts(one) && (this.hasEnded || this.#isHeard(one)) && issuedAt(one) >= revoked.thisUpdate,
    )
    return (revoked.reasons & ~newer.reduce((mask, { reasons }) => mask | reasons, 0)) !== 0
  }

  /**
   * Until when the status counts that was found. Throws `CertificatePathError` if it is not determined, or if the certificate was revoked by
   * a list that is newer than all that tell it now.
   */
  finish(): number {
    if (this.#isOutdated) this.note(stale('it was revoked by a newer list'))
    else if (this.hasEnded) return Number.POSITIVE_INFINITY
    else if (this.#toldBy(['own', 'delegate', 'other']) === allReasons) {
      return Math.min(...this.#consulted.filter((consulted) => this.#counts(consulted)).map(endOf))
    }
    const all = this.#shortcomings.length > 0 ? this.#shortcomings : this.#unnoted
    const worst = shortcomings.flatMap((code) => all.filter((shortcoming) => shortcoming.code === code))[0]
    const code: CertificatePathErrorCode = worst?.code ?? 'ERR_CERTIFICATE_CRL_MISSING'
    const message = worst?.message ?? 'no list of revoked certificates tells whether it is revoked'
    throw new CertificatePathError(code, message, { ...worst, certificate: this.target.certificate.reference })
  }

  /** Why lists with which nothing is wrong do not tell the status. */
  get #unnoted(): readonly Shortcoming[] {
    const isAmongOthers = this.#consulted.length > 0 && this.#hasBindingStray
    if (isAmongOthers || this.#consulted.some((one) => this.#isContradicted(one)))
      return [stale('there is another list or delta that has it')]
    // A distribution point may have the rest later.
    return this.#served.size > 0 ? [unusable('it does not tell the status')] : []
  }
}
