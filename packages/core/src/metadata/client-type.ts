import type { ClientMetadata } from './registry.js'

/** What kind of client its metadata describes (RFC 6749 2.1). */
export interface ClientKind {
  readonly clientType: 'confidential' | 'public'
  readonly clientProfile: 'web' | 'user-agent-based' | 'native'
  /** Public and native clients must use PKCE (RFC 8252 8.1, RFC 9700 2.1.1). */
  readonly require_pkce: boolean
}

/**
 * Derives client type and profile: a client without credentials at the token endpoint is public; one that is not native
 * and public runs in a browser.
 */
export function deriveClientKind(metadata: ClientMetadata): ClientKind {
  const clientType = metadata.token_endpoint_auth_method === 'none' ? 'public' : 'confidential'
  const native = metadata.application_type === 'native'
  return {
    clientType,
    clientProfile: native ? 'native' : clientType === 'public' ? 'user-agent-based' : 'web',
    require_pkce: native || clientType === 'public',
  }
}
