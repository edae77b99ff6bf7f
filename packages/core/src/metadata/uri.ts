/** What a URI of client metadata is for, which decides the schemes it may have. */
export type UriKind = 'page' | 'endpoint' | 'https' | 'request-uri' | 'any'

/** Schemes that run code, read local or browser state, or start another program: no option opens them. */
const deniedSchemes: ReadonlySet<string> = new Set([
  'about',
  'blob',
  'chrome',
  'cid',
  'content',
  'data',
  'edge',
  'feed',
  'file',
  'filesystem',
  'ftp',
  'ftps',
  'gopher',
  'intent',
  'jar',
  'javascript',
  'livescript',
  'mailto',
  'mhtml',
  'mid',
  'mocha',
  'ms-its',
  'res',
  'resource',
  'sftp',
  'sms',
  'ssh',
  'tel',
  'vbscript',
  'view-source',
  'ws',
  'wss',
  'wyciwyg',
])

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
])

// RFC 3986 appendix B, with the scheme required.
const uriParts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/
// Only so many characters of a host mean the same to every parser; a trailing or doubled dot does not.
const plainHost = /^(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9a-f:]+\])$/

// What almost every URI of client metadata is: all further rules hold for it, so that no URL has to be parsed.
const plainHttps = /^https:\/\/((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+)(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*\/?$/

/** Whether a URI is https on a host with a domain name and has nothing but a path: no rule of any kind of URI is against it. */
export function isPlainHttps(uri: string): boolean {
  return plainHttps.test(uri)
}

/** A URI that every parser reads alike, or why it is not one. */
export type UriReading =
  | {
      readonly scheme: string
      /** As `URL` spells it. */
      readonly hostname: string
      /** The host with its port, unless that is the default one. */
      readonly host: string
      /** The port in effect, empty where the scheme has none. */
      readonly port: string
      readonly fault?: undefined
    }
  | { readonly fault: string }

/**
 * Whether a host, spelled as in `URL.hostname`, is one of the three names of the local machine that RFC 8252 7.3 and OpenID
 * Connect registration know: `localhost`, `127.0.0.1` and `[::1]`.
 *
 * @example
 * ```ts
 * isLoopbackHost('localhost.evil.example') // false
 * ```
 */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname)
}

/**
 * Reads a URI that RFC 3986 and the WHATWG URL standard split alike: printable ASCII, no userinfo, a plain host, no dot segments, no
 * encoded control characters, spelled as `URL.href` spells it but for an empty path and an explicit default port. The fault completes
 * the sentence "the URI ..." and holds nothing of the input.
 */
export function readUri(uri: string): UriReading {
  if (!uri.startsWith('https://')) return readAnyUri(uri)
  const [, host] = plainHttps.exec(uri) ?? []
  if (host !== undefined) return { scheme: 'https', hostname: host, host, port: '443' }
  return readAnyUri(uri)
}

function readAnyUri(uri: string): UriReading {
  if (!/^[\x21-\x7e]+$/.test(uri)) return { fault: 'is empty or holds a character that is not printable ASCII' }
  if (/[\\"<>^`{|}]/.test(uri)) return { fault: 'holds a character that no URI may hold' }
  if (/%(?![0-9A-Fa-f]{2})/.test(uri)) return { fault: 'holds an incomplete percent-encoding' }
  if (/%(?:[01][0-9A-Fa-f]|7[Ff])/.test(uri)) return { fault: 'holds a percent-encoded control character' }

  const [, scheme, authority, path = '', query = '', fragment = ''] = uriParts.exec(uri) ?? []
  if (scheme === undefined) return { fault: 'is not an absolute URI' }
  if (deniedSchemes.has(scheme.toLowerCase())) return { fault: 'has a scheme that is never allowed' }
  if (authority?.includes('@')) return { fault: 'has userinfo' }
  const defaultPort = defaultPorts.get(scheme)
  if (authority === '' || (authority === undefined && defaultPort !== undefined)) return { fault: 'has no host' }
  if (authority === undefined && path === '') return { fault: 'has no path' }
  if (hasDotSegment(path)) return { fault: 'has a dot segment in its path' }

  if (!URL.canParse(uri)) return { fault: 'is not a valid URL' }
  const url = new URL(uri)
  if (authority !== undefined && !plainHost.test(url.hostname)) return { fault: 'has a host that is not a plain name or address' }

  const expected =
    authority === undefined || defaultPort === undefined
      ? uri
      : `${scheme}://${dropPort(authority, defaultPort)}${path || '/'}${query}${fragment}`
  if (url.href !== expected) return { fault: 'is not in its canonical spelling' }
  return { scheme, hostname: url.hostname, host: url.host, port: url.port || (defaultPort ?? '') }
}

/**
 * Checks a URI of client metadata other than a redirect URI and returns why it is not allowed, or `undefined` if it is. A `page` is
 * https, or http on the local machine; an `endpoint`, which machines ask, the same without fragment; `https` is https without
 * fragment; a `request-uri` is https, its fragment may carry a hash (OpenID Connect registration 2); `any` is any absolute URI
 * whose scheme is harmless (the SAN of RFC 8705 2.1.2). The reason completes the sentence "the URI ..." and holds nothing of the input.
 *
 * @example
 * ```ts
 * checkUri('http://mail.example/terms', 'page') // 'is http on a host that is not the local machine'
 * ```
 */
export function checkUri(uri: string, kind: UriKind): string | undefined {
  if (isPlainHttps(uri)) return undefined
  const reading = readUri(uri)
  if (reading.fault !== undefined) return reading.fault
  const { hostname, scheme } = reading
  if (kind === 'any') return undefined
  if ((kind === 'endpoint' || kind === 'https') && uri.includes('#')) return 'has a fragment'
  if ((kind === 'page' || kind === 'endpoint') && scheme === 'http') {
    return isLoopbackHost(hostname) ? undefined : 'is http on a host that is not the local machine'
  }
  return scheme === 'https' ? undefined : 'is not https'
}

// Servers that decode `%2f` or `%5c` before they resolve `..` find dot segments where the URL parser sees none.
function hasDotSegment(path: string) {
  const decoded = path.replace(/%2e/gi, '.').replace(/%(?:2f|5c)/gi, '/')
  return decoded.split('/').some((segment) => segment === '.' || segment === '..')
}

function dropPort(authority: string, port: string) {
  return authority.endsWith(`:${port}`) ? authority.slice(0, -port.length - 1) : authority
}
