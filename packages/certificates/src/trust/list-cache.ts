import type { GuardedFetch } from '@software-statement/verifier'
import { equalBytes } from '../der/equal-bytes.js'
import type { CertificateList } from '../revocation/certificate-list.js'
import { haveSameScope, isOlder } from '../revocation/list-order.js'
import { parseCertificateList } from '../revocation/parse-certificate-list.js'

/** Seconds after which a list is asked for again, current or not: issuers publish new ones before the old ones end. */
const mostAge = 3600
/** Seconds for which a server that gave no list of use is left alone. */
const cooldown = 30
/** Lists of one age that are kept: more than one only where their issuer contradicts itself. */
const mostOfOneAge = 2

/** Media types of lists: the one of RFC 5280 4.2.1.13, and those that servers use that do not know it. */
const accept = ['application/pkix-crl', 'application/x-pkcs7-crl', 'application/octet-stream']

interface Held {
  readonly list: CertificateList
  readonly obtained: number
}

/**
 * Keeps the list of one distribution point. There is never more than one request at a time. What a request brings takes nothing away until
 * somebody has confirmed it: before that, it may be anybody's. A list is used while it is current, and never followed by an older one. One
 * that was confirmed is never given up for another one of its age: being on either counts.
 */
export class ListCache {
  readonly #obtain: () => Promise<CertificateList>
  readonly #now: () => number
  /** The last list that was confirmed, and others of its age. */
  #held: readonly Held[] = []
  /** The last list that is signed and of no use, unless one that is newer was confirmed: those that are older do not count any more. */
  #useless: Held | undefined
  /** What was brought since. */
  #latest: Held | undefined
  #asked: number | undefined
  #fault: { readonly cause: unknown } | undefined
  #pending: Promise<void> | undefined

  /** The position tells the list apart from others in errors; the clock is in seconds since 1970. */
  constructor(address: string, position: number, fetch: GuardedFetch, now: () => number) {
    this.#obtain = async () => {
      const { body } = await fetch(address, { accept })
      return parseCertificateList(body, { list: 'crls', index: position })
    }
    this.#now = now
  }

  /**
   * The list that was confirmed, and what was brought since, if that is not confirmed or of no use. Rejects with what went wrong if the last
   * request failed and there is no list that is current.
   */
  async find(): Promise<readonly CertificateList[]> {
    const isFresh = this.#held.some((one) => this.#isCurrent(one) && this.#isRecent(one.obtained, mostAge))
    if (isFresh && this.#useless === undefined) return this.#held.map(({ list }) => list)
    if (this.#asked === undefined || !this.#isRecent(this.#asked, cooldown)) {
      this.#pending ??= this.#request().finally(() => {
        this.#pending = undefined
      })
      await this.#pending
    }
    const known = [this.#latest, this.#useless, ...this.#held].filter((one) => one !== undefined)
    if (this.#fault === undefined || known.some((one) => this.#isCurrent(one))) return known.map(({ list }) => list)
    throw this.#fault.cause
  }

  /** Tells that a list that was found is signed by its issuer, and whether it is of use. */
  confirm(list: CertificateList, isOfUse: boolean): void {
    const found = [this.#latest, this.#useless].find((one) => one?.list === list)
    if (found === undefined || (isOfUse && !this.#hold(found))) return
    if (found === this.#latest) this.#latest = undefined
    if (!isOfUse) this.#useless = found
    else if (this.#useless === found || !this.#isHeldBack(list)) this.#useless = undefined
  }

  async #request(): Promise<void> {
    try {
      this.#take({ list: await this.#obtain(), obtained: this.#now() })
      this.#fault = undefined
    } catch (cause) {
      this.#fault = { cause }
    }
    this.#asked = this.#now()
  }

  /** Keeps a list instead of older ones, or beside others of its age, if there is room: as long as there is none, it stays what was brought. */
  #hold(found: Held): boolean {
    const others = this.#held.filter((one) => this.#isCurrent(one) && isOfSameAge(one.list, found.list))
    if (others.length === mostOfOneAge) return false
    this.#held = [...others.map((one) => ({ ...one, obtained: found.obtained })), found]
    return true
  }

  /** Whether a list that is of no use is as new as this one, or newer. */
  #isHeldBack(list: CertificateList): boolean {
    const useless = this.#useless?.list
    return useless !== undefined && haveSameScope(useless, list) && !isOlder(useless, list)
  }

  /** A server that is behind the others may have an older list: what is revoked since is revoked all the same. */
  #take(found: Held): void {
    const held = this.#held.filter((one) => this.#isCurrent(one))
    const known = this.#useless === undefined ? held : [...held, this.#useless]
    if (known.some((one) => isOlder(found.list, one.list))) return
    const isHeld = held.some(({ list }) => equalBytes(list.tbs, found.list.tbs))
    if (isHeld) this.#held = held.map((one) => ({ ...one, obtained: found.obtained }))
    this.#latest = isHeld ? undefined : found
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

const isOfSameAge = (one: CertificateList, other: CertificateList) =>
  haveSameScope(one, other) && !isOlder(one, other) && !isOlder(other, one)
