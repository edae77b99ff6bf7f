import type { GuardedSend } from '@software-statement/verifier'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'

/** The hosts of this machine, as URLs print them. */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Reads a URL that the user names: https, or http on this machine. Throws `UsageError`, which does not repeat it. */
export function readServerUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOpen = url?.protocol === 'http:' && loopbackHosts.has(url.hostname)
  if (
    url !== undefined &&
    (url.protocol === 'https:' || isOpen) &&
    url.username === '' &&
    url.password === '' &&
    url.hash === ''
  ) {
    return url
  }
  throw new UsageError(`${name} must be an https URL, or one with http on this machine, without credentials and fragment`)
}

/** What sends to public servers, and to the one that the user has named wherever it is. */
export function sendToNamed({ protocol, host }: URL, io: Io): GuardedSend {
  return io.createSend(protocol === 'http:' ? { allowHttp: [host] } : { allowHosts: [host], timeout: 30 })
}
