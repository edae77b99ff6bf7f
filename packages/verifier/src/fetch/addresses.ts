import ipaddr from 'ipaddr.js'

/** Ranges that a host may be in once it is on the allow-list: what private networks and tests use, and nothing beside it. */
const privateRanges: ReadonlySet<string> = new Set(['private', 'loopback', 'carrierGradeNat', 'uniqueLocal'])

/** IPv6 addresses that are routed on the Internet begin here (RFC 4291 2.4): what has no name yet is outside. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Where clouds tell a machine its credentials, beside link-local addresses: no host may lead there, on the allow-list or not. */
const metadataServices: ReadonlySet<string> = new Set(
  [
    'fd00:ec2::254', // AWS
    'fd00:ec2::23', // AWS, for pods
    'fd20:ce::254', // Google Cloud
    '100.100.100.200', // Alibaba Cloud
    '168.63.129.16', // Azure
  ].map((address) => bytesOfAddress(ipaddr.parse(address))),
)

/**
 * What an IP address is for: anybody (`public`), a network of one's own (`private`), or something else (`special`): link-local
 * and other addresses of the metadata services of clouds, multicast, documentation, and every IPv6 range with an IPv4 address
 * inside (mapped, NAT64, 6to4, Teredo), since what it leads to depends on the network (RFC 6890).
 */
export function kindOfAddress(address: string): 'public' | 'private' | 'special' {
  if (!ipaddr.isValid(address)) return 'special'
  const parsed = ipaddr.parse(address)
  if (metadataServices.has(bytesOfAddress(parsed))) return 'special'
  const range = parsed.range()
  if (privateRanges.has(range)) return 'private'
  if (range !== 'unicast') return 'special'
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast) ? 'public' : 'special'
}

/** An address as text that does not depend on its spelling, nor on the zone behind it. */
function bytesOfAddress(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address.toByteArray().join()
}

/** Whether an address is that of this machine itself. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback'
}

/** The address in the host of a URL, without the brackets of IPv6; nothing for a name. */
export function addressOfHost(hostname: string): string | undefined {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return ipaddr.isValid(address) ? address : undefined
}
