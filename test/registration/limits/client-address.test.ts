import { createAddressReader, type ProxyOptions } from '@software-statement/registration'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBlock } from '../../../packages/registration/src/limits/client-address.js'

const proxy = '10.0.0.5'
const read = (options: ProxyOptions, connection: string | undefined, ...values: readonly string[]) => {
  const headers = new Headers()
  for (const value of values) headers.append(options.forwardedBy ?? 'x-forwarded-for', value)
  return createAddressReader(options)({ headers }, connection)
}

describe('the address of the connection', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    [undefined, undefined],
    ['', undefined],
    ['localhost', undefined],
    ['0x7f.1', undefined],
    ['192.0.2.1:4711', undefined],
  ])('%s is %s, and headers count for nothing', (connection, address) => {
    expect(read({}, connection, '203.0.113.9')).toBe(address)
    expect(read({ forwardedBy: 'forwarded' }, connection, 'for=203.0.113.9')).toBe(address)
  })
})

describe('behind proxies whose addresses are known', () => {
  const trusted = {
    trustedProxies: ['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.50', '::ffff:192.0.2.51', '::ffff:172.16.0.0/108'],
  }

  test.each<[string, string, readonly string[], string]>([
    ['a request through one', proxy, ['203.0.113.9'], '203.0.113.9'],
    ['a request through two', proxy, ['203.0.113.9, 10.1.1.1'], '203.0.113.9'],
    ['a request through one with an address of its own in the list', '192.0.2.50', ['203.0.113.9'], '203.0.113.9'],
    ['a request through one that is listed as IPv4 in IPv6', '192.0.2.51', ['203.0.113.9'], '203.0.113.9'],
    ['a request through one in a range of IPv4 in IPv6', '172.31.0.1', ['203.0.113.9'], '203.0.113.9'],
    ['a request through one outside of that range', '172.32.0.1', ['203.0.113.9'], '172.32.0.1'],
    ['a request through one whose connection is IPv4 in IPv6', `::ffff:${proxy}`, ['203.0.113.9'], '203.0.113.9'],
    ['a request through one in IPv6', '2001:db8:1::9', ['2001:db8:2::1'], '2001:db8:2::1'],
    ['a request from elsewhere, whatever it says', '198.51.100.1', ['203.0.113.9'], '198.51.100.1'],
    ['what the client has written itself', proxy, ['6.6.6.6, 203.0.113.9'], '203.0.113.9'],
    ['an address of a proxy that the client has written', proxy, ['6.6.6.6, 10.9.9.9, 203.0.113.9'], '203.0.113.9'],
    ['what the client has written in a header of its own', proxy, ['6.6.6.6', '203.0.113.9'], '203.0.113.9'],
    ['a request of a proxy itself', proxy, [], proxy],
    ['a list of proxies only', proxy, ['10.2.2.2, 10.1.1.1'], '10.2.2.2'],
    ['an empty header', proxy, [''], proxy],
    ['a proxy that does not know', proxy, ['6.6.6.6, unknown'], proxy],
    ['an element that is no address', proxy, ['6.6.6.6, 203.0.113.9x'], proxy],
    ['an address in a spelling that nobody uses', proxy, ['0x7f.1'], proxy],
    ['an address with a port', proxy, ['203.0.113.9:4711'], '203.0.113.9'],
    ['IPv6 with a port', proxy, ['[2001:db8:2::1]:4711'], '2001:db8:2::1'],
    ['IPv6 in brackets', proxy, ['[2001:db8:2::1]'], '2001:db8:2::1'],
    ['IPv4 in IPv6', proxy, ['::ffff:203.0.113.9'], '203.0.113.9'],
    ['spaces and tabs', proxy, ['6.6.6.6 ,\t203.0.113.9\t'], '203.0.113.9'],
  ])('X-Forwarded-For: %s', (_, connection, values, address) => {
    expect(read(trusted, connection, ...values)).toBe(address)
  })

  test.each<[string, readonly string[], string]>([
    ['one element', ['for=203.0.113.9'], '203.0.113.9'],
    ['an element with more in it', ['by=10.0.0.5;FOR="203.0.113.9:4711";proto=https'], '203.0.113.9'],
    ['IPv6', ['for="[2001:db8:2::1]:4711"'], '2001:db8:2::1'],
    ['two proxies', ['for=203.0.113.9, for=10.1.1.1'], '203.0.113.9'],
    ['what the client has written itself', ['for=6.6.6.6, for=203.0.113.9'], '203.0.113.9'],
    ['a quote that the client has left open', ['for="6.6.6.6, for=203.0.113.9'], '203.0.113.9'],
    ['a quote that the client has left open, before a quoted element', ['for="6.6.6.6, for="[2001:db8:2::1]"'], '2001:db8:2::1'],
    ['a whole element in quotes of the client', ['x="a, for=6.6.6.6", for=203.0.113.9'], '203.0.113.9'],
    ['an identifier that hides the client', ['for=6.6.6.6, for=_hidden'], proxy],
    ['a proxy that does not know', ['for=unknown'], proxy],
    ['an element without for', ['for=6.6.6.6, by=10.0.0.5'], proxy],
    ['an element with two of them', ['for=6.6.6.6;for=203.0.113.9'], proxy],
    ['nothing', [], proxy],
  ])('Forwarded: %s', (_, values, address) => {
    expect(read({ ...trusted, forwardedBy: 'forwarded' }, proxy, ...values)).toBe(address)
  })

  test('only the header that is configured counts', () => {
    const headers = new Headers({ 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.8', 'x-real-ip': '203.0.113.7' })
    expect(createAddressReader(trusted)({ headers }, proxy)).toBe('203.0.113.9')
    expect(createAddressReader({ ...trusted, forwardedBy: 'forwarded' })({ headers }, proxy)).toBe('203.0.113.8')
  })

  test('whatever a client writes, its address is the one the first proxy saw', () => {
    const written = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f.:,;="[\] for]*$/), fc.ipV4(), fc.ipV6())
    const printable = written.filter((text) => /^[ -~]*$/.test(text))
    fc.assert(
      fc.property(
        printable,
        fc.constantFrom<'x-forwarded-for' | 'forwarded'>('x-forwarded-for', 'forwarded'),
        (text, forwardedBy) => {
          const seen = forwardedBy === 'forwarded' ? ['for=203.0.113.9', 'for="10.1.1.1:80"'] : ['203.0.113.9', '10.1.1.1']
          expect(read({ ...trusted, forwardedBy }, proxy, [text, ...seen].join(', '))).toBe('203.0.113.9')
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('behind a number of proxies', () => {
  test.each<[number, readonly string[], string]>([
    [1, ['6.6.6.6, 203.0.113.9'], '203.0.113.9'],
    [2, ['6.6.6.6, 203.0.113.9, 198.51.100.7'], '203.0.113.9'],
    [2, ['203.0.113.9'], '203.0.113.9'],
    [1, [], '198.51.100.1'],
    [2, ['6.6.6.6, unknown, 198.51.100.7'], '198.51.100.7'],
  ])('%i of them: %j', (hops, values, address) => {
    expect(read({ hops }, '198.51.100.1', ...values)).toBe(address)
  })
})

describe('behind a proxy that comes through a socket without an address', () => {
  test('its header counts where proxies are counted, and nowhere else', () => {
    expect(read({ hops: 1 }, undefined, '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9')
    expect(read({ hops: 1 }, undefined)).toBe(undefined)
    expect(read({ trustedProxies: ['0.0.0.0/0', '::/0'] }, undefined, '203.0.113.9')).toBe(undefined)
  })
})

describe('the block of an address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2::', '2001:db8:1:2::'],
    ['::1', '::'],
    ['no address', 'no address'],
  ])('of %s is %s', (address, block) => {
    expect(addressBlock(address)).toBe(block)
  })
})

describe('options that make no sense are mistakes of the program', () => {
  test.each<[string, object]>([
    ['trustedProxy', { trustedProxy: ['10.0.0.0/8'] }],
    ['trustedProxies', { trustedProxies: ['10.0.0.0/33'] }],
    ['trustedProxies', { trustedProxies: ['1/8'] }],
    ['trustedProxies', { trustedProxies: ['10.0.0.0/'] }],
    ['trustedProxies', { trustedProxies: ['::ffff:10.0.0.0/8'] }],
    ['trustedProxies', { trustedProxies: ['proxy.example'] }],
    ['trustedProxies', { trustedProxies: [10] }],
    ['trustedProxies', { trustedProxies: '10.0.0.0/8' }],
    ['hops', { hops: -1 }],
    ['hops', { hops: '1' }],
    ['hops', { hops: 1, trustedProxies: ['10.0.0.0/8'] }],
    ['forwardedBy', { forwardedBy: 'x-real-ip' }],
  ])('%s: %o', (name, options) => {
    expect(() => createAddressReader(options as ProxyOptions)).toThrow(TypeError) // what JavaScript lets pass
    expect(() => createAddressReader(options as ProxyOptions)).toThrow(name)
  })
})
