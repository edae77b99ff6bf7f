import { lookup } from 'node:dns/promises'
import { addressOfHost } from './addresses.js'
import type { Transport, TransportOptions } from './transport.js'

/**
 * The transport of Node. All addresses of a host are looked up and judged first, and the connection is made to those: a name
 * that leads elsewhere a moment later changes nothing. No connection is kept, no proxy of the environment is used.
 */
export function createTransport({ resolve = resolveBySystem, ca }: TransportOptions): Transport {
  return async (request) => {
    const { hostname } = request.url
    const literal = addressOfHost(hostname)
    const addresses = literal === undefined ? await resolve(hostname) : [literal]
    request.check(addresses)
    // Loaded where it is needed: most statements are verified with keys that are there.
    const { requestPinned } = await import('./pinned-request.js')
    return requestPinned(request, addresses, ca)
  }
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true, order: 'verbatim' })).map(({ address }) => address)
}
