import { isWithinDomain, parseHostName } from './dns-name.js'

/**
 * Scheme and authority; what follows is not looked at (RFC 3986 3). In front of the host may be what RFC 3986 3.2.1 allows and nothing else:
 * there are parsers that read a backslash as the end of the host.
 */
const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*@)?([^/?#:@]*)(?::\d*)?(?:[/?#]|$)/i

/** The host of a URI in lower case, or `undefined` where there is none that is a name: those cannot be constrained (RFC 5280 4.2.1.10). */
export function parseUriHost(text: string): string | undefined {
  const host = parseHostName(authority.exec(text)?.[1] ?? '')
  const isAddress = host !== undefined && /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(host)
  return isAddress ? undefined : host
}

/** A constraint on hosts of URIs (RFC 5280 4.2.1.10): one host, or, with a period in front, all below a domain. */
export function parseUriConstraint(text: string): ((host: string) => boolean) | undefined {
  if (text === '') return () => true
  const domain = parseHostName(text.startsWith('.') ? text.slice(1) : text)
  if (domain === undefined) return undefined
  return text.startsWith('.') ? (host) => host !== domain && isWithinDomain(host, domain) : (host) => host === domain
}
