import { createGuardedFetch, GuardedFetchError, type GuardedFetchOptions } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { createTransport } from '../../../packages/verifier/src/fetch/transport-portable.js'
import { json, set } from '../../support/key-server.js'

/** Why a URL is not asked, or that it is. What is asked is a fetch of the caller: that it is not asked is seen. */
async function outcomeOf(url: string, options: GuardedFetchOptions = {}): Promise<string> {
  let asked = false
  const fetch = async () => {
    asked = true
    return new Response(set, { headers: json })
  }
  try {
    await createGuardedFetch({ fetch, ...options })(url)
    return 'asked'
  } catch (error) {
    if (error instanceof GuardedFetchError && !asked) return error.reason
    throw error
  }
}

describe('which URLs are asked', () => {
  test.each<[url: string, outcome: string]>([
    ['https://publisher.example/jwks', 'asked'],
    ['https://publisher.example:443/jwks?a=b', 'asked'],
    ['https://8.8.8.8/jwks', 'asked'],
    ['https://[2606:4700:4700::1111]/jwks', 'asked'],
    ['http://publisher.example/jwks', 'url'],
    ['HTTP://publisher.example/jwks', 'url'],
    ['ftp://publisher.example/jwks', 'url'],
    ['file:///etc/passwd', 'url'],
    ['data:application/json,{}', 'url'],
    ['gopher://publisher.example/', 'url'],
    ['https://user@publisher.example/jwks', 'url'],
    ['https://user:secret@publisher.example/jwks', 'url'],
    ['https://:secret@publisher.example/jwks', 'url'],
    ['https://publisher.example:80/jwks', 'url'],
    ['https://publisher.example:8443/jwks', 'url'],
    ['https://publisher.example:22/jwks', 'url'],
    ['https://publisher.example:0/jwks', 'url'],
    ['/jwks', 'url'],
    ['//publisher.example/jwks', 'url'],
    ['', 'url'],
    [' https://publisher.example/jwks', 'url'],
    ['https://publisher.example/jw\nks', 'url'],
    ['https:\\\\publisher.example\\jwks', 'url'],
    ['https://publisher.example/\u0000', 'url'],
    ['https://pub\u200blisher.example/', 'url'],
    ['https://localhost/jwks', 'address'],
    ['https://LOCALHOST/jwks', 'address'],
    ['https://localhost./jwks', 'address'],
    ['https://keys.localhost/jwks', 'address'],
    ['https://metadata.google.internal/computeMetadata/v1/', 'address'],
    ['https://printer.local/', 'address'],
    ['https://router.home.arpa/', 'address'],
    ['https://intranet/', 'address'],
    ['https://127.0.0.1/', 'address'],
    ['https://2130706433/', 'address'],
    ['https://10.1.2.3/', 'address'],
    ['https://169.254.169.254/latest/meta-data/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[::ffff:169.254.169.254]/', 'address'],
    ['https://[64:ff9b::a9fe:a9fe]/', 'address'],
    ['https://[fd00:ec2::254]/', 'address'],
  ])('%j: %s', async (url, outcome) => {
    expect(await outcomeOf(url)).toBe(outcome)
  })

  test.each<[url: string, options: GuardedFetchOptions, outcome: string]>([
    ['https://publisher.example:8443/', { ports: [443, 8443] }, 'asked'],
    ['https://publisher.example/', { ports: [8443] }, 'url'],
    ['https://intranet/', { allowHosts: ['intranet'] }, 'asked'],
    ['https://intranet:8443/', { allowHosts: ['intranet'] }, 'url'],
    ['https://intranet:8443/', { allowHosts: ['intranet'], ports: [443, 8443] }, 'asked'],
    ['https://intranet:8443/', { allowHosts: ['intranet:8443'] }, 'asked'],
    ['https://intranet/', { allowHosts: ['intranet:8443'] }, 'address'],
    ['https://intranet:8444/', { allowHosts: ['intranet:8443'] }, 'url'],
    ['https://keys.intranet/', { allowHosts: ['intranet'] }, 'asked'],
    ['https://keys.localhost/', { allowHosts: ['localhost'] }, 'address'],
    ['https://localhost./', { allowHosts: ['localhost'] }, 'address'],
    ['https://10.1.2.3/', { allowHosts: ['10.1.2.3'] }, 'asked'],
    ['https://10.1.2.4/', { allowHosts: ['10.1.2.3'] }, 'address'],
    ['https://[::1]:8443/', { allowHosts: ['[::1]:8443'] }, 'asked'],
    ['https://169.254.169.254/', { allowHosts: ['169.254.169.254'] }, 'address'],
    ['https://[fd00:ec2::254]/', { allowHosts: ['[fd00:ec2::254]'] }, 'address'],
    ['https://[fd20:ce::254]/', { allowHosts: ['[fd20:ce::254]'] }, 'address'],
    ['https://100.100.100.200/', { allowHosts: ['100.100.100.200'] }, 'address'],
    ['https://168.63.129.16/', { allowHosts: ['168.63.129.16'] }, 'address'],
    ['https://168.63.129.16/', {}, 'address'],
    ['https://0.0.0.0/', { allowHosts: ['0.0.0.0'] }, 'address'],
    ['https://keys_1.xn--bcher-kva.internal/', { allowHosts: ['keys_1.xn--bcher-kva.internal'] }, 'asked'],
    ['http://localhost/', { allowHosts: ['localhost'] }, 'url'],
    ['https://a:b@localhost/', { allowHosts: ['localhost'] }, 'url'],
  ])('%s with %j: %s', async (url, options, outcome) => {
    expect(await outcomeOf(url, options)).toBe(outcome)
  })
})

