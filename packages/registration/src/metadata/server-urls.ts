/** The hosts of this machine, as URLs print them. */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a text is the URL of a server: https, or http on this machine; no fragment, nothing of a user. */
export function isServerUrl(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname, username, password, href } = new URL(text)
  const isOpen = protocol === 'http:' && loopbackHosts.has(hostname)
  if (protocol !== 'https:' && !isOpen) return false
  if (username !== '' || password !== '' || text.includes('#')) return false
  // One spelling: what a client compares is what a browser asks.
  return href === text || href === `${text}/`
}

/** Whether a text names an issuer (RFC 8414 2): such a URL without query. */
export function isIssuer(text: unknown): text is string {
  return isServerUrl(text) && !text.includes('?')
}

/** The URLs of a server that follow from its issuer. */
export interface ServerUrls {
  readonly registration: string
  readonly authorization: string
  readonly token: string
  /** Paths of `registration` and of the metadata documents. */
  readonly registrationPath: string
  readonly oauthDocumentPath: string
  readonly openIdDocumentPath: string
}

/**
 * Derives URLs from the issuer and the path of the registration endpoint. For an issuer with a path RFC 8414 3.1 inserts the well-known
 * path before it, and OpenID Connect Discovery 1.0, 4, appends it.
 */
export function deriveUrls(issuer: string, path: string): ServerUrls {
  const base = issuer.replace(/\/$/, '')
  const { pathname } = new URL(base)
  const basePath = pathname === '/' ? '' : pathname
  return {
    registration: base + path,
    authorization: `${base}/authorize`,
    token: `${base}/token`,
    registrationPath: basePath + path,
    oauthDocumentPath: `/.well-known/oauth-authorization-server${basePath}`,
    openIdDocumentPath: `${basePath}/.well-known/openid-configuration`,
  }
}
