import type { Socket } from 'node:net'

/** A connection that was closed since there were too many: from its address, or in all. */
export interface DroppedConnection {
  /** The address at its other end; absent where nobody knows. */
  readonly address?: string
  readonly because: 'address' | 'server'
}

export interface ConnectionLimits {
  readonly perAddress: number
  readonly inAll: number
  /** What the connections of an address count under; nothing for those that do not count. */
  readonly blockOf: (address: string | undefined) => string | undefined
  readonly onDrop: (dropped: DroppedConnection) => void
}

/** Connections that are counted together. */
interface Pool {
  /** What they count under; absent for all there are. */
  readonly block?: string
  readonly open: Set<Socket>
  /** Those among them that no request is under way on, the one that has waited longest first. */
  readonly waiting: Set<Socket>
}

/**
 * Holds connections to limits. Where there are as many as there may be, the one on which nobody has asked anything for longest makes way for
 * the next: who holds connections and says nothing, or never comes to the end of a header, keeps nobody out.
 */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #all: Pool = makePool()
  readonly #blocks = new Map<string, Pool>()
  readonly #poolsOf = new Map<Socket, readonly Pool[]>()

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
  }

  /** Takes a new connection, or closes it where no other can make way. */
  admit(socket: Socket): void {
    const { perAddress, inAll, blockOf } = this.#limits
    const block = blockOf(socket.remoteAddress)
    const own = block === undefined ? undefined : (this.#blocks.get(block) ?? makePool(block))
    if (own !== undefined && !this.#makeWay(own, perAddress, 'address', socket)) return
    if (!this.#makeWay(this.#all, inAll, 'server', socket)) return

    const pools = own === undefined ? [this.#all] : [own, this.#all]
    for (const pool of pools) {
      pool.open.add(socket)
      if (pool.block !== undefined) this.#blocks.set(pool.block, pool)
    }
    this.#poolsOf.set(socket, pools)
    this.wait(socket)
    socket.once('close', () => this.#remove(socket))
  }

  /** Says that a request has come, whose header is complete. */
  work(socket: Socket): void {
    for (const { waiting } of this.#poolsOf.get(socket) ?? []) waiting.delete(socket)
  }

  /** Says that nothing is under way on a connection any more. */
  wait(socket: Socket): void {
    for (const { waiting } of this.#poolsOf.get(socket) ?? []) waiting.add(socket)
  }

  /** Whether there is room for a new connection, if need be instead of another one. */
  #makeWay(pool: Pool, limit: number, because: DroppedConnection['because'], next: Socket): boolean {
    if (pool.open.size < limit) return true
    const [longest] = pool.waiting
    this.#drop(longest ?? next, because)
    return longest !== undefined
  }

  #drop(socket: Socket, because: DroppedConnection['because']): void {
    const { remoteAddress } = socket
    // It makes way at once, and not when its end has been told.
    this.#remove(socket)
    socket.destroy()
    try {
      this.#limits.onDrop({ ...(remoteAddress === undefined ? {} : { address: remoteAddress }), because })
    } catch {
      // There is nobody left to tell.
    }
  }

  #remove(socket: Socket): void {
    for (const { block, open, waiting } of this.#poolsOf.get(socket) ?? []) {
      open.delete(socket)
      waiting.delete(socket)
      if (block !== undefined && open.size === 0) this.#blocks.delete(block)
    }
    this.#poolsOf.delete(socket)
  }
}

function makePool(block?: string): Pool {
  return { ...(block === undefined ? {} : { block }), open: new Set(), waiting: new Set() }
}