describe('options that make no sense are refused at once', () => {
  const fetch = async () => new Response(set)
  test.each<[what: string, options: GuardedFetchOptions]>([
    ['a port that is none', { ports: [0] }],
    ['a port beyond all', { ports: [65_536] }],
    ['half a port', { ports: [44.3] }],
    ['a URL for a host', { allowHosts: ['https://intranet'] }],
    ['a path for a host', { allowHosts: ['intranet/jwks'] }],
    ['a host in capitals, which would never fit', { allowHosts: ['Intranet'] }],
    ['the default port, which never stands in a host', { allowHosts: ['intranet:443'] }],
    ['an address as nobody spells it', { allowHosts: ['127.1'] }],
    ['a wildcard and a space', { allowHosts: ['* '] }],
    ['a wildcard', { allowHosts: ['*.internal'] }],
    ['a wildcard with a port', { allowHosts: ['*.internal:8443'] }],
    ['a name with an empty label', { allowHosts: ['a..b'] }],
    ['a name that begins with a dot', { allowHosts: ['.internal'] }],
    ['a name that ends with a dot', { allowHosts: ['localhost.'] }],
    ['a label that begins with a hyphen', { allowHosts: ['-a.internal'] }],
    ['a label that is too long', { allowHosts: [`${'a'.repeat(64)}.internal`] }],
    ['a name that is too long', { allowHosts: [`${'a.'.repeat(126)}internal`] }],
    ['one that is sound and one that is not', { allowHosts: ['keys.internal', '*'] }],
    ['credentials for a host', { allowHosts: ['a@intranet'] }],
    ['nothing for a host', { allowHosts: [''] }],
    ['no time', { timeout: 0 }],
    ['too much time', { timeout: '2 days' }],
    ['a time that is none', { timeout: 'soon' }],
    ['no bytes', { maxBytes: 0 }],
    ['half a byte', { maxBytes: 1.5 }],
    ['certificates for a fetch that connects on its own', { fetch, ca: 'PEM' }],
    ['a resolver for a fetch that connects on its own', { fetch, resolve: async () => [] }],
  ])('%s', (_, options) => {
    expect(() => createGuardedFetch(options)).toThrow(TypeError)
  })
})

describe('the transport of other platforms than Node', () => {
  test.each([{ ca: 'PEM' }, { resolve: async () => [] }])('refuses what it cannot honour', (options) => {
    expect(() => createTransport(options)).toThrow(TypeError)
  })

  test('asks the global fetch, plainly', async () => {
    const calls: [unknown, RequestInit | undefined][] = []
    const { fetch } = globalThis
    globalThis.fetch = async (input, init) => {
      calls.push([input, init])
      return new Response(set, { headers: json })
    }
    try {
      const { signal } = new AbortController()
      const url = new URL('https://publisher.example/jwks')
      const { status, body } = await createTransport({})({
        url,
        method: 'GET',
        headers: { accept: 'a' },
        signal,
        check: () => undefined,
      })
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      expect([status, Buffer.concat(chunks).toString()]).toEqual([200, set])
      expect(calls).toEqual([[url.href, { method: 'GET', headers: { accept: 'a' }, redirect: 'manual', signal }]])
    } finally {
      globalThis.fetch = fetch
    }
  })
})

describe('a fetch of the caller', () => {
  const answerOf = (response: () => Response) =>
    createGuardedFetch({ fetch: async () => response() })('https://publisher.example/')

  test('that follows redirects all the same is found out', async () => {
    const redirected = Object.defineProperty(new Response(set, { headers: json }), 'redirected', { value: true })
    await expect(answerOf(() => redirected)).rejects.toMatchObject({ reason: 'redirect' })
  })

  test('whose platform hides redirects is understood', async () => {
    const hidden = { status: 0, type: 'opaqueredirect', headers: new Headers(), redirected: false, body: null }
    await expect(answerOf(() => hidden as Response)).rejects.toMatchObject({ reason: 'redirect' })
  })

  test('that has decoded what was encoded is not believed', async () => {
    const headers = { ...json, 'content-encoding': 'br' }
    await expect(answerOf(() => new Response(set, { headers }))).rejects.toMatchObject({ reason: 'encoding' })
  })

  test('gets its body cancelled where it is too long', async () => {
    let cancelled = false
    const body = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => {
          cancelled = true
        },
      })
    await expect(answerOf(() => new Response(body(), { headers: json }))).rejects.toMatchObject({ reason: 'size' })
    expect(cancelled).toBe(true)
  })

  test('fails with a reason, and its cause', async () => {
    const cause = new TypeError('fetch failed')
    const fetch = createGuardedFetch({ fetch: () => Promise.reject(cause) })
    await expect(fetch('https://publisher.example/')).rejects.toMatchObject({ reason: 'network', cause })
  })
})
