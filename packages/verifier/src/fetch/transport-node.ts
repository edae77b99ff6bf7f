import { lookup } from 'node:dns/promises'
import { isIPv6, type LookupFunction } from 'node:net'
import { addressOfHost } from './addresses.js'
import type { Transport, TransportOptions } from './transport.js'

/**
 * The transport of Node. All addresses of a host are looked up and judged first, and the connection is made to those: a name
 * that leads elsewhere a moment later changes nothing. No connection is kept, no proxy of the environment is used.
 */
export function createTransport({ resolve = resolveBySystem, ca }: TransportOptions): Transport {
  const trusted = ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }
  return async ({ url, headers, signal, check }) => {
    const literal = addressOfHost(url.hostname)
    const addresses = literal === undefined ? await resolve(url.hostname) : [literal]
    check(addresses)
    signal.throwIfAborted()
    // Loaded where it is needed: most statements are verified with keys that are there.
    const { Agent, request } = await import('undici')
    const agent = new Agent({ connect: { lookup: pinTo(addresses), ...trusted }, pipelining: 0 })
    const close = () => void agent.destroy().catch(() => undefined)
    signal.addEventListener('abort', close, { once: true })
    if (signal.aborted) close()
    const answer = await request(url, { dispatcher: agent, method: 'GET', headers: { ...headers } })
    // A body that nobody reads to its end fails when its connection is closed: nobody is there to hear of it.
    answer.body.on('error', () => undefined)
    return { status: answer.statusCode, headers: readHeaders(answer.headers), body: answer.body }
  }
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true, order: 'verbatim' })).map(({ address }) => address)
}

/** Answers every question for an address with those that have been judged. */
function pinTo(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  return (_hostname, options, callback) => {
    const { family } = options
    const wanted = family === 4 || family === 6 ? answers.filter((answer) => answer.family === family) : answers
    const [first] = wanted
    if (first === undefined) callback(new Error('the host has no address of this family'), '')
    else if (options.all === true) callback(null, wanted)
    else callback(null, first.address, first.family)
  }
}

function readHeaders(given: NodeJS.Dict<string | string[]>): Headers {
  const headers = new Headers()
  for (const [name, value = []] of Object.entries(given)) {
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one)
  }
  return headers
}
