import { addressOfHost, isLoopback, kindOfAddress } from './addresses.js'
import { GuardedFetchError } from './guarded-fetch.js'

/** Which servers may be asked. */
export interface DestinationRules {
  /** Ports that may be asked; default: 443 only. */
  readonly ports?: readonly number[]
  /**
   * Hosts that may be at private addresses, for tests and private networks: `keys.internal`, or with a port of their own
   * `localhost:8443`. Compared exactly. Link-local addresses and the metadata
   * services of clouds stay closed for them too.
   */
  readonly allowHosts?: readonly string[]
}

/** Which servers may be asked by those who name them themselves. */
export interface OwnDestinationRules extends DestinationRules {
  /** Hosts on this machine that may be asked over http, such as `localhost:8080`. Compared exactly. */
  readonly allowHttp?: readonly string[]
}

/** Judges where a request may go. Both throw `GuardedFetchError`. */
export interface Destinations {
  /** Reads a URL: https unless something else is configured, without credentials, a port and a host that may be asked. */
  readonly parse: (text: string) => URL
  /** Judges all addresses of a host. One that is not allowed is enough: which of them is used is a matter of luck. */
  readonly check: (url: URL, addresses: readonly string[]) => void
}

/** Names that belong to one machine or one network (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const localSuffixes = ['localhost', 'local', 'internal', 'home.arpa', 'alt']

/** Printable ASCII without a backslash: what a URL parser would drop or turn into something else. */
const plain = /^[!-[\]-~]+$/

/** Throws `TypeError` for a port or host that is none. */
export function readDestinations({ ports = [443], allowHosts = [], allowHttp = [] }: OwnDestinationRules): Destinations {
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new TypeError('ports must be whole numbers from 1 to 65535')
  }
  for (const host of allowHosts) checkHost(host, 'https:')
  for (const host of allowHttp) checkHost(host, 'http:')
  const isPlain = ({ protocol, host }: URL) => protocol === 'http:' && allowHttp.includes(host)
  const isAllowed = ({ host, hostname }: URL) => allowHosts.includes(hostname) || allowHosts.includes(host)

  return {
    parse(text) {
      const url = parseUrl(text)
      if (isPlain(url)) {
        const literal = addressOfHost(url.hostname)
        if (literal !== undefined) this.check(url, [literal])
        return url
      }
      if (url.protocol !== 'https:') throw new GuardedFetchError('url', 'the URL is not an https URL')
      const port = url.port === '' ? 443 : Number(url.port)
      if (!ports.includes(port) && !allowHosts.includes(url.host)) {
        throw new GuardedFetchError('url', `port ${port} may not be asked: it is not configured`)
      }
      const address = addressOfHost(url.hostname)
      if (address !== undefined) this.check(url, [address])
      else if (isLocalName(url.hostname) && !isAllowed(url)) {
        throw new GuardedFetchError('address', `"${url.hostname}" is a name of one machine or network`)
      }
      return url
    },
    check(url, addresses) {
      if (addresses.length === 0) throw new GuardedFetchError('network', `"${url.hostname}" has no address`)
      for (const address of addresses) {
        if (isPlain(url)) {
          if (isLoopback(address)) continue
          throw new GuardedFetchError('address', `"${url.hostname}" may be asked over http on this machine only`)
        }
        const kind = kindOfAddress(address)
        if (kind === 'public' || (kind === 'private' && isAllowed(url))) continue
        throw new GuardedFetchError('address', `"${url.hostname}" is at an address that is not public`)
      }
    },
  }
}

function parseUrl(text: string): URL {
  if (!plain.test(text) || !URL.canParse(text)) throw new GuardedFetchError('url', 'the URL is malformed')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new GuardedFetchError('url', 'the URL has credentials')
  return url
}

function isLocalName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  return !name.includes('.') || localSuffixes.some((suffix) => name.endsWith(`.${suffix}`))
}

/** A label of a host name (RFC 1123 2.1), or one with underscores, as private networks have them. */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/** An entry has to be spelled as a URL parser spells it, and be an address or a whole name: one that never fits is a mistake. */
function checkHost(host: string, scheme: 'https:' | 'http:'): void {
  const url = URL.canParse(`${scheme}//${host}/`) ? new URL(`${scheme}//${host}/`) : undefined
  if (url?.host === host && (addressOfHost(url.hostname) !== undefined || isHostName(url.hostname))) return
  const [name, usual] = scheme === 'https:' ? ['allowHosts', 443] : ['allowHttp', 80]
  throw new TypeError(
    `${name} must be hosts in lower case and without wildcards, such as "keys.internal" or "localhost:8443" (${usual} goes without)`,
  )
}

function isHostName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((part) => label.test(part))
}
