import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkRedirectUri,
  isAllowedRedirectHost,
  isLoopbackHost,
  isRedirectHost,
  type RedirectUriContext,
  redirectHostOf,
} from '../../../packages/core/src/metadata/redirect-uri.js'

const web: RedirectUriContext = { applicationType: 'web', implicit: false }
const webImplicit: RedirectUriContext = { applicationType: 'web', implicit: true }
const native: RedirectUriContext = { applicationType: 'native', implicit: false }
const nativeImplicit: RedirectUriContext = { applicationType: 'native', implicit: true }
const editors: RedirectUriContext = { ...native, schemes: ['cursor', 'vscode'] }
const everyContext = [web, webImplicit, native, nativeImplicit, editors]

describe('allowed', () => {
  test.each<[uri: string, why: string]>([
    ['https://mail.example/cb', 'an https page'],
    ['https://mail.example/', 'the root path'],
    ['https://mail.example', 'an empty path, spelled / by the parser'],
    ['https://mail.example?x=1', 'an empty path before a query'],
    ['https://mail.example/cb?tenant=7&x[]=a', 'a query'],
    ['https://mail.example/cb?', 'an empty query, which the parser keeps'],
    ['https://mail.example:443/cb', 'the default port, spelled out'],
    ['https://mail.example:443', 'the default port and an empty path'],
    ['https://mail.example:443?x=1', 'the default port, an empty path and a query'],
    ['https://mail.example:8443/cb', 'another port'],
    ['https://mail.example/a%20b/%C3%A9', 'percent-encoded path characters'],
    ['https://mail.example/a%2fb', 'an encoded slash inside a segment'],
    ['https://mail.example/a..b/...', 'dots that are no dot segment'],
    ['https://mail.example/cb?next=https%3A%2F%2Fx.example%2F..%2Fy', 'an encoded URL in the query'],
    ['https://mail.example//cb', 'an empty path segment'],
    ['https://mail.example/@evil.example', 'an at sign in the path'],
    ['https://mail.example/?x=@evil.example', 'an at sign in the query'],
    ['https://xn--bcher-kva.example/cb', 'an IDN in its ASCII form'],
    ['https://my_app.mail.example/cb', 'an underscore in a host label'],
    ['https://192.0.2.7/cb', 'an IPv4 host'],
    ['https://[2001:db8::1]/cb', 'an IPv6 host'],
    ['https://intranet/cb', 'a host of one label'],
    ['https://localhost.evil.example/cb', 'a host that begins like localhost is an ordinary host'],
  ])('%s is allowed for every client: %s', (uri) => {
    for (const context of everyContext) expect(checkRedirectUri(uri, context)).toBeUndefined()
  })

  test.each<[uri: string, why: string]>([
    ['http://localhost/cb', 'http on localhost'],
    ['http://localhost', 'an empty path'],
    ['http://localhost:49152/cb', 'http on a port of localhost'],
    ['http://127.0.0.1:8080/cb', 'http on the IPv4 loopback address'],
    ['http://127.0.0.1:80/cb', 'the default port, spelled out'],
    ['http://[::1]:8080/cb', 'http on the IPv6 loopback address'],
    ['http://[::1]:80', 'the default port after an IPv6 host'],
    ['com.example.app:/cb', 'a reversed domain name'],
    ['com.example.app:/cb?x=1', 'a private-use scheme with a query'],
    ['com.example.app://oauth/cb', 'a private-use scheme with a host'],
    ['com.example.app:cb', 'a private-use scheme with an opaque path'],
    ['com.googleusercontent.apps.123-abc:/oauth2redirect', 'digits and hyphens in a scheme'],
  ])('%s is allowed, except for web clients with the implicit grant: %s', (uri) => {
    for (const context of [web, native, nativeImplicit, editors]) expect(checkRedirectUri(uri, context)).toBeUndefined()
    expect(checkRedirectUri(uri, webImplicit)).toBeTypeOf('string')
  })

  test.each(['cursor://anysphere.cursor-retrieval/oauth/callback', 'vscode://publisher.extension/cb', 'cursor:/cb'])(
    '%s is allowed only where its scheme is listed',
    (uri) => {
      expect(checkRedirectUri(uri, editors)).toBeUndefined()
      expect(checkRedirectUri(uri, native)).toBeTypeOf('string')
      expect(checkRedirectUri(uri, { ...native, schemes: ['Cursor', 'VSCODE', 'curso', 'cursor:'] })).toBeTypeOf('string')
    },
  )

  test.each(['https://localhost/cb', 'https://127.0.0.1/cb', 'https://[::1]:8443/cb'])(
    '%s is refused only for web clients with the implicit grant',
    (uri) => {
      expect(checkRedirectUri(uri, webImplicit)).toBeTypeOf('string')
      for (const context of [web, native, nativeImplicit]) expect(checkRedirectUri(uri, context)).toBeUndefined()
    },
  )
})

