import type { GuardedFetch } from '@software-statement/verifier'
import { equalBytes } from '../der/equal-bytes.js'
import type { CertificateList } from '../revocation/certificate-list.js'
import { compareAges, haveSameScope } from '../revocation/list-order.js'
import { parseCertificateList } from '../revocation/parse-certificate-list.js'

/** Seconds after which a list is asked for again, current or not: issuers publish new ones before the old ones end. */
const mostAge = 3600
/** Seconds for which a server that gave no list of use is left alone. */
const cooldown = 30

/** Media types of lists: the one of RFC 5280 4.2.1.13, and those that servers use that do not know it. */
const accept = ['application/pkix-crl', 'application/x-pkcs7-crl', 'application/octet-stream']

interface Held {
  readonly list: CertificateList
  readonly obtained: number
}

/**
 * Keeps the list of one distribution point. There is never more than one request at a time. What a request brings takes nothing away until
 * somebody has confirmed it: before that, it may be anybody's. A list is used while it is current, and never followed by an older one.
 */
export class ListCache {
  readonly #obtain: () => Promise<CertificateList>
  readonly #now: () => number
  /** The last list that was confirmed. */
  #held: Held | undefined
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
   * The list that was confirmed, and what was brought since, if that is not confirmed. Rejects with what went wrong if the last request
   * failed and there is no list that is current.
   */
  async find(): Promise<readonly CertificateList[]> {
    const held = this.#held
    if (held !== undefined && this.#isCurrent(held) && this.#isRecent(held.obtained, mostAge)) return [held.list]
    if (this.#asked === undefined || !this.#isRecent(this.#asked, cooldown)) {
      this.#pending ??= this.#request().finally(() => {
        this.#pending = undefined
      })
      await this.#pending
    }
    const known = [this.#latest, this.#held].filter((one) => one !== undefined)
    if (this.#fault === undefined || known.some((one) => this.#isCurrent(one))) return known.map(({ list }) => list)
    throw this.#fault.cause
  }

  /** Tells that a list that was found is signed by its issuer and of use. */
  confirm(list: CertificateList): void {
    if (this.#latest?.list !== list) return
    if (this.#ageBesideHeld(list) !== 'same') this.#held = this.#latest
    this.#latest = undefined
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

  /** A server that is behind the others may have an older list: what is revoked since is revoked all the same. */
  #take(found: Held): void {
    const held = this.#held
    const age = this.#ageBesideHeld(found.list)
    if (age === 'older') return
    const isHeld = held !== undefined && age === 'same' && equalBytes(held.list.tbs, found.list.tbs)
    if (isHeld) this.#held = { ...held, obtained: found.obtained }
    this.#latest = isHeld ? undefined : found
  }

  /** How old a list is beside the one that is held, if that is current and about the same certificates. */
  #ageBesideHeld(list: CertificateList): 'older' | 'same' | 'newer' | undefined {
    const held = this.#held
    if (held === undefined || !this.#isCurrent(held) || !haveSameScope(list, held.list)) return undefined
    const difference = compareAges(list, held.list)
    return difference === 0 ? 'same' : difference < 0 ? 'older' : 'newer'
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
