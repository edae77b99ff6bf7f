import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressOfHost, kindOfAddress } from '../../../packages/verifier/src/fetch/addresses.js'

describe('what an address is for', () => {
  // The special-purpose registries of IANA (RFC 6890), first and last addresses of each block, and what lies beside it.
  test.each<[block: string, kind: ReturnType<typeof kindOfAddress>, addresses: readonly string[]]>([
    ['this network (RFC 791)', 'special', ['0.0.0.0', '0.255.255.255']],
    ['private use (RFC 1918)', 'private', ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0']],
    ['beside private use', 'public', ['9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255']],
    ['shared address space (RFC 6598)', 'private', ['100.64.0.0', '100.127.255.255']],
    ['loopback (RFC 1122)', 'private', ['127.0.0.0', '127.0.0.1', '127.255.255.255']],
    ['link-local, metadata services (RFC 3927)', 'special', ['169.254.0.0', '169.254.169.254', '169.254.255.255']],
    ['protocol assignments (RFC 6890)', 'special', ['192.0.0.0', '192.0.0.192', '192.0.0.255']],
    ['documentation (RFC 5737)', 'special', ['192.0.2.1', '198.51.100.1', '203.0.113.255']],
    ['AS112 (RFC 7534, RFC 7535)', 'special', ['192.31.196.1', '192.175.48.1']],
    ['AMT (RFC 7450)', 'special', ['192.52.193.1']],
    ['6to4 relays (RFC 7526)', 'special', ['192.88.99.1']],
    ['benchmarking (RFC 2544)', 'special', ['198.18.0.0', '198.19.255.255']],
    ['multicast (RFC 5771)', 'special', ['224.0.0.0', '239.255.255.255']],
    ['reserved (RFC 1112)', 'special', ['240.0.0.0', '255.255.255.254']],
    ['broadcast (RFC 919)', 'special', ['255.255.255.255']],
    ['the Internet', 'public', ['1.1.1.1', '8.8.8.8', '93.184.216.34', '223.255.255.255']],

    ['unspecified (RFC 4291)', 'special', ['::']],
    ['loopback (RFC 4291)', 'private', ['::1']],
    ['IPv4-compatible (RFC 4291)', 'special', ['::7f00:1', '::a9fe:a9fe', '::101:101']],
    ['IPv4-mapped (RFC 4291)', 'special', ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe']],
    ['IPv4-translated (RFC 2765)', 'special', ['::ffff:0:7f00:1']],
    ['NAT64 (RFC 6052)', 'special', ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b::808:808']],
    ['local NAT64 (RFC 8215)', 'special', ['64:ff9b:1::a00:1', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff']],
    ['discard (RFC 6666)', 'special', ['100::', '100::ffff:ffff:ffff:ffff']],
    ['Teredo (RFC 4380)', 'special', ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff']],
    ['benchmarking (RFC 5180)', 'special', ['2001:2::1']],
    ['AMT (RFC 7450)', 'special', ['2001:3::1']],
    ['AS112 (RFC 7535, RFC 7534)', 'special', ['2001:4:112::1', '2620:4f:8000::1']],
    ['ORCHID (RFC 4843, RFC 7343)', 'special', ['2001:10::1', '2001:20::1']],
    ['documentation (RFC 3849, RFC 9637)', 'special', ['2001:db8::1', '3fff::1', '3fff:fff:ffff::']],
    ['6to4 (RFC 3056)', 'special', ['2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:808:808::1']],
    ['segment routing (RFC 9602)', 'special', ['5f00::1']],
    ['unique local (RFC 4193)', 'private', ['fc00::1', 'fd00:ec2::255', 'fd20:ce::253', 'fdff:ffff::1']],
    ['metadata services of AWS, its pods included', 'special', ['169.254.169.254', 'fd00:ec2::254', 'fd00:ec2::23']],
    ['the same, spelled otherwise', 'special', ['fd00:0ec2:0:0::0254', 'FD00:EC2::254', 'fd00:ec2::254%eth0', 'fd20:ce::0:254']],
    [
      'metadata services of Google Cloud, Alibaba Cloud and Azure',
      'special',
      ['fd20:ce::254', '100.100.100.200', '168.63.129.16'],
    ],
    ['beside metadata services', 'private', ['100.100.100.199', '100.100.100.201']],
    ['beside the metadata service of Azure', 'public', ['168.63.129.15', '168.63.129.17']],
    ['link-local (RFC 4291)', 'special', ['fe80::1', 'fe80::1%eth0', 'febf:ffff::1']],
    ['site-local (RFC 3879)', 'special', ['fec0::1', 'feff:ffff::1']],
    ['multicast (RFC 4291)', 'special', ['ff00::', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']],
    ['not assigned', 'special', ['1::1', '200::1', '4000::1', '8000::1', 'e000::1']],
    ['the Internet', 'public', ['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001:80e::200e', '2620:fe::fe']],
    ['no address', 'special', ['', 'localhost', '1.2.3.4.5', '::g', '300.1.1.1', '8.8.8.8/32', 'https://8.8.8.8']],
  ])('%s: %s', (_, kind, addresses) => {
    expect(Object.fromEntries(addresses.map((address) => [address, kindOfAddress(address)]))).toEqual(
      Object.fromEntries(addresses.map((address) => [address, kind])),
    )
  })

  test('no IPv6 address with an IPv4 address inside is public', () => {
    const prefixes = ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::']
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...prefixes), (inner, prefix) => {
        expect(kindOfAddress(prefix + inner)).not.toBe('public')
      }),
    )
  })

  test('a public IPv6 address is in 2000::/3', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (kindOfAddress(address) !== 'public') return
        expect(isIPv6(address)).toBe(true)
        expect(new URL(`https://[${address}]/`).hostname).toMatch(/^\[[23][0-9a-f]{3}:/)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the address in the host of a URL', () => {
  test.each<[url: string, address: string | undefined]>([
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f.0.0.1/', '127.0.0.1'],
    ['https://017700000001/', '127.0.0.1'],
    ['https://127.1/', '127.0.0.1'],
    ['https://①②⑦.0.0.1/', '127.0.0.1'],
    ['https://127.0.0.1./', '127.0.0.1'],
    ['https://[::1]/', '::1'],
    ['https://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['https://localhost/', undefined],
    ['https://127.0.0.1.nip.example/', undefined],
  ])('%s: %s', (url, address) => {
    expect(addressOfHost(new URL(url).hostname)).toBe(address)
  })
})
