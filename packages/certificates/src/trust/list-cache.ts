import type { GuardedFetch } from '@software-statement/verifier'
import { equalBytes } from '../der/equal-bytes.js'
import type { CertificateList } from '../revocation/certificate-list.js'
import { isDelta } from '../revocation/delta.js'
import { compareAges, haveSameScope, isOlder, nameSameKey } from '../revocation/list-order.js'
import type { FetchedLists } from '../revocation/list-pool.js'
import { parseCertificateList } from '../revocation/parse-certificate-list.js'

/** Seconds after which a list is asked for again, current or not: issuers publish new ones before the old ones end. */
const mostAge = 3600
/** Seconds for which a server that gave no list of use is left alone. */
const cooldown = 30
/** Lists of one series and age that are kept: more than one only where their issuer contradicts itself. */
const mostOfOneAge = 2
/** Lists that are kept in all, the newest: more than two or three only where a server has lists of several issuers in turns. */
const mostLists = 8

/** Media types of lists: the one of RFC 5280 4.2.1.13, and those that servers use that do not know it. */
const accept = ['application/pkix-crl', 'application/x-pkcs7-crl', 'application/octet-stream']

/** What was brought. */
interface Brought {
  readonly list: CertificateList
  readonly obtained: number
}

/** A list that was confirmed. */
interface Held extends Brought {
  /** Whose it is. */
  readonly key: Uint8Array
  readonly isOfUse: boolean
}

/**
 * Keeps the lists of one distribution point. There is never more than one request at a time. What a request brings takes nothing away until
 * somebody has confirmed it: before that, it may be anybody's. The newest that were confirmed of each series (of one key, and about the
 * same) are kept, whether of use or not, and given out with what was brought last: only a newer one of its series takes the place of one.
 */
export class ListCache {
  readonly #obtain: () => Promise<CertificateList>
  readonly #now: () => number
  /** Lists that were confirmed. */
  #held: readonly Held[] = []
  /** What was brought last, unless it is held. */
  #latest: Brought | undefined
  #asked: number | undefined
  #fault: { readonly cause: unknown } | undefined
  /** Whether what is held was of no use to somebody since. */
  #isDoubted = false
  #pending: Promise<void> | undefined

  /** The position tells the list apart from others in errors; the clock is in seconds since 1970. */
  constructor(address: string, position: number, fetch: GuardedFetch, now: () => number) {
    this.#obtain = async () => {
      const { body } = await fetch(address, { accept })
      return parseCertificateList(body, { list: 'crls', index: position })
    }
    this.#now = now
  }

  get confirmed(): readonly CertificateList[] {
    return this.#held.map(({ list }) => list)
  }

  /** The lists that were confirmed, and what was brought since; with what went wrong, if the last request failed and none of them is current. */
  async find(): Promise<FetchedLists> {
    if ((this.#isDoubted || !this.#isFresh) && (this.#asked === undefined || !this.#isRecent(this.#asked, cooldown))) {
      this.#pending ??= this.#request().finally(() => {
        this.#pending = undefined
      })
      await this.#pending
    }
    const lists = [...(this.#latest === undefined ? [] : [this.#latest]), ...this.#held].map(({ list }) => list)
    if (this.#fault === undefined || this.#held.some((one) => this.#isCurrent(one))) return { lists }
    return { lists, fault: this.#fault.cause }
  }

  /** Tells whose key has signed a list that was found, and whether it is of use, if that is known. */
  confirm(list: CertificateList, key: Uint8Array, isOfUse: boolean | undefined): void {
    if (isOfUse !== undefined) this.#held = this.#held.map((one) => (one.list === list ? { ...one, isOfUse } : one))
    if (this.#latest?.list !== list) return
    const found: Held = { ...this.#latest, key, isOfUse: isOfUse === true }
    const series = this.#held.filter((one) => areOfOneSeries(one, found))
    if (series.some((one) => isOlder(list, one.list))) return
    const beside = series.filter((one) => !isOlder(one.list, list))
    if (beside.length === mostOfOneAge) return
    const others = this.#held.filter((one) => !series.includes(one))
    const held = [found, ...beside, ...others]
    this.#held = held.sort((one, other) => compareAges(other.list, one.list)).slice(0, mostLists)
    this.#latest = undefined
  }

  /** Has the server asked again as soon as it may be. */
  askAgain(): void {
    this.#isDoubted = true
  }

  async #request(): Promise<void> {
    this.#isDoubted = false
    try {
      this.#take(await this.#obtain())
      this.#fault = undefined
    } catch (cause) {
      this.#fault = { cause }
      this.#latest = undefined
    }
    this.#asked = this.#now()
  }

  /** The same list again is as good as a new one. */
  #take(list: CertificateList): void {
    const obtained = this.#now()
    const isSame = (one: Held) => equalBytes(one.list.tbs, list.tbs)
    const isHeld = this.#held.some(isSame)
    this.#held = this.#held.map((one) => (isSame(one) ? { ...one, obtained } : one))
    this.#latest = isHeld ? undefined : { list, obtained }
  }

  /** Whether nothing has to be asked for: there is a list of use, and no other of its series that is not. */
  get #isFresh(): boolean {
    const isGood = (one: Held) => one.isOfUse && this.#isCurrent(one)
    return this.#held.some(
      (one) => this.#isRecent(one.obtained, mostAge) && this.#held.every((other) => isGood(other) || !areOfOneSeries(other, one)),
    )
  }

  #isCurrent({ list }: Held): boolean {
    return list.nextUpdate !== undefined && this.#now() <= list.nextUpdate
  }

  /** A clock that was set back says nothing about how long ago something was. */
  #isRecent(moment: number, seconds: number): boolean {
    const age = this.#now() - moment
    return age >= 0 && age < seconds
  }
}

/** Whether two lists are of one key and about the same. Deltas have to name their key like the list they are combined with. */
function areOfOneSeries(one: Held, other: Held): boolean {
  const [first, second] = [one, other].map(({ list }) => isDelta(list))
  if (first !== second || !equalBytes(one.key, other.key) || !haveSameScope(one.list, other.list)) return false
  return first === false || nameSameKey(one.list, other.list)
}
