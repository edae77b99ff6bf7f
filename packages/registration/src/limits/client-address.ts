import ipaddr from 'ipaddr.js'
import { refuseUnknownOptions } from '../known-options.js'
import { type ForwardingHeader, listForwardedAddresses } from './forwarded.js'

/** Which proxies stand before this server. Without any of it the address of the connection is the client's. */
export interface ProxyOptions {
  /** Ranges of addresses that are proxies of one's own, such as `10.0.0.0/8` or `2001:db8::1`. */
  readonly trustedProxies?: readonly string[]
  /** How many proxies a request always comes through, where their addresses are not known. Excludes `trustedProxies`. */
  readonly hops?: number
  /** The header in which they write down where a request comes from; default: `x-forwarded-for`. */
  readonly forwardedBy?: ForwardingHeader
}

/** Tells where a request comes from, by the address of its connection; nothing where nobody knows. */
export type AddressReader = (request: { readonly headers: Headers }, connection: string | undefined) => string | undefined

const names: ReadonlySet<string> = new Set(['trustedProxies', 'hops', 'forwardedBy'])

/**
 * Makes what tells the address of a client. A header counts only as far as proxies of one's own have written it: it is read from the
 * right, and what stands further left is what anybody wrote.
 *
 * Throws `TypeError` for options that make no sense.
 *
 * @example
 * ```ts
 * const addressOf = createAddressReader({ trustedProxies: ['10.0.0.0/8'] })
 * const request = new Request('https://as.example/reg', { headers: { 'x-forwarded-for': '203.0.113.9, 192.0.2.7' } })
 * addressOf(request, '10.0.0.5') // '192.0.2.7'
 * addressOf(request, '198.51.100.1') // '198.51.100.1'
 * ```
 */
export function createAddressReader(options: ProxyOptions = {}): AddressReader {
  const { hops, forwardedBy, isTrusted } = parseProxyOptions(options)
  // Where proxies are counted, the first of them may have come through a socket that has no address.
  const isProxy = (address: string | undefined, passed: number) => passed < hops || (address !== undefined && isTrusted(address))

  return ({ headers }, connection) => {
    let address = connection === undefined ? undefined : canonicalAddress(connection)
    let passed = 0
    for (const previous of listForwardedAddresses(headers.get(forwardedBy) ?? '', forwardedBy)) {
      if (!isProxy(address, passed)) break
      const next = previous === undefined ? undefined : canonicalAddress(previous)
      // A proxy that does not say where a request came from is as far as it can be followed.
      if (next === undefined) break
      address = next
      passed++
    }
    return address
  }
}

/**
 * Makes what tells the block that the connections of an address count under. Those of proxies of one's own do not count, which come for
 * everybody: none does where proxies are counted and their addresses are not known.
 *
 * Throws `TypeError` for options that make no sense.
 */
export function createConnectionBlocks(options: ProxyOptions = {}): (connection: string | undefined) => string | undefined {
  const { hops, isTrusted } = parseProxyOptions(options)
  return (connection) => {
    const address = connection === undefined ? undefined : canonicalAddress(connection)
    return address === undefined || hops > 0 || isTrusted(address) ? undefined : addressBlock(address)
  }
}

interface ParsedProxies {
  readonly hops: number
  readonly forwardedBy: ForwardingHeader
  /** Whether an address, in its one spelling, is that of a proxy. */
  readonly isTrusted: (address: string) => boolean
}

function parseProxyOptions(options: ProxyOptions): ParsedProxies {
  refuseUnknownOptions(options, names, 'an option for proxies')
  const { trustedProxies = [], hops = 0, forwardedBy = 'x-forwarded-for' } = options
  if (!Number.isSafeInteger(hops) || hops < 0) throw new TypeError('the option hops must be a whole number')
  if (hops > 0 && trustedProxies.length > 0) throw new TypeError('the options hops and trustedProxies exclude each other')
  if (!['x-forwarded-for', 'forwarded'].includes(forwardedBy)) {
    throw new TypeError('the option forwardedBy must be "x-forwarded-for" or "forwarded"')
  }
  if (!Array.isArray(trustedProxies)) throw new TypeError('the option trustedProxies must be an array')
  const ranges = trustedProxies.map(parseRange)
  return { hops, forwardedBy, isTrusted: (address) => ranges.some((range) => isWithin(ipaddr.parse(address), range)) }
}

/**
 * What addresses of one host have in common: an IPv4 address itself, the first 64 bits of an IPv6 address, since every host has as many
 * addresses under these as it likes (RFC 4291 2.5.1).
 */
export function addressBlock(address: string): string {
  return firstBits(address, 64)
}

/** What addresses of one customer of a network may have in common: the first 48 bits of an IPv6 address (RFC 6177 2). */
export function addressSite(address: string): string {
  return firstBits(address, 48)
}

function firstBits(address: string, bits: number): string {
  const canonical = canonicalAddress(address)
  if (canonical === undefined) return address
  const parsed = ipaddr.parse(canonical)
  if (parsed.kind() === 'ipv4') return canonical
  return ipaddr.fromByteArray(parsed.toByteArray().fill(0, bits / 8)).toString()
}

/** One spelling for each address: IPv4 in IPv6 is IPv4, and a zone is of no interest. */
function canonicalAddress(text: string): string | undefined {
  const [plain = ''] = text.split('%', 1)
  const isAddress = ipaddr.IPv6.isValid(plain) || ipaddr.IPv4.isValidFourPartDecimal(plain)
  return isAddress ? ipaddr.process(plain).toString() : undefined
}

type Range = ReturnType<typeof ipaddr.parseCIDR>

/** A range that is spelled as IPv4 in IPv6 is one of IPv4, as its addresses are. */
function parseRange(text: unknown): Range {
  const [, base = '', length] = typeof text === 'string' ? (/^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []) : []
  const canonical = canonicalAddress(base)
  if (canonical !== undefined) {
    const address = ipaddr.parse(canonical)
    const spelled = base.includes(':') ? 128 : 32
    const bits = address.kind() === 'ipv4' ? 32 : 128
    const prefix = Number(length ?? spelled) - (spelled - bits)
    if (prefix >= 0 && prefix <= bits) return [address, prefix]
  }
  throw new TypeError('trustedProxies must be addresses and ranges such as "10.0.0.0/8"')
}

function isWithin(address: ReturnType<typeof ipaddr.parse>, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range)
}
