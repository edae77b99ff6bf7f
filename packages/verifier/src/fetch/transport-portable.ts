import { type Fetch, fetchTransport } from './fetch-transport.js'
import type { Transport, TransportOptions } from './transport.js'

/**
 * The transport of platforms other than Node: the global `fetch`. It cannot see to which address a name leads, so that a name
 * of an attacker may lead to a private one: where that matters, such a platform has to close its own network.
 *
 * Throws `TypeError` for options that cannot be honoured here.
 */
export function createTransport({ resolve, ca }: TransportOptions): Transport {
  if (resolve !== undefined || ca !== undefined) throw new TypeError('resolve and ca are known on Node only')
  return fetchTransport(globalFetch)
}

/** Looked up when it is called: the global may be replaced after this module is loaded. */
const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init)
