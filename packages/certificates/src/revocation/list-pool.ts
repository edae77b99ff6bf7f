import type { CertificateList } from './certificate-list.js'
import { compareAges } from './list-order.js'

/** Where lists of revoked certificates come from. */
export interface ListSource {
  readonly given: readonly CertificateList[]
  /**
   * Gets the list at an address, and those before it as long as nobody has confirmed that the new one is of use; `undefined` for an address
   * that may not be asked. The promise rejects if there is none to be had.
   */
  readonly fetch?: (address: string) => Promise<readonly CertificateList[]> | undefined
  /** Is told of a list that its issuer has signed, and whether it is of use. */
  readonly confirm?: (list: CertificateList, isOfUse: boolean) => void
}

/** What became of asking for a list. */
export type FetchOutcome = { readonly fault: unknown } | { readonly lists: readonly CertificateList[] } | 'not allowed'

/** The lists of one validation, by their issuers: those that were given, and those that have been fetched. */
export class ListPool {
  readonly #source: ListSource
  readonly #byIssuer = new Map<string, CertificateList[]>()
  readonly #fetched = new Map<string, Promise<FetchOutcome>>()

  constructor(source: ListSource) {
    this.#source = source
    for (const list of source.given) this.#add(list)
  }

  /** Complete lists of an issuer, given by the form in which names are compared, the newest first. */
  completeListsOf(issuer: string): readonly CertificateList[] {
    return this.#listsOf(issuer).filter(({ extensions }) => extensions.deltaCRLIndicator === undefined)
  }

  deltasOf(issuer: string): readonly CertificateList[] {
    return this.#listsOf(issuer).filter(({ extensions }) => extensions.deltaCRLIndicator !== undefined)
  }

  /** Tells where a list has come from that its issuer has signed it, and whether it is of use. */
  confirm(list: CertificateList, isOfUse: boolean): void {
    this.#source.confirm?.(list, isOfUse)
  }

  /** Gets the lists at an address, once. */
  fetch(address: string): Promise<FetchOutcome> {
    const outcome = this.#fetched.get(address) ?? this.#fetch(address)
    this.#fetched.set(address, outcome)
    return outcome
  }

  async #fetch(address: string): Promise<FetchOutcome> {
    try {
      const lists = await this.#source.fetch?.(address)
      if (lists === undefined) return 'not allowed'
      for (const list of lists) this.#add(list)
      return { lists }
    } catch (fault) {
      return { fault }
    }
  }

  #listsOf(issuer: string): readonly CertificateList[] {
    return this.#byIssuer.get(issuer) ?? []
  }

  #add(list: CertificateList): void {
    const lists = [...this.#listsOf(list.issuer.comparable), list]
    this.#byIssuer.set(
      list.issuer.comparable,
      lists.sort((a, b) => compareAges(b, a)),
    )
  }
}