describe('refused', () => {
  const allDenied = (
    'about blob chrome cid content data edge feed file filesystem ftp ftps gopher intent jar javascript livescript mailto mhtml mid ' +
    'mocha ms-its res resource sftp sms ssh tel vbscript view-source ws wss wyciwyg'
  ).split(' ')

  test.each(allDenied)('no option opens the scheme %s', (scheme) => {
    for (const rest of ['cb', '/cb', '//host/cb', '//host.example/', '']) {
      for (const spelled of [scheme, scheme.toUpperCase(), scheme[0]?.toUpperCase() + scheme.slice(1)]) {
        const context = { ...native, schemes: [...allDenied, spelled] }
        expect(checkRedirectUri(`${spelled}:${rest}`, context)).toBe('has a scheme that is never allowed')
      }
    }
  })

  test.each<[uri: string, why: string]>([
    ['', 'nothing at all'],
    [' ', 'only a space'],
    ['javascript:alert(1)', 'runs code'],
    ['JaVaScRiPt:alert(1)', 'runs code, in mixed case'],
    ['javascript://mail.example/%0aalert(1)', 'runs code behind a comment'],
    ['java\tscript:alert(1)', 'runs code once the parser drops the tab'],
    ['\u0001javascript:alert(1)', 'runs code once the parser drops the leading control character'],
    ['data:text/html,hello', 'carries its own page'],
    ['HTTPS://mail.example/cb', 'an upper-case scheme'],
    ['hTtps://mail.example/cb', 'a mixed-case scheme'],
    ['Com.Example.App:/cb', 'a mixed-case private-use scheme'],
    ['CURSOR://host/cb', 'a listed scheme in upper case'],
    ['https://MAIL.example/cb', 'an upper-case host'],
    ['https://good.example\\@evil.example/cb', 'browsers go to good.example, other parsers to evil.example'],
    ['https:\\\\good.example\\cb', 'backslashes are slashes to browsers only'],
    ['https://good.example@evil.example/cb', 'userinfo that looks like the host'],
    ['https://good.example:443@evil.example/cb', 'userinfo with a password'],
    ['https://@mail.example/cb', 'empty userinfo'],
    ['https://:@mail.example/cb', 'empty user and password'],
    ['com.example.app://user@host/cb', 'userinfo under a private-use scheme'],
    ['https://good.example%40evil.example/cb', 'an encoded at sign in the host'],
    ['https://good.example%2fevil.example/cb', 'an encoded slash in the host'],
    ['https://good.example%2f@evil.example/cb', 'an encoded slash in userinfo'],
    ['https://good.example%5cevil.example/cb', 'an encoded backslash in the host'],
    ['https://good.example%23.evil.example/cb', 'an encoded number sign in the host'],
    ['https://good.example%00.evil.example/cb', 'an encoded NUL in the host'],
    ['https://mail.ex%61mple/cb', 'an encoded letter in the host'],
    ['https://%6dail.example/cb', 'an encoded first letter of the host'],
    ['https://mail.exam\tple/cb', 'a tab inside, which browsers drop'],
    ['https://mail.example/c\nb', 'a newline inside, which browsers drop'],
    ['https://mail.example/cb\n', 'a newline at the end'],
    ['https://mail.example/cb\r\nSet-Cookie:a=b', 'a header of its own'],
    ['https://mail.example/cb ', 'a space at the end'],
    [' https://mail.example/cb', 'a space at the start'],
    ['https://mail.example/a b', 'a space inside'],
    ['https://mail.example/cb\u0000', 'a NUL'],
    ['https://mail.example/cb\u007f', 'a DEL'],
    ['https://mail.example/%0d%0aSet-Cookie:a', 'an encoded line break'],
    ['https://mail.example/cb?x=%00', 'an encoded NUL in the query'],
    ['https://mail.example/%7F', 'an encoded DEL'],
    ['https://mail.example/%7f', 'an encoded DEL in lower case'],
    ['https://mail.example/%1f', 'an encoded control character'],
    ['https://mail.example/%zz', 'a percent sign without hexadecimal digits'],
    ['https://mail.example/100%', 'a percent sign at the end'],
    ['//evil.example/cb', 'no scheme'],
    ['///evil.example/cb', 'no scheme and three slashes'],
    ['/cb', 'a path'],
    ['cb', 'a relative reference'],
    ['mail.example/cb', 'a host without scheme'],
    ['mail.example:443/cb/../x', 'a host that reads as a scheme'],
    ['https:evil.example', 'no slashes'],
    ['https:/evil.example', 'one slash'],
    ['https:///evil.example/cb', 'three slashes'],
    ['HTTPS:evil.example', 'no slashes after an upper-case scheme'],
    ['https://', 'no host'],
    ['https:///cb', 'an empty host'],
    ['https://:443/cb', 'a port without host'],
    ['https://?x', 'an empty host before a query'],
    ['com.example.app:///cb', 'an empty host under a private-use scheme'],
    ['com.example.app://', 'an empty host and path'],
    ['com.example.app:', 'a scheme and nothing else'],
    ['com.example.app:?x=1', 'a scheme and a query'],
    ['://mail.example/cb', 'an empty scheme'],
    ['1https://mail.example/cb', 'a scheme that begins with a digit'],
    ['https://mail.example./cb', 'a trailing dot in the host'],
    ['https://mail..example/cb', 'an empty label in the host'],
    ['https://.mail.example/cb', 'a leading dot in the host'],
    ['https://./cb', 'a host of one dot'],
    ['http://localhost./cb', 'localhost with a trailing dot'],
    ['http://127.0.0.1./cb', 'an address with a trailing dot'],
    ['https://bücher.example/cb', 'an IDN in its Unicode form'],
    ['https://mail.ex\u0430mple/cb', 'a Cyrillic letter in the host'],
    ['https://mail\u3002example/cb', 'an ideographic full stop, which browsers read as a dot'],
    ['https://\uff4dail.example/cb', 'a fullwidth letter, which browsers fold'],
    ['https://mail.example\u2044evil.example/cb', 'a fraction slash'],
    // Whether an IDN label decodes is left to the URL parser, and not every version of Node looks.
    ...(URL.canParse('https://xn--a/cb') ? [] : [['https://xn--a/cb', 'an IDN label that does not decode'] as [string, string]]),
    ['https://good.example,evil.example/cb', 'a comma in the host'],
    ['https://good.example;evil.example/cb', 'a semicolon in the host'],
    ['https://good.example&evil.example/cb', 'an ampersand in the host'],
    ["https://good.example'evil.example/cb", 'an apostrophe in the host'],
    ['https://good.example|evil.example/cb', 'a vertical bar in the host'],
    ['https://0177.0.0.1/cb', 'an octal IPv4 address'],
    ['https://0x7f.0.0.1/cb', 'a hexadecimal IPv4 address'],
    ['https://2130706433/cb', 'a decimal IPv4 address'],
    ['https://127.1/cb', 'a short IPv4 address'],
    ['https://256.256.256.256/cb', 'an IPv4 address out of range'],
    ['https://[::ffff:127.0.0.1]/cb', 'an IPv4 address mapped into IPv6, in dotted form'],
    ['https://[0:0:0:0:0:0:0:1]/cb', 'an IPv6 address spelled long'],
    ['https://[2001:DB8::1]/cb', 'an IPv6 address in upper case'],
    ['https://[fe80::1%25eth0]/cb', 'an IPv6 zone'],
    ['https://[::1/cb', 'an open bracket'],
    ['https://*.mail.example/cb', 'a wildcard in the host'],
    ['https://%2a.mail.example/cb', 'an encoded wildcard in the host'],
    ['https://mail.example/*', 'a wildcard in the path'],
    ['https://mail.example/cb?x=*', 'a wildcard in the query'],
    ['https://mail.example:*/cb', 'a wildcard in the port'],
    ['http://localhost:*/cb', 'a wildcard in the port of localhost'],
    ['https://mail.example/cb#', 'an empty fragment'],
    ['https://mail.example/cb#x', 'a fragment'],
    ['https://good.example#@evil.example/cb', 'a fragment that hides an at sign'],
    ['com.example.app:/cb#x', 'a fragment under a private-use scheme'],
    ['https://mail.example:/cb', 'an empty port'],
    ['https://mail.example:0443/cb', 'a port with a leading zero'],
    ['https://mail.example:65536/cb', 'a port out of range'],
    ['https://mail.example:44x/cb', 'a port that is no number'],
    ['https://mail.example/a/../cb', 'a dot segment'],
    ['https://mail.example/./cb', 'a single-dot segment'],
    ['https://mail.example/a/..', 'a dot segment at the end'],
    ['https://mail.example/%2e%2e/cb', 'an encoded dot segment'],
    ['https://mail.example/.%2E/cb', 'a half-encoded dot segment'],
    ['https://mail.example/a/..%2fcb', 'a dot segment before an encoded slash'],
    ['https://mail.example/a%5c..%5ccb', 'a dot segment between encoded backslashes'],
    ['com.example.app:/a/../cb', 'a dot segment under a private-use scheme'],
    ['https://mail.example/a/..%2Fcb', 'a dot segment before an encoded slash in upper case'],
    ['https://mail.example/a/.%2fcb', 'a single-dot segment before an encoded slash'],
    ['com.example.app:a/%2E%2e/cb', 'an encoded dot segment in an opaque path'],
    ['com.example.app:a/../cb', 'a dot segment in an opaque path'],
    ['https://mail.example/"onload=x', 'a double quote'],
    ["https://mail.example/cb?'", 'an apostrophe in the query, which browsers encode'],
    ['https://mail.example/<script>', 'angle brackets'],
    ['com.example.app:<script>', 'angle brackets in an opaque path'],
    ['https://mail.example/{id}', 'a template'],
    ['https://mail.example/`x`^', 'a backquote'],
    ['http://mail.example/cb', 'http on another machine'],
    ['http://localhost.evil.example/cb', 'http on a host that begins like localhost'],
    ['http://app.localhost/cb', 'http on a name under localhost'],
    ['http://LOCALHOST/cb', 'localhost in upper case'],
    ['http://127.0.0.1.nip.io/cb', 'http on a host that begins like the loopback address'],
    ['http://127.0.0.2/cb', 'http on another loopback address'],
    ['http://127.1/cb', 'the loopback address, short'],
    ['http://0177.0.0.1/cb', 'the loopback address in octal'],
    ['http://2130706433/cb', 'the loopback address as one number'],
    ['http://[::ffff:127.0.0.1]/cb', 'the loopback address mapped into IPv6'],
    ['http://[::ffff:7f00:1]/cb', 'the loopback address mapped into IPv6, in canonical form'],
    ['http://0.0.0.0/cb', 'http on the unspecified address'],
    ['http://[::]/cb', 'http on the unspecified IPv6 address'],
    ['http://localhost@evil.example/cb', 'userinfo that looks like localhost'],
    ['http://localhost\\.evil.example/cb', 'a backslash after localhost'],
    ['localhost:8080/cb', 'localhost that reads as a scheme'],
    ['myapp:/cb', 'a private-use scheme without a period'],
    ['myapp.:/cb', 'a scheme that only ends in a period'],
    ['my..app:/cb', 'a scheme with an empty label'],
    ['urn:ietf:wg:oauth:2.0:oob', 'a URN'],
    ['com.example.app', 'a scheme without colon'],
    ['com.example.app://ho st/cb', 'a space in the host of a private-use scheme'],
    ['com.example.app://ho%20st/cb', 'an encoded space in the host of a private-use scheme'],
    ['com.example.app://%2a/cb', 'an encoded wildcard in the host of a private-use scheme'],
    ['https://mail.example/\ud800', 'a lone surrogate'],
    ['https://mail.example/\u202ecb', 'a bidirectional override'],
    ['https://mail.example/cb https://evil.example/cb', 'two URIs in one'],
    ['https://mail.example/cb,https://evil.example/cb#', 'two URIs and a fragment'],
    ['toString', 'the name of an inherited member'],
    ['constructor:/cb', 'an inherited member as a scheme'],
  ])('%j is refused for every client: %s', (uri) => {
    for (const context of everyContext) expect(checkRedirectUri(uri, context)).toBeTypeOf('string')
  })

  test.each<[uri: string, reason: string]>([
    ['https://good.example\\@evil.example/cb', 'holds a character that no URI may hold'],
    ['https://good.example@evil.example/cb', 'has userinfo'],
    ['https:evil.example', 'has no host'],
    ['https://mail.example./cb', 'has a host that is not a plain name or address'],
    ['https://MAIL.example/cb', 'is not in its canonical spelling'],
    ['https://mail.example/a/../cb', 'has a dot segment in its path'],
    ['https://mail.example/cb#', 'has a fragment'],
    ['https://mail.example/*', 'has a wildcard'],
    ['http://mail.example/cb', 'is http on a host that is not the local machine'],
    ['/cb', 'is not an absolute URI'],
  ])('%s is refused for the reason that is at fault', (uri, reason) => {
    expect(checkRedirectUri(uri, web)).toBe(reason)
  })
})

