import { isIPv6, type LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import type { TransportAnswer, TransportRequest } from './transport.js'

/** Sends a request to one of the given addresses of its host, over a connection of its own that ends with it. */
export async function requestPinned(
  { url, method, headers, body, signal }: TransportRequest,
  addresses: readonly string[],
  ca: string | readonly string[] | undefined,
): Promise<TransportAnswer> {
  signal.throwIfAborted()
  const trusted = ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }
  const agent = new Agent({ connect: { lookup: pinTo(addresses), ...trusted }, pipelining: 0 })
  signal.addEventListener('abort', () => void agent.destroy().catch(() => undefined), { once: true })
  const answer = await request(url, { dispatcher: agent, method, headers: { ...headers }, body: body ?? null })
  // A body that nobody reads to its end fails when its connection is closed: nobody is there to hear of it.
  answer.body.on('error', () => undefined)
  return { status: answer.statusCode, headers: readHeaders(answer.headers), body: answer.body }
}

/** Answers every question for an address with those that have been judged. */
function pinTo(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  return (_hostname, { family, all }, callback) => {
    const wanted = family === 4 || family === 6 ? answers.filter((answer) => answer.family === family) : answers
    const [first] = wanted
    if (first === undefined) callback(new Error('the host has no address of this family'), '')
    else if (all === true) callback(null, wanted)
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
