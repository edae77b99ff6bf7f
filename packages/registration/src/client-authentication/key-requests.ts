import { TrustUnavailableError } from '@software-statement/core'

/** Somebody who waits for the keys of a client. */
export interface KeyAsker {
  /** The block of addresses it is in; absent where nobody knows. */
  readonly block: string | undefined
  /** Whether a server has been asked for its sake. */
  hasAsked: boolean
}

/**
 * Requests that are under way at once, for one address, to one host and in all: anybody may register URIs, and let them answer slowly. One
 * address can use up neither what a host nor what this server bears.
 */
const most = { address: 16, host: 64, all: 256 } as const

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
    const asker = [...askers].find(({ block }) => block === undefined || this.#hasRoom(nameOfBlock(block), most.address))
    if (asker === undefined || !this.#hasRoom(`host ${host}`, most.host) || !this.#hasRoom('all', most.all)) {
      throw new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'too many key sets are being asked for already', { retryAfter })
    }
    asker.hasAsked = true
    const names = [...(asker.block === undefined ? [] : [nameOfBlock(asker.block)]), `host ${host}`, 'all']
    for (const name of names) this.#change(name, 1)
    try {
      return await request()
    } finally {
      for (const name of names) this.#change(name, -1)
    }
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

function nameOfBlock(block: string): string {
  return `address ${block}`
}
