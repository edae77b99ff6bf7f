import type { ClientMetadata, JwkSet } from '@software-statement/core'
import {
  createGuardedFetch,
  type GuardedFetch,
  type KeyCacheOptions,
  type KeySource,
  remoteKeys,
} from '@software-statement/verifier'
import { LRUCache } from 'lru-cache'

/** How the keys of clients are obtained and kept. */
export interface ClientKeysOptions {
  /** Gets the key sets behind `jwks_uri`; default: a guarded fetch of documents up to 64 KiB. */
  readonly fetch?: GuardedFetch
  readonly keyCache?: KeyCacheOptions
  /** How many key sets are kept, the least recently used forgotten first; default: 500. */
  readonly keySets?: number
  readonly now?: () => Date
}

/** The keys a client has registered; nothing where it has none. */
export type ClientKeys = (metadata: ClientMetadata) => JwkSet | KeySource | undefined

/** Requests for key sets that are under way at once: anybody may register a URI, and let it answer slowly. */
const mostRequests = 64

/**
 * Finds the keys of clients, in `jwks` or behind `jwks_uri`. The URI is the client's choice: it is asked through the guarded fetch
 * only, by one request at a time, and after a failure not before the cool-down of `keyCache` has passed.
 *
 * The source throws `TrustUnavailableError` where the keys cannot be obtained.
 */
export function createClientKeys(options: ClientKeysOptions = {}): ClientKeys {
  const { fetch = createGuardedFetch({ maxBytes: 64 * 1024 }), keySets = 500, ...times } = options
  const sources = new LRUCache<string, KeySource>({ max: keySets })
  const bounded = limitRequests(fetch)
  return ({ jwks, jwks_uri }) => {
    // The type of jwks is that of any object; what is no key set is found by those who look for a key in it.
    if (jwks_uri === undefined) return jwks as unknown as JwkSet | undefined
    const source = sources.get(jwks_uri) ?? remoteKeys(jwks_uri, { ...times, fetch: bounded })
    sources.set(jwks_uri, source)
    return source
  }
}

function limitRequests(fetch: GuardedFetch): GuardedFetch {
  let underWay = 0
  return async (url, request) => {
    if (underWay >= mostRequests) throw new Error(`${mostRequests} key sets are being asked for already`)
    underWay++
    try {
      return await fetch(url, request)
    } finally {
      underWay--
    }
  }
}
