import type { CertificateList } from './certificate-list.js'
import { isDelta } from './delta.js'
import { compareAges } from './list-order.js'
import type { RevocationMemory } from './revocation-memory.js'

/** Where lists of revoked certificates come from. */
export interface ListSource {
  readonly given: readonly CertificateList[]
  /** What is known of revoked certificates from other validations. */
  readonly memory?: RevocationMemory
  /** Gets the lists of an address; `undefined` for one that may not be asked. */
  readonly fetch?: (address: string) => Promise<FetchedLists> | undefined
  /** The lists of an address that have been confirmed, without asking for new ones. */
  readonly recall?: (address: string) => readonly CertificateList[]
  /** Is told of a list that is signed. */
  readonly confirm?: (confirmed: ConfirmedList) => void
  /** Is told of an address that it has no list of use for a certificate that names it. */
  readonly askAgain?: (address: string) => void
}

/** A list that somebody who may has signed, as it was found out for one certificate. */
export interface ConfirmedList {
  readonly list: CertificateList
  /** The key, as in certificates (SubjectPublicKeyInfo). */
  readonly key: Uint8Array
  /** Whether it tells a status; `undefined` where nobody had to know. */
  readonly isOfUse: boolean | undefined
  /** Where lists and deltas about the certificate are. */
  readonly addresses: ReadonlySet<string>
}

/** What there is of an address: its list, those that were confirmed before, and why it could not be asked, where that matters. */
export interface FetchedLists {
  readonly lists: readonly CertificateList[]
  readonly fault?: unknown
}

/** The lists of one validation, by their issuers: those that were given, and those that have been fetched. */
export class ListPool {
  readonly #source: ListSource
  readonly #byIssuer = new Map<string, Set<CertificateList>>()
  readonly #ordered = new Map<string, readonly CertificateList[]>()
  readonly #fetched = new Map<string, Promise<FetchedLists | undefined>>()

  constructor(source: ListSource) {
    this.#source = source
    this.#add(source.given)
  }

  /** Complete lists and deltas of an issuer, given by the form in which names are compared, the newest first. */
  listsOf(issuer: string): readonly CertificateList[] {
    const known = this.#ordered.get(issuer)
    if (known !== undefined) return known
    const ordered = [...(this.#byIssuer.get(issuer) ?? [])].sort((a, b) => compareAges(b, a))
    this.#ordered.set(issuer, ordered)
    return ordered
  }

  /** Complete lists of an issuer, the newest first. */
  completeListsOf(issuer: string): readonly CertificateList[] {
    return this.listsOf(issuer).filter((list) => !isDelta(list))
  }

  deltasOf(issuer: string): readonly CertificateList[] {
    return this.listsOf(issuer).filter(isDelta)
  }

  /** Tells where a list has come from that it is signed. */
  confirm(confirmed: ConfirmedList): void {
    this.#source.confirm?.(confirmed)
  }

  /** Has an address asked again soon, because it had nothing of use. */
  askAgain(address: string): void {
    this.#source.askAgain?.(address)
  }

  /** Takes in the lists of an address that have been confirmed, without asking for new ones. */
  recall(address: string): readonly CertificateList[] {
    const lists = this.#source.recall?.(address) ?? []
    this.#add(lists)
    return lists
  }

  /** Gets the lists at an address, once; `undefined` for one that may not be asked. */
  fetch(address: string): Promise<FetchedLists | undefined> {
    const fetched = this.#fetched.get(address) ?? this.#fetch(address)
    this.#fetched.set(address, fetched)
    return fetched
  }

  /** Whether the lists at an address are here, as far as there are any. */
  hasFetched(address: string): boolean {
    return this.#fetched.has(address)
  }

  async #fetch(address: string): Promise<FetchedLists | undefined> {
    const fetched = await this.#source.fetch?.(address)
    this.#add(fetched?.lists ?? [])
    return fetched
  }

  #add(added: readonly CertificateList[]): void {
    for (const list of added) {
      const issuer = list.issuer.comparable
      this.#byIssuer.set(issuer, (this.#byIssuer.get(issuer) ?? new Set()).add(list))
      this.#ordered.delete(issuer)
    }
  }
}
