import { guardedSendOptions, validateOptions } from '../options.js'
import { chooseTransport, type GuardedFetchOptions, readBounds } from './create-guarded-fetch.js'
import { type OwnDestinationRules, readDestinations } from './destinations.js'
import { GuardedFetchError } from './guarded-fetch.js'
import type { GuardedSend } from './guarded-send.js'
import { readAnyAnswer } from './read-answer.js'
import { limitTime } from './time-limit.js'

/** Where a guarded send may send, and what its answers may be. */
export type GuardedSendOptions = OwnDestinationRules & Omit<GuardedFetchOptions, keyof OwnDestinationRules>

/**
 * Makes what sends requests of one's own, such as registrations, to servers whose URLs others have a say in: as the fetch that
 * `createGuardedFetch` makes it goes to public addresses over https only, to those it has judged, and follows no redirect. What the server
 * answers is whatever its status says.
 *
 * Throws `TypeError` for malformed options, and for `resolve` and `ca` where something else than Node's own transport connects.
 *
 * @example
 * ```ts
 * const send = createGuardedSend({ allowHttp: ['localhost:7591'] })
 * const body = JSON.stringify({ redirect_uris: ['https://mail.example/cb'] })
 * const register = (url: string) => send(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
 * ```
 */
export function createGuardedSend(options: GuardedSendOptions = {}): GuardedSend {
  validateOptions(options, guardedSendOptions)
  const { milliseconds, maxBytes } = readBounds(options)
  const destinations = readDestinations(options)
  const transport = chooseTransport(options)

  return async (text, { method, headers: own = {}, body, signal }) => {
    const url = destinations.parse(text)
    const headers = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'software-statement', ...own }
    return limitTime(milliseconds, signal, async (over) => {
      try {
        const check = (addresses: readonly string[]) => destinations.check(url, addresses)
        const sent = body === undefined ? {} : { body }
        return await readAnyAnswer(await transport({ url, method, headers, ...sent, signal: over, check }), maxBytes)
      } catch (cause) {
        if (cause instanceof GuardedFetchError) throw cause
        throw new GuardedFetchError('network', `"${url.host}" could not be asked`, { cause })
      }
    })
  }
}
