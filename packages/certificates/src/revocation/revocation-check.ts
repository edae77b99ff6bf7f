import type { Certificate } from '../certificate/certificate.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { anyPolicy, noRevAvail } from '../extensions/identifiers.js'
import { buildPath, type CertificatesBelow, type PathSources } from '../path/build-path.js'
import { CertificateChecks } from '../path/certificate-checks.js'
import { once } from '../path/once.js'
import type { PathSettings } from '../path/path-settings.js'
import { validatePath } from '../path/validate-path.js'
import type { CertificateList } from './certificate-list.js'
import { canFollow, deltasBeside, isToLater } from './delta.js'
import { findListIssuers } from './list-issuer.js'
import { compareNumbers } from './list-order.js'
import { ListPool, type ListSource } from './list-pool.js'
import type { RevocationMemory } from './revocation-memory.js'
import { addressesOf, coveredReasons, distributionPointsOf, freshestAddresses, issuersOfLists, listIssuersOf } from './scope.js'
import type { SignedList } from './signed-list.js'
import { StatusSearch } from './status-search.js'
import { entriesOf, findFault, findShortcoming, isFaultOfList, print, stale, unavailable, unusable } from './usable.js'

/** Whether the status of every certificate has to be known, or of those whose issuers publish it. */
export type RevocationDemand = 'require' | 'check'

/** A list that its issuer has signed. */
type Verified = Omit<SignedList, 'reasons'>

/** Checks by lists of revoked certificates that no certificate of a path is revoked (RFC 5280 6.3), for one validation. */
export class RevocationCheck {
  readonly #demand: RevocationDemand
  readonly #lists: ListPool
  readonly #memory: RevocationMemory | undefined
  readonly #sources: PathSources
  readonly #settings: PathSettings
  readonly #checksAt: (at: number) => CertificateChecks
  /** Until when certificates are known not to be revoked, by the anchor of their path. */
  readonly #good = new Map<Certificate, Map<Certificate, number>>()

  constructor(demand: RevocationDemand, lists: ListSource, sources: PathSources, settings: PathSettings) {
    this.#demand = demand
    this.#lists = new ListPool(lists)
    this.#memory = lists.memory
    this.#sources = sources
    this.#settings = settings
    this.#checksAt = once((at) => new CertificateChecks(settingsForListIssuers(settings, at), sources.budget))
  }

