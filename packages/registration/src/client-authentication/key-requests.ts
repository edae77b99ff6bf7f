import { TrustUnavailableError } from '@software-statement/core'
import { addressBlock, addressSite } from '../limits/client-address.js'

/** Somebody who waits for the keys of a client. */
export interface KeyAsker {
  /** The address that its request comes from; absent where nobody knows. */
  readonly address: string | undefined
  /** Whether a server has been asked for its sake. */
  hasAsked: boolean
}

/**
 * Requests that are under way at once, for one address (of IPv6 a /64) and one site (a /48), to one host and in all: anybody may register URIs,
 * and let them answer slowly. One address can use up neither what a host nor what this server bears. Of what this server bears the second half
 * is for addresses and sites that have nothing under way yet: only who has very many of them keeps others waiting.
 */
const most = { address: 16, site: 32, host: 64, all: 256 } as const

/** Seconds after which there may be room again: about as long as a request takes. */
const retryAfter = 5

/** Bounds the requests for key sets that are under way at once. */
export class KeyRequests {
  readonly #underWay = new Map<string, number>()

  /**
   * Makes a request to a host for one of those who wait for it: the first whose address has room, so that nobody has to wait for others.
   *
   * Throws `TrustUnavailableError` if there is no room, without a request, and what the request throws.
   */
  async make<Answer>(host: string, askers: ReadonlySet<KeyAsker>, request: () => Promise<Answer>): Promise<Answer> {
    const asker = [...askers].find(({ address }) => this.#hasRoomFor(address))
    if (asker === undefined || !this.#hasRoom(`host ${host}`, most.host) || !this.#hasRoom('all', most.all)) {
      throw new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'too many key sets are being asked for already', { retryAfter })
    }
    asker.hasAsked = true
    const names = [...Object.values(namesOf(asker.address)), `host ${host}`, 'all']
    for (const name of names) this.#change(name, 1)
    try {
      return await request()
    } finally {
      for (const name of names) this.#change(name, -1)
    }
  }

  #hasRoomFor(address: string | undefined): boolean {
    const isHalfFull = !this.#hasRoom('all', most.all / 2)
    const { block, site } = namesOf(address)
    if (block === undefined || site === undefined) return true
    return this.#hasRoom(block, isHalfFull ? 1 : most.address) && this.#hasRoom(site, isHalfFull ? 1 : most.site)
  }

  #hasRoom(name: string, limit: number): boolean {
    return (this.#underWay.get(name) ?? 0) < limit
  }

  #change(name: string, by: number): void {
    const count = (this.#underWay.get(name) ?? 0) + by
    if (count === 0) this.#underWay.delete(name)
    else this.#underWay.set(name, count)
  }
}

function namesOf(address: string | undefined): { readonly block?: string; readonly site?: string } {
  return address === undefined ? {} : { block: `block ${addressBlock(address)}`, site: `site ${addressSite(address)}` }
}