describe('for any text', () => {
  const pieces = fc.constantFrom(
    ...[
      'https',
      'http',
      'com.example.app',
      'javascript',
      ':',
      '/',
      '//',
      '://',
      '@',
      '#',
      '?',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%00',
    ],
    ...[
      'good.example',
      'evil.example',
      'localhost',
      '127.0.0.1',
      '[::1]',
      ':443',
      ':80',
      ':8080',
      '*',
      '\t',
      ' ',
      'é',
      '\ud800',
      'A',
    ],
  )
  const anyUri = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('https://', 'http://', 'com.example.app:'), fc.array(pieces, { maxLength: 6 }))
      .map(([start, parts]) => start + parts.join('')),
  )
  const anyContext = fc.constantFrom(...everyContext)

  test('an accepted URI is ASCII without userinfo, fragment or wildcard, and every parser sees the same origin', () => {
    fc.assert(
      fc.property(anyUri, anyContext, (uri, context) => {
        if (checkRedirectUri(uri, context) !== undefined) return
        expect(uri).toMatch(/^[\x21-\x7e]+$/)
        expect(uri).not.toMatch(/[#*\\]/)
        const url = new URL(uri)
        expect([url.username, url.password, url.hash]).toEqual(['', '', ''])
        const [scheme = '', rest = ''] = uri.split(/:(.*)/s)
        expect(`${scheme}:`).toBe(url.protocol)
        if (scheme !== 'https' && scheme !== 'http') return
        const naiveHost = rest.slice(2).split(/[/?]/)[0]
        const port = scheme === 'https' ? ':443' : ':80'
        expect([url.host, url.host + port]).toContain(naiveHost)
        expect(new URL(url.href).origin).toBe(url.origin)
        expect(scheme === 'https' || isLoopbackHost(url.hostname)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  test('the answer is a short reason without the input, or nothing', () => {
    const reasons = new Set<string>()
    fc.assert(
      fc.property(anyUri, anyContext, (uri, context) => {
        const reason = checkRedirectUri(uri, context)
        if (reason !== undefined) reasons.add(reason)
      }),
      { numRuns: 2000 },
    )
    expect([...reasons].filter((reason) => reason.length > 80 || reason.includes('example'))).toEqual([])
    expect(reasons.size).toBeLessThan(20)
  })

  test('every accepted URI has a host, and an allow list of that host allows it', () => {
    fc.assert(
      fc.property(anyUri, anyContext, (uri, context) => {
        if (checkRedirectUri(uri, context) !== undefined) return
        const host = redirectHostOf(uri) ?? ''
        expect(host).not.toBe('')
        expect(isAllowedRedirectHost(uri, [host])).toBe(true)
        expect(isAllowedRedirectHost(uri, [uri, `x${host}`, `${host}x`])).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hosts', () => {
  test.each(['localhost', '127.0.0.1', '[::1]'])('%s is the local machine', (host) => {
    expect(isLoopbackHost(host)).toBe(true)
  })

  test.each(['LOCALHOST', 'localhost.', 'a.localhost', '::1', '127.0.0.2', '0.0.0.0', '', 'toString'])(
    '%j is not the local machine',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false)
    },
  )

  test.each<[uri: string, host: string | undefined]>([
    ['https://mail.example/cb', 'mail.example'],
    ['https://mail.example:443/cb', 'mail.example'],
    ['https://mail.example:8443/cb', 'mail.example:8443'],
    ['http://[::1]:8080/cb', '[::1]:8080'],
    ['com.example.app://host/cb', 'com.example.app:'],
    ['com.example.app:/cb', 'com.example.app:'],
    ['https:mail.example', undefined],
    ['https://mail.example\\@evil.example', undefined],
    ['javascript:alert(1)', undefined],
    ['nothing', undefined],
  ])('the host of %s is %s', (uri, host) => {
    expect(redirectHostOf(uri)).toBe(host)
  })

  test.each<[uri: string, entry: string]>([
    ['https://mail.example/cb', 'mail.example'],
    ['https://mail.example:8443/cb', 'mail.example'],
    ['https://mail.example:8443/cb', 'mail.example:8443'],
    ['https://mail.example/cb', 'mail.example:443'],
    ['https://mail.example:443/cb', 'mail.example:443'],
    ['http://localhost/cb', 'localhost:80'],
    ['http://localhost:3000/cb', 'localhost'],
    ['http://[::1]:3000/cb', '[::1]:3000'],
    ['com.example.app:/cb', 'com.example.app:'],
  ])('%s is allowed by the entry %s', (uri, entry) => {
    expect(isAllowedRedirectHost(uri, ['other.example', entry])).toBe(true)
  })

  test.each<[uri: string, entry: string]>([
    ['https://eu.mail.example/cb', 'mail.example'],
    ['https://mail.example.evil.example/cb', 'mail.example'],
    ['https://evilmail.example/cb', 'mail.example'],
    ['https://mail.example/cb', 'MAIL.example'],
    ['https://mail.example/cb', 'mail.example.'],
    ['https://mail.example/cb', '*'],
    ['https://mail.example/cb', '*.example'],
    ['https://mail.example/cb', '.*'],
    ['https://mail.example/cb', ''],
    ['https://mail.example/cb', 'https://mail.example'],
    ['https://mail.example/cb', 'mail.example:'],
    ['https://mail.example:8443/cb', 'mail.example:443'],
    ['https://mail.example:8443/cb', 'mail.example:844'],
    ['http://localhost:443/cb', 'localhost:80'],
    ['http://localhost/cb', 'mail.example'],
    ['com.example.app:/cb', 'com.example.app'],
    ['com.example.app://mail.example/cb', 'mail.example'],
    ['com.example.app2:/cb', 'com.example.app:'],
    ['https://mail.example\\@evil.example/cb', 'mail.example'],
    ['https://mail.example@evil.example/cb', 'evil.example'],
  ])('%s is not allowed by the entry %j', (uri, entry) => {
    expect(isAllowedRedirectHost(uri, [entry])).toBe(false)
  })

  test('an empty list allows nothing', () => {
    expect(isAllowedRedirectHost('https://mail.example/cb', [])).toBe(false)
  })
})

describe('entries of a list of redirect hosts', () => {
  test.each([
    'mail.example',
    'mail.example:8443',
    'mail.example:443',
    'mail.example:80',
    'localhost',
    '127.0.0.1:8080',
    '[::1]',
    '[::1]:8080',
    'com.example.app:',
    'vscode:',
  ])('%j is one', (entry) => {
    expect(isRedirectHost(entry)).toBe(true)
  })

  test.each([
    '',
    'https://mail.example',
    'https://mail.example/cb',
    'mail.example/cb',
    'mail.example/',
    '*',
    '*.mail.example',
    '.mail.example',
    'mail.example.',
    'mail..example',
    'Mail.example',
    'COM.example.app:',
    'm\u00fcller.example',
    ' mail.example',
    'mail.example\n',
    'user@mail.example',
    'mail.example:0',
    'mail.example:08443',
    'mail.example:65536',
    'mail.example:*',
    '::1',
    '[0:0:0:0:0:0:0:1]',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    'http:',
    'https:',
    'javascript:',
    'file:',
    'com.example.app:/',
    'com.example.app://',
  ])('%j is none', (entry) => {
    expect(isRedirectHost(entry)).toBe(false)
  })

  test('every host that a redirect URI has is one, and allows that URI', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
    const hosts = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'))
    const uris = fc.oneof(
      fc.tuple(hosts, fc.option(fc.integer({ min: 1, max: 65_535 }))).map(([host, port]) => {
        return `https://${host}${port === null ? '' : `:${port}`}/cb`
      }),
      hosts.map((host) => `com.${host}:/cb`),
    )
    fc.assert(
      fc.property(uris, (uri) => {
        const host = redirectHostOf(uri)
        if (host === undefined) return
        expect(isRedirectHost(host)).toBe(true)
        expect(isAllowedRedirectHost(uri, [host])).toBe(true)
      }),
    )
  })
})
