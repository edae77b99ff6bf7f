import { type Duration, parseDuration } from '@software-statement/core'
import { createTransport } from '#transport'
import { guardedFetchOptions, validateOptions } from '../options.js'
import { type DestinationRules, readDestinations } from './destinations.js'
import { type Fetch, fetchTransport } from './fetch-transport.js'
import { type GuardedFetch, GuardedFetchError } from './guarded-fetch.js'
import { readAnswer } from './read-answer.js'
import { limitTime } from './time-limit.js'
import type { Transport, TransportOptions } from './transport.js'

/** What a guarded fetch may do. */
export interface GuardedFetchOptions extends DestinationRules, TransportOptions {
  /** The time for a whole answer: name, connection, headers and body; default: 5 seconds. */
  readonly timeout?: Duration
  /** The longest body, in bytes, counted while it comes; default: 256 KiB. */
  readonly maxBytes?: number
  /**
   * Sends the requests, for networks with a way out of their own. It gets `redirect: 'manual'` and has to see to it that
   * names do not lead to private addresses: only addresses that stand in a URL are judged then.
   */
  readonly fetch?: Fetch
}

const json = ['application/json', 'application/*+json']

/**
 * Makes the fetch for everything that a configuration names: https on port 443, to public addresses, without redirects,
 * credentials or cookies, JSON of at most 256 KiB within five seconds. On Node all addresses of a name are judged, and one of
 * those judged is connected to; elsewhere the global `fetch` connects, and a name may lead to a private address.
 *
 * Throws `TypeError` for malformed options, and for `resolve` and `ca` where something else than Node's own transport connects.
 *
 * @example
 * ```ts
 * const fetch = createGuardedFetch({ allowHosts: ['keys.internal:8443'] })
 * const trust = trustIssuers([{ issuer: 'https://publisher.example', jwksUri: 'https://keys.internal:8443/jwks' }], { fetch })
 * ```
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  validateOptions(options, guardedFetchOptions)
  const { milliseconds, maxBytes } = readBounds(options)
  const destinations = readDestinations(options)
  const transport = chooseTransport(options)

  return async (text, { accept = json, ifNoneMatch, signal } = {}) => {
    const url = destinations.parse(text)
    const headers = {
      accept: accept.filter((pattern) => !pattern.includes('*')).join(', '),
      'accept-encoding': 'identity',
      'user-agent': 'software-statement',
      ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
    }
    return limitTime(milliseconds, signal, async (over) => {
      try {
        const check = (addresses: readonly string[]) => destinations.check(url, addresses)
        const answer = await transport({ url, method: 'GET', headers, signal: over, check })
        return await readAnswer(answer, { accept, maxBytes, conditional: ifNoneMatch !== undefined })
      } catch (cause) {
        if (cause instanceof GuardedFetchError) throw cause
        throw new GuardedFetchError('network', `"${url.host}" could not be asked`, { cause })
      }
    })
  }
}

/** Throws `TypeError` for bounds that are none. */
export function readBounds({ timeout = 5, maxBytes = 256 * 1024 }: Pick<GuardedFetchOptions, 'timeout' | 'maxBytes'>) {
  const milliseconds = parseDuration(timeout) * 1000
  if (milliseconds < 1 || milliseconds > 86_400_000) throw new TypeError('timeout must be at least a millisecond, at most a day')
  return { milliseconds, maxBytes }
}

/** The transport of the platform, or the `fetch` that is given in its place. Throws `TypeError` where both are asked for. */
export function chooseTransport({ fetch, resolve, ca }: Pick<GuardedFetchOptions, 'fetch' | 'resolve' | 'ca'>): Transport {
  const given = { ...(resolve === undefined ? {} : { resolve }), ...(ca === undefined ? {} : { ca }) }
  if (fetch === undefined) return createTransport(given)
  if (Object.keys(given).length > 0) throw new TypeError('resolve and ca exclude fetch, which connects on its own')
  return fetchTransport(fetch)
}
