import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkUri, readUri, type UriKind } from '../../../packages/core/src/metadata/uri.js'

const everyKind: readonly UriKind[] = ['page', 'https', 'request-uri', 'any']

describe('what a URI may be', () => {
  test.each<[uri: string, allowed: string]>([
    ['https://mail.example/terms', 'page https request-uri any'],
    ['https://mail.example', 'page https request-uri any'],
    ['https://mail.example:443/terms?x=1', 'page https request-uri any'],
    ['https://localhost/terms', 'page https request-uri any'],
    ['https://mail.example/terms#section-2', 'page request-uri any'],
    ['https://mail.example#', 'page request-uri any'],
    ['https://mail.example/request.jwt#GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM', 'page request-uri any'],
    ['http://localhost:3000/logo.png', 'page any'],
    ['http://127.0.0.1/logo.png#top', 'page any'],
    ['http://[::1]/logo.png', 'page any'],
    ['http://mail.example/terms', 'any'],
    ['http://localhost.evil.example/', 'any'],
    ['http://192.168.0.1/', 'any'],
    ['spiffe://trust.example/workload/mail', 'any'],
    ['urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'any'],
    ['urn:example:a*b', 'any'],
    ['com.example.app:/cb', 'any'],
    ['sip:mail@example.org', 'any'],
    ['ldap://directory.example/cn=mail', 'any'],
  ])('%s may be: %s', (uri, allowed) => {
    expect(everyKind.filter((kind) => checkUri(uri, kind) === undefined).join(' ')).toBe(allowed)
  })

  test.each<[uri: string, why: string]>([
    ['', 'empty'],
    ['terms', 'relative'],
    ['/terms', 'a path'],
    ['//mail.example/terms', 'without scheme'],
    ['https:mail.example', 'without slashes'],
    ['https:///mail.example', 'an empty host'],
    ['https://mail.example@evil.example/', 'userinfo'],
    ['https://mail.example\\@evil.example/', 'a backslash'],
    ['https://mail.example/a\\b', 'a backslash in the path'],
    ['https://mail.example/#a b', 'a space in the fragment'],
    ['https://mail.example/#a%0ab', 'an encoded line break in the fragment'],
    ['https://mail.example/#<b>', 'angle brackets in the fragment'],
    ['https://mail.example/#a\\b', 'a backslash in the fragment'],
    ['https://mail.example/te\trms', 'a tab'],
    ['https://mail.example/terms\n', 'a line break at the end'],
    ['https://MAIL.example/', 'an upper-case host'],
    ['HTTPS://mail.example/', 'an upper-case scheme'],
    ['https://mail.example./', 'a trailing dot'],
    ['https://mail.example/a/../b', 'a dot segment'],
    ['https://b\u00fccher.example/', 'a Unicode host'],
    ['https://0x7f000001/', 'a hexadecimal address'],
    ['spiffe://user@trust.example/', 'userinfo under another scheme'],
    ['spiffe://Tr%75st.example/', 'an encoded letter in the host under another scheme'],
    ['URN:example:a', 'an upper-case scheme'],
    ['javascript:alert(1)', 'a scheme that runs code'],
    ['JavaScript:alert(1)', 'a scheme that runs code, in mixed case'],
    ['vbscript:x', 'a scheme that runs code'],
    ['data:image/svg+xml,x', 'a scheme that carries its own page'],
    ['blob:https://mail.example/1', 'a scheme of the browser'],
    ['filesystem:https://mail.example/1', 'a scheme of the browser'],
    ['view-source:https://mail.example/', 'a scheme of the browser'],
    ['about:blank', 'a scheme of the browser'],
    ['file:///etc/passwd', 'a local file'],
    ['ftp://mail.example/', 'ftp'],
    ['ws://mail.example/', 'a web socket'],
    ['wss://mail.example/', 'a web socket'],
    ['mailto:mail@example.org', 'a mail address'],
  ])('%j is never allowed: %s', (uri) => {
    for (const kind of everyKind) expect(checkUri(uri, kind)).toBeTypeOf('string')
  })
})

describe('for any text', () => {
  const anyUri = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https', 'ftp', 'spiffe'] }),
    fc.string().map((text) => `https://mail.example/${text}`),
    fc.string().map((text) => `urn:example:${text}`),
  )

  test('an accepted URI is what the parser prints, but for an empty path and a default port', () => {
    fc.assert(
      fc.property(anyUri, fc.constantFrom(...everyKind), (uri, kind) => {
        if (checkUri(uri, kind) !== undefined) return
        const { href, protocol, username, password } = new URL(uri)
        expect([username, password]).toEqual(['', ''])
        const [, start = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)(.*)$/.exec(uri) ?? []
        const bare = start.replace(protocol === 'https:' ? /:443$/ : /:80$/, '')
        expect([uri, `${start}/${rest}`, `${bare}${rest}`, `${bare}/${rest}`]).toContain(href)
      }),
      { numRuns: 2000 },
    )
  })

  test('what is allowed as https is allowed as every other kind', () => {
    fc.assert(
      fc.property(anyUri, (uri) => {
        if (checkUri(uri, 'https') !== undefined) return
        expect(everyKind.filter((kind) => checkUri(uri, kind) !== undefined)).toEqual([])
        expect(new URL(uri).protocol).toBe('https:')
        expect(uri).not.toContain('#')
      }),
      { numRuns: 2000 },
    )
  })

  test('a refusal never repeats the input', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12}$/), fc.constantFrom(...everyKind), (word, kind) => {
        for (const uri of [word, `https://${word}@x/`, `ftp://${word}/`, `https://a.example/${word}\n`]) {
          const reason = checkUri(uri, kind)
          expect(reason).toBeTypeOf('string')
          expect(reason).not.toContain(word)
        }
      }),
    )
  })
})

describe('a URI of the plainest form is read like any other', () => {
  const label = fc.stringMatching(/^[a-z0-9-]{1,6}$/)
  const host = fc
    .array(fc.oneof(label, fc.constantFrom('mail', 'xn--a', '1', '0x7f')), { minLength: 1, maxLength: 4 })
    .map((labels) => labels.join('.'))
  const segment = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._~-]{0,6}$/), fc.constantFrom('.', '..', '...', '%2e', 'a b', ''))
  const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.map((each) => `/${each}`).join(''))
  const uri = fc
    .tuple(host, path, fc.constantFrom('', '/', '?', ':443', ':8443'))
    .map(([name, rest, end]) => `https://${name}${rest}${end}`)

  test('as URL reads it', () => {
    fc.assert(
      fc.property(uri, (text) => {
        const reading = readUri(text)
        if (reading.fault !== undefined) return
        const url = new URL(text)
        expect(reading).toEqual({ scheme: 'https', hostname: url.hostname, host: url.host, port: url.port || '443' })
        const withPath = (given: string) => given.replace(/^(https:\/\/[^/?]+)(?=\?|$)/, '$1/')
        expect([withPath(text), withPath(text.replace(':443', ''))]).toContain(url.href)
      }),
      { numRuns: 2000 },
    )
  })

  test('and refused for the same reasons', () => {
    fc.assert(
      fc.property(uri, (text) => {
        // A query keeps it from being of the plainest form; everything else is the same.
        const withQuery = text.includes('?') || /:\d+$/.test(text) ? text : `${text}?`
        const plain = readUri(text)
        const other = readUri(withQuery)
        if (withQuery !== text && text.split('/').length > 3) expect(plain.fault).toBe(other.fault)
      }),
      { numRuns: 2000 },
    )
  })
})
