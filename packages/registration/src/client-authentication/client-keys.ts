import { AccessError, type ClientMetadata, type JwkSet } from '@software-statement/core'
import {
  createGuardedFetch,
  type GuardedFetch,
  type KeyCacheOptions,
  type KeySource,
  remoteKeys,
} from '@software-statement/verifier'
import { LRUCache } from 'lru-cache'
import { type KeyAsker, KeyRequests } from './key-requests.js'

/** How the keys of clients are obtained and kept. */
export interface ClientKeysOptions {
  /** Gets the key sets behind `jwks_uri`; default: a guarded fetch of documents up to 64 KiB. */
  readonly fetch?: GuardedFetch
  readonly keyCache?: KeyCacheOptions
  /**
   * How many key sets that have verified something are kept, the least recently used forgotten first, and as many that have not; default:
   * 500.
   */
  readonly keySets?: number
  readonly now?: () => Date
}

/** Does something with the keys a client has registered, for somebody who waits for it. Where it succeeds, the keys are of use. */
export type ClientKeys = <Result>(
  metadata: ClientMetadata,
  asker: KeyAsker,
  use: (keys: JwkSet | KeySource) => Promise<Result>,
) => Promise<Result>

/** Keys behind a URI, and who is waiting for them. */
interface PublishedKeys {
  readonly source: KeySource
  readonly askers: Set<KeyAsker>
}

/**
 * Finds the keys of clients, in `jwks` or behind `jwks_uri`. The URI is the client's choice: it is asked through the guarded fetch
 * only, by one request at a time, and after a failure not before the cool-down of `keyCache` has passed. Key sets that have verified an
 * assertion are kept apart from those that have not, so that nobody has them forgotten by registering URIs alone. A set that is forgotten is
 * asked for again.
 *
 * The function throws what `use` throws, `AccessError` with `ERR_CLIENT_AUTHENTICATION` where there are no keys or a URI that may not be
 * asked; the source throws `TrustUnavailableError` where the keys cannot be obtained. Throws `TypeError` for options that make no sense.
 */
export function createClientKeys(options: ClientKeysOptions = {}): ClientKeys {
  const { fetch = createGuardedFetch({ maxBytes: 64 * 1024 }), keySets = 500, ...times } = options
  const proven = new LRUCache<string, PublishedKeys>({ max: keySets })
  const unproven = new LRUCache<string, PublishedKeys>({ max: keySets })
  const requests = new KeyRequests()
  const publish = (uri: string): PublishedKeys => {
    const { host } = parseKeysUri(uri)
    const askers = new Set<KeyAsker>()
    const bounded: GuardedFetch = (url, request) => requests.make(host, askers, () => fetch(url, request))
    return { source: remoteKeys(uri, { ...times, fetch: bounded }), askers }
  }
  // Constructing what they are for finds what is wrong with the options.
  publish('https://client.example/jwks')

  return async ({ jwks, jwks_uri }, asker, use) => {
    if (jwks_uri === undefined) {
      if (jwks === undefined) throw refusal('the client has no keys')
      // The type of jwks is that of any object; what is no key set is found by those who look for a key in it.
      return use(jwks as unknown as JwkSet)
    }
    const published = proven.get(jwks_uri) ?? unproven.get(jwks_uri) ?? publish(jwks_uri)
    if (!proven.has(jwks_uri)) unproven.set(jwks_uri, published)
    published.askers.add(asker)
    try {
      const result = await use(published.source)
      proven.set(jwks_uri, published)
      unproven.delete(jwks_uri)
      return result
    } finally {
      published.askers.delete(asker)
    }
  }
}

/** Throws `AccessError` for a URI that nobody would ask. */
function parseKeysUri(uri: string): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url
  throw refusal('the jwks_uri of the client is no https URL without credentials')
}

function refusal(message: string) {
  return new AccessError('ERR_CLIENT_AUTHENTICATION', message)
}