  /**
   * Checks a path that is valid otherwise, from the anchor down, and resolves with the time until which the lists it went by are current,
   * in seconds since 1970. `waiting` are certificates whose own status depends on the outcome.
   *
   * Rejects with `CertificatePathError` for a certificate that is revoked, or whose status is not determined.
   */
  async checkPath(path: CertificatesBelow, anchor: Certificate, waiting: readonly Certificate[] = []): Promise<number> {
    let until = Number.POSITIVE_INFINITY
    const good = this.#good.get(anchor) ?? new Map<Certificate, number>()
    this.#good.set(anchor, good)
    for (const [index, certificate] of [...path.entries()].toReversed()) {
      const search = new StatusSearch({ certificate, issuers: path.slice(index + 1), anchor }, this.#settings, {
        known: () => [...issuersOfLists(certificate)].flatMap((issuer) => this.#lists.listsOf(issuer)),
        covers: (list) =>
          distributionPointsOf(certificate).some((point) => coveredReasons(list, certificate, point, this.#sources.budget) !== 0),
        memory: this.#memory,
      })
      const found = good.get(certificate) ?? (await this.#check(search, waiting))
      // Where the status of others is open, other lists than usual may have told it.
      if (waiting.length === 0) good.set(certificate, found)
      until = Math.min(until, found)
    }
    return until
  }

  /** Whether the status of a certificate is looked up at all. */
  looksUp(certificate: Certificate): boolean {
    return this.#demand === 'require' || !hasNoStatus(certificate)
  }

  async #check(search: StatusSearch, waiting: readonly Certificate[]): Promise<number> {
    const { certificate } = search.target
    if (!this.looksUp(certificate)) return Number.POSITIVE_INFINITY
    if (waiting.includes(certificate)) {
      search.note(unusable('its status depends on itself'))
      return search.finish()
    }
    await this.#consult(search, waiting)
    const addresses = addressesOf(certificate.extensions.cRLDistributionPoints?.value)
    const asked = await this.#askInTurn(addresses, search, waiting)
    const others = [...addresses].filter((address) => !asked.has(address))
    if (asked.size > 0 && others.length > 0) {
      // A server that is behind the others takes nothing from what they had before.
      for (const address of others) search.addServed(this.#lists.recall(address))
      await this.#consult(search, waiting)
      await this.#askInTurn(others, search, waiting)
    }
    for (const stray of search.strays) await this.#keep(stray, search, waiting)
    return search.finish()
  }

  /** Gets the lists of distribution points until those of the own key tell the status; resolves with the addresses that were asked. */
  async #askInTurn(
    addresses: Iterable<string>,
    search: StatusSearch,
    waiting: readonly Certificate[],
  ): Promise<ReadonlySet<string>> {
    const asked = new Set<string>()
    for (const address of addresses) {
      if (search.isSettled) break
      const fetched = await this.#lists.fetch(address)
      if (fetched === undefined) continue
      asked.add(address)
      await this.#consult(search, waiting)
      const isServed = search.addServed(fetched.lists)
      if (fetched.fault !== undefined) search.note(unavailable(fetched.fault))
      else if (!isServed) search.note(unusable('it does not tell the status'))
      // A server that has somebody else's list may have the right one later.
      if (!isServed) this.#lists.askAgain(address)
    }
    return asked
  }

  /** Goes through the lists there are, by distribution points, the newest first. */
  async #consult(search: StatusSearch, waiting: readonly Certificate[]): Promise<void> {
    const { certificate } = search.target
    for (const point of distributionPointsOf(certificate)) {
      for (const list of [...listIssuersOf(point, certificate)].flatMap((issuer) => this.#lists.completeListsOf(issuer))) {
        const reasons = coveredReasons(list, certificate, point, this.#sources.budget)
        if (!search.needs(reasons, list, () => this.#mayRevoke(list, certificate))) continue
        const found = await this.#verify(list, search, waiting)
        if (found === undefined) search.reject(list)
        else search.lookUp({ ...found, reasons })
      }
    }
  }

  /** Whether a list, whoever has signed it, or a delta to it has the certificate. */
  #mayRevoke(list: CertificateList, certificate: Certificate): boolean {
    const known = [list, ...this.#lists.deltasOf(list.issuer.comparable)]
    if (known.some((one) => entriesOf(one, certificate, this.#settings.profile).length > 0)) return true
    return [...addressesOf(list.extensions.freshestCRL?.value)].some((address) => !this.#lists.hasFetched(address))
  }

  /** RFC 5280 6.3.3 (c) and (f) to (h) for one list: what is wrong with its signature is noted. */
  async #verify(list: CertificateList, search: StatusSearch, waiting: readonly Certificate[]): Promise<Verified | undefined> {
    if (list.thisUpdate > this.#settings.revocationAt) {
      return search.note(stale(`its list is of ${print(list.thisUpdate)}`, '5.1.2.4'), list)
    }
    try {
      const found = await this.#findIssuer(list, search, waiting)
      if (found === undefined) return undefined
      const signed = { list, ...found, ...(await this.#findDeltas(list, found.issuer, search)) }
      this.#confirm(signed, search)
      return signed
    } catch (error) {
      return search.noteFault(error, list)
    }
  }

  /** Who has signed a list or delta and can be relied on, and until when. What is wrong with the path of somebody is noted. */
  async #findIssuer(
    list: CertificateList,
    search: StatusSearch,
    waiting: readonly Certificate[],
  ): Promise<Pick<SignedList, 'issuer' | 'until'> | undefined> {
    for (const { certificate: issuer, place } of await findListIssuers(list, search.target, this.#sources)) {
      const until = place === 'beside' ? await this.#rely(issuer, list, search, waiting) : Number.POSITIVE_INFINITY
      if (until !== undefined) return { issuer, until }
    }
    return undefined
  }

  /** Has a delta that has the certificate remembered where it comes from, though the list that it changes is not here. */
  async #keep(delta: CertificateList, search: StatusSearch, waiting: readonly Certificate[]): Promise<void> {
    try {
      const found = await this.#findIssuer(delta, search, waiting)
      if (found !== undefined) this.#confirm({ list: delta, issuer: found.issuer, deltas: [], ahead: undefined }, search)
    } catch (error) {
      if (!isFaultOfList(error)) throw error
      search.reject(delta)
    }
  }

  /**
   * The newest deltas to a list that are signed by its key (RFC 5280 6.3.3 (h)), whatever else is wrong with them, of those that are there
   * and those that list or certificate lead to (4.2.1.15, 5.2.6); and whether there is one to a newer list. For a certificate that has ended
   * they are the newest without fault.
   */
  async #findDeltas(
    list: CertificateList,
    issuer: Certificate,
    search: StatusSearch,
  ): Promise<Pick<SignedList, 'deltas' | 'ahead'>> {
    const { certificate } = search.target
    // A delta that cannot be had takes nothing from the complete list.
    for (const address of freshestAddresses(certificate, list)) await this.#lists.fetch(address)
    const isFaulty = (delta: CertificateList) => findFault(delta, certificate, this.#settings.profile) !== undefined
    const known = this.#lists.deltasOf(list.issuer.comparable).filter((delta) => !(search.hasEnded && isFaulty(delta)))
    let ahead: CertificateList | undefined
    for (const deltas of deltasBeside(list, known, this.#settings.revocationAt)) {
      const fitting = deltas.filter((delta) => canFollow(delta, list))
      if (fitting.length === 0 && ahead !== undefined) continue
      const signed: CertificateList[] = []
      for (const delta of deltas) {
        if (await this.#isSigned(delta, issuer)) signed.push(delta)
        else if (delta.extensions.authorityKeyIdentifier !== undefined) search.reject(delta)
      }
      for (const delta of signed) this.#confirm({ list: delta, issuer, deltas: [], ahead: undefined }, search)
      const usable = signed.filter((delta) => fitting.includes(delta))
      if (usable.length > 0) return { deltas: usable, ahead }
      if (signed.some((delta) => compareNumbers(delta, list) <= 0)) break
      ahead ??= signed.find((delta) => isToLater(delta, list))
    }
    return { deltas: [], ahead }
  }

  /** Tells where a list or delta comes from that it is signed, and whether it is of use. */
  #confirm({ list, issuer, deltas, ahead }: Omit<SignedList, 'until' | 'reasons'>, search: StatusSearch): void {
    const { certificate } = search.target
    const areAllOfUse =
      [...deltas, list].every((one) => findShortcoming(one, certificate, this.#settings) === undefined) && ahead === undefined
    this.#lists.confirm({
      ...{ list, key: issuer.publicKey.der },
      isOfUse: search.hasEnded || issuer === certificate ? undefined : areAllOfUse,
      addresses: new Set([
        ...addressesOf(certificate.extensions.cRLDistributionPoints?.value),
        ...freshestAddresses(certificate, list),
      ]),
    })
  }

  /** Whether the key of an issuer has signed a delta: one that somebody else has signed says nothing. */
  async #isSigned(delta: CertificateList, issuer: Certificate): Promise<boolean> {
    try {
      await this.#sources.verifier.verify(delta, issuer)
      return true
    } catch (error) {
      if (isFaultOfList(error)) return false
      throw error
    }
  }

  /**
   * Validates the path of an issuer of lists that is not in the path of the certificate: to the same anchor, and with the status of its
   * certificates (RFC 5280 6.3.3 (f)). What is wrong with it is noted. For a certificate that has ended, it may have ended since it issued
   * the list, too.
   */
  async #rely(
    issuer: Certificate,
    list: CertificateList,
    search: StatusSearch,
    waiting: readonly Certificate[],
  ): Promise<number | undefined> {
    const { certificate, anchor } = search.target
    const checks = this.#checksAt(search.hasEnded ? list.thisUpdate : this.#settings.revocationAt)
    try {
      const { verdict } = await buildPath(issuer, this.#sources, async (path, found) => {
        if (found !== anchor) throw endsElsewhere(found)
        validatePath(path, found, checks)
        const end = Math.min(...path.map(({ notAfter }) => notAfter))
        return Math.min(end, await this.checkPath(path, found, [...waiting, certificate]))
      })
      return verdict
    } catch (error) {
      search.noteFault(error, list)
      return undefined
    }
  }
}

/** An end entity of whose certificate its issuer says that nobody tells its status (RFC 9608), and which names no list all the same. */
function hasNoStatus({ extensions }: Certificate): boolean {
  const isAuthority = extensions.basicConstraints?.value.ca === true
  return extensions.all.has(noRevAvail) && !isAuthority && extensions.cRLDistributionPoints === undefined
}

/** The same profile, and nothing that the caller wants of the leaf alone. */
function settingsForListIssuers({ revocationAt, profile }: PathSettings, at: number): PathSettings {
  return {
    ...{ at, revocationAt, profile },
    ...{
      keyUsage: [],
      extendedKeyUsage: [],
      maxPathLength: Number.POSITIVE_INFINITY,
      userInitialPolicySet: new Set([anyPolicy]),
    },
    ...{ initialExplicitPolicy: false, initialPolicyMappingInhibit: false, initialAnyPolicyInhibit: false },
  }
}

function endsElsewhere({ reference }: Certificate): CertificatePathError {
  const message = 'the issuer of the list has another trust anchor'
  return new CertificatePathError('ERR_CERTIFICATE_ISSUER_NOT_FOUND', message, { certificate: reference, clause: '6.3.3 (f)' })
}
