import type { GuardedFetch } from '@software-statement/verifier'
import type { CertificateList } from '../revocation/certificate-list.js'
import { parseCertificateList } from '../revocation/parse-certificate-list.js'

/** Seconds after which a list is asked for again, current or not: issuers publish new ones before the old ones end. */
const mostAge = 3600
/** Seconds for which a server that gave no list is left alone. */
const cooldown = 30

/** Media types of lists: the one of RFC 5280 4.2.1.13, and those that servers use that do not know it. */
const accept = ['application/pkix-crl', 'application/x-pkcs7-crl', 'application/octet-stream']

interface Held {
  readonly list: CertificateList
  readonly obtained: number
}

/**
 * Keeps the list of one distribution point. There is never more than one request at a time. A request that fails takes nothing away: a list
 * is used while it is current.
 */
export class ListCache {
  readonly #obtain: () => Promise<CertificateList>
  readonly #now: () => number
  #held: Held | undefined
  #fault: { readonly cause: unknown; readonly at: number } | undefined
  #pending: Promise<void> | undefined

  /** The position tells the list apart from others in errors; the clock is in seconds since 1970. */
  constructor(address: string, position: number, fetch: GuardedFetch, now: () => number) {
    this.#obtain = async () => {
      const { body } = await fetch(address, { accept })
      return parseCertificateList(body, { list: 'crls', index: position })
    }
    this.#now = now
  }

  /** Rejects with what went wrong if there is no list that is current. */
  async find(): Promise<CertificateList> {
    const held = this.#held
    if (held !== undefined && this.#isCurrent(held) && this.#isRecent(held.obtained, mostAge)) return held.list
    if (this.#fault === undefined || !this.#isRecent(this.#fault.at, cooldown)) {
      this.#pending ??= this.#request().finally(() => {
        this.#pending = undefined
      })
      await this.#pending
    }
    const now = this.#held
    if (now !== undefined && (this.#fault === undefined || this.#isCurrent(now))) return now.list
    throw this.#fault?.cause
  }

  async #request(): Promise<void> {
    try {
      this.#held = { list: await this.#obtain(), obtained: this.#now() }
      this.#fault = undefined
    } catch (cause) {
      this.#fault = { cause, at: this.#now() }
    }
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
