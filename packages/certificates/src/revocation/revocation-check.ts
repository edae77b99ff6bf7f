import type { Certificate } from '../certificate/certificate.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { anyPolicy, noRevAvail } from '../extensions/identifiers.js'
import { buildPath, type CertificatesBelow, type PathSources } from '../path/build-path.js'
import type { PathSettings } from '../path/path-settings.js'
import { validatePath } from '../path/validate-path.js'
import type { CertificateList } from './certificate-list.js'
import { findDelta } from './delta.js'
import { findListIssuers, type ListIssuer } from './list-issuer.js'
import { ListPool, type ListSource } from './list-pool.js'
import { addressesOf, coveredReasons, distributionPointsOf, listIssuersOf } from './scope.js'
import { isFaultOfList, type ReliableList, StatusSearch } from './status-search.js'
import { isCurrent, whatIsWrong } from './usable.js'

/** Whether the status of every certificate has to be known, or of those whose issuers publish it. */
export type RevocationDemand = 'require' | 'check'

/** A list that can be relied on, and where its issuer stands. */
type Verified = Omit<ReliableList, 'reasons'> & Pick<ListIssuer, 'place'>

/** Checks by lists of revoked certificates that no certificate of a path is revoked (RFC 5280 6.3), for one validation. */
export class RevocationCheck {
  readonly #demand: RevocationDemand
  readonly #lists: ListPool
  readonly #sources: PathSources
  readonly #settings: PathSettings
  /** Until when certificates are known not to be revoked, by the anchor of their path. */
  readonly #good = new Map<Certificate, Map<Certificate, number>>()

  constructor(demand: RevocationDemand, lists: ListSource, sources: PathSources, settings: PathSettings) {
    this.#demand = demand
    this.#lists = new ListPool(lists)
    this.#sources = sources
    this.#settings = settings
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
      const search = new StatusSearch({ certificate, issuers: path.slice(index + 1), anchor })
      const found = good.get(certificate) ?? (await this.#check(search, waiting))
      good.set(certificate, found)
      until = Math.min(until, found)
    }
    return until
  }

  async #check(search: StatusSearch, waiting: readonly Certificate[]): Promise<number> {
    const { certificate } = search.target
    if (this.#demand === 'check' && hasNoStatus(certificate)) return Number.POSITIVE_INFINITY
    if (waiting.includes(certificate)) {
      search.noteUnusable('its status depends on itself')
      return search.finish()
    }
    const own: ReliableList[] = []
    await this.#consult(search, waiting, own)
    for (const address of addressesOf(certificate.extensions.cRLDistributionPoints?.value)) {
      if (search.isDetermined) break
      const outcome = await this.#lists.fetch(address)
      if (typeof outcome === 'object') search.noteUnavailable(outcome.fault)
      if (outcome === 'fetched') await this.#consult(search, waiting, own)
    }
    // What a key says of itself counts where nobody else says anything.
    for (const reliable of own) if (search.needs(reliable.reasons, reliable.list)) search.lookUp(reliable)
    return search.finish()
  }

  /** Goes through the lists there are, by distribution points, the newest first, until the status is determined. */
  async #consult(search: StatusSearch, waiting: readonly Certificate[], own: ReliableList[]): Promise<void> {
    const { certificate } = search.target
    for (const point of distributionPointsOf(certificate)) {
      for (const list of [...listIssuersOf(point, certificate)].flatMap((issuer) => this.#lists.completeListsOf(issuer))) {
        const reasons = coveredReasons(list, certificate, point, this.#sources.budget)
        if (!search.needs(reasons, list)) continue
        const found = await this.#verify(list, search, waiting)
        if (found === undefined) continue
        if (found.place === 'itself') own.push({ ...found, reasons })
        else search.lookUp({ ...found, reasons })
      }
    }
  }

  /** RFC 5280 6.3.3 (c) and (f) to (h) for one list: what is wrong with it is noted. */
  async #verify(list: CertificateList, search: StatusSearch, waiting: readonly Certificate[]): Promise<Verified | undefined> {
    const { revocationAt: at, profile } = this.#settings
    const { certificate } = search.target
    const wrong = whatIsWrong(list, profile)
    if (wrong !== undefined) return search.noteUnusable(wrong)
    if (list.thisUpdate > at) return search.noteStale(`its list is of ${print(list.thisUpdate)}`, '5.1.2.4')
    const newest = await this.#findDelta(certificate, list)
    if (newest === undefined && !isCurrent(list, at)) return search.noteStale(describeEnd(list))
    try {
      for (const issuer of await findListIssuers(list, search.target, this.#sources)) {
        const until = issuer.place === 'beside' ? await this.#rely(issuer.certificate, search, waiting) : Number.POSITIVE_INFINITY
        if (until === undefined) continue
        const delta = newest && (await this.#isUsable(newest, issuer.certificate, certificate)) ? newest : undefined
        if (delta === undefined && !isCurrent(list, at)) return search.noteStale(describeEnd(list))
        return { list, delta, until, place: issuer.place }
      }
    } catch (error) {
      search.noteFault(error)
    }
    return undefined
  }

  /** The delta to a list, of those that are there and those that list or certificate lead to (RFC 5280 4.2.1.15, 5.2.6). */
  async #findDelta(certificate: Certificate, list: CertificateList): Promise<CertificateList | undefined> {
    const points = [certificate, list].flatMap(({ extensions }) => extensions.freshestCRL?.value ?? [])
    // A delta that cannot be had takes nothing from the complete list.
    for (const address of addressesOf(points)) await this.#lists.fetch(address)
    return findDelta(list, this.#lists.deltasOf(list.issuer.comparable), {
      at: this.#settings.revocationAt,
      profile: this.#settings.profile,
    })
  }

  /** Whether a delta is signed by the key of the complete list (RFC 5280 6.3.3 (h)), and can be read. */
  async #isUsable(delta: CertificateList, issuer: Certificate, certificate: Certificate): Promise<boolean> {
    try {
      await this.#sources.verifier.verify(delta, issuer)
      delta.revoked.find(certificate)
      return true
    } catch (error) {
      if (isFaultOfList(error)) return false
      throw error
    }
  }

  /**
   * Validates the path of an issuer of lists that is not in the path of the certificate: to the same anchor, and with the status of its
   * certificates (RFC 5280 6.3.3 (f)). What is wrong with it is noted.
   */
  async #rely(issuer: Certificate, search: StatusSearch, waiting: readonly Certificate[]): Promise<number | undefined> {
    const { certificate, anchor } = search.target
    try {
      const { verdict } = await buildPath(issuer, this.#sources, async (path, found) => {
        if (found !== anchor) throw endsElsewhere(found)
        validatePath(path, found, settingsForListIssuers(this.#settings), this.#sources.budget)
        const end = Math.min(...path.map(({ notAfter }) => notAfter))
        return Math.min(end, await this.checkPath(path, found, [...waiting, certificate]))
      })
      return verdict
    } catch (error) {
      search.noteFault(error)
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
function settingsForListIssuers(settings: PathSettings): PathSettings {
  return {
    ...{ at: settings.revocationAt, revocationAt: settings.revocationAt, profile: settings.profile },
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

const describeEnd = ({ nextUpdate }: CertificateList) =>
  nextUpdate === undefined ? 'its list does not tell until when it is current' : `its list was current until ${print(nextUpdate)}`
const print = (seconds: number) => new Date(seconds * 1000).toISOString()
