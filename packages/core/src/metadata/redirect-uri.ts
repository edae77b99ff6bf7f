import { isLoopbackHost, isPlainHttps, readUri } from './uri.js'

export { isLoopbackHost }

/** What the client is, as far as its redirect URIs depend on it. */
export interface RedirectUriContext {
  /** `application_type` of OpenID Connect registration; a client that names none is `web`. */
  readonly applicationType: 'web' | 'native'
  /** Whether the client may use the implicit grant. */
  readonly implicit: boolean
  /** Private-use schemes without a period that are allowed too, in lower case and without the colon. */
  readonly schemes?: readonly string[]
}

// A domain name the app's maker controls, reversed (RFC 8252 7.1).
const reverseDomainScheme = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+$/

/**
 * Checks a redirect URI by RFC 7591 5, RFC 8252 7 and RFC 9700 4.1.3 and returns why it is not allowed, or `undefined` if it is.
 * Allowed are https, http on the local machine, and private-use schemes that are a reversed domain name or listed in
 * `context.schemes`; a `web` client with the implicit grant may have https on other machines only. The URI must be spelled so that
 * every parser sees the same host, without fragment, userinfo or wildcard. The reason completes the sentence "the redirect URI ..."
 * and holds nothing of the input.
 *
 * @example
 * ```ts
 * checkRedirectUri('https://good.example\\@evil.example/cb', { applicationType: 'web', implicit: false })
 * // 'holds a character that no URI may hold'
 * ```
 */
export function checkRedirectUri(uri: string, context: RedirectUriContext): string | undefined {
  if (isPlainHttps(uri)) return undefined
  const reading = readUri(uri)
  if (reading.fault !== undefined) return reading.fault
  const { hostname, scheme } = reading
  if (uri.includes('#')) return 'has a fragment'
  if (uri.includes('*')) return 'has a wildcard'

  const implicitWeb = context.implicit && context.applicationType === 'web'
  if (scheme === 'https') {
    return implicitWeb && isLoopbackHost(hostname) ? 'is on the local machine, which the implicit grant rules out' : undefined
  }
  if (implicitWeb) return 'is not https, which the implicit grant requires'
  if (scheme === 'http') return isLoopbackHost(hostname) ? undefined : 'is http on a host that is not the local machine'
  if (reverseDomainScheme.test(scheme) || context.schemes?.includes(scheme)) return undefined
  return 'has a scheme that is neither https nor a reversed domain name'
}

/**
 * Names the host of a redirect URI: `host` or `host:port` for http and https (the default port left out), `scheme:` for a private-use
 * scheme, `undefined` for a URI that parsers could read in more than one way.
 *
 * @example
 * ```ts
 * redirectHostOf('com.example.app:/cb') // 'com.example.app:'
 * ```
 */
export function redirectHostOf(uri: string): string | undefined {
  const reading = readUri(uri)
  if (reading.fault !== undefined) return undefined
  return isWeb(reading.scheme) ? reading.host : `${reading.scheme}:`
}

/**
 * Whether an allow list names the host of a redirect URI exactly. `mail.example` allows every port of that host,
 * `mail.example:8443` only that one, `com.example.app:` the private-use scheme; local machines have to be listed like any other host.
 *
 * @example
 * ```ts
 * isAllowedRedirectHost('https://eu.mail.example/cb', ['mail.example']) // false
 * ```
 */
export function isAllowedRedirectHost(uri: string, allowed: readonly string[]): boolean {
  const reading = readUri(uri)
  if (reading.fault !== undefined) return false
  const { hostname, scheme, port } = reading
  if (!isWeb(scheme)) return allowed.includes(`${scheme}:`)
  return allowed.includes(hostname) || allowed.includes(`${hostname}:${port}`)
}

/** The alphabet of entries in a list of redirect hosts; what else they have to be, `isRedirectHost` says. */
export const redirectHostPattern =
  /^(?:(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?|[a-z][a-z0-9+.-]*:)$/

/**
 * Whether a text is an entry that `isAllowedRedirectHost` can find: `mail.example`, `mail.example:8443`, `[::1]` or `com.example.app:`,
 * spelled as `URL` spells it. Anything else, such as a URL, a wildcard or capitals, would silently allow nothing.
 *
 * @example
 * ```ts
 * isRedirectHost('mail.example:8443') // true
 * isRedirectHost('https://mail.example') // false
 * isRedirectHost('*.mail.example') // false
 * ```
 */
export function isRedirectHost(entry: string): boolean {
  if (!redirectHostPattern.test(entry)) return false
  if (entry.endsWith(':')) return isAllowedRedirectHost(`${entry}/`, [entry])
  return isAllowedRedirectHost(`https://${entry}/`, [entry])
}

function isWeb(scheme: string) {
  return scheme === 'https' || scheme === 'http'
}
