import { bytesOf, type Duration, parseDuration, type StatementHeader } from '@software-statement/core'
import { createGuardedFetch } from '../fetch/create-guarded-fetch.js'
import type { GuardedFetch, GuardedResponse } from '../fetch/guarded-fetch.js'
import { keyCacheOptions, remoteKeysOptions, validateOptions } from '../options.js'
import { readLifetime, renewFreshness } from './freshness.js'
import { type KeySet, parseKeySet } from './key-set.js'
import { type CacheTimes, KeySetCache, type ObtainedKeySet } from './key-set-cache.js'
import type { KeySource } from './key-source.js'

/** How long remote key sets are used, and how often they are asked for. */
export interface KeyCacheOptions {
  /** The shortest time a key set is used, whatever its server says; default: 1 minute. */
  readonly minAge?: Duration
  /** The longest time a key set is used, whatever its server says; default: 1 hour. */
  readonly maxAge?: Duration
  /** How long a key set is used whose server says nothing; default: 10 minutes. */
  readonly defaultAge?: Duration
  /** How long a server is left alone after a failure, and after it was asked twice for keys that are not held; default: 30 seconds. */
  readonly cooldown?: Duration
  /** How long known keys are used beyond their time while no good answer comes; default: 1 hour. */
  readonly staleIfError?: Duration
}

/** How remote key sets are obtained and kept. */
export interface RemoteKeysOptions {
  /**
   * Gets the key sets; default: `createGuardedFetch()`. One that throws `TrustUnavailableError` has asked nobody: that is told as it is, and
   * the server is not left alone for it.
   */
  readonly fetch?: GuardedFetch
  readonly keyCache?: KeyCacheOptions
  /** The clock that the ages of key sets are measured with; default: that of the system. */
  readonly now?: () => Date
}

const accept = ['application/jwk-set+json', 'application/json', 'application/*+json']

/**
 * Keys that an issuer publishes, kept as long as the HTTP headers of its server say, within bounds. They are asked for when a
 * statement needs them: for the first time, when they have become too old, for an unknown `kid`, and when no key that is held
 * verifies a statement, which the issuer may have signed with a newer one. A bad answer (none, an error, HTML, no key set, one
 * without a usable key) never takes good keys away. Private and symmetric keys in the set do not count.
 *
 * Throws `TypeError` unless the URI is https and without credentials, and for malformed options. The source throws
 * `TrustUnavailableError` when the set cannot be obtained, or may not be asked for so soon again.
 *
 * @example
 * ```ts
 * const keys = remoteKeys('https://publisher.example/jwks', { keyCache: { maxAge: '15 minutes' } })
 * ```
 */
export function remoteKeys(uri: string, options: RemoteKeysOptions = {}): KeySource {
  validateOptions(options, remoteKeysOptions)
  const { fetch = createGuardedFetch(), keyCache = {}, now = () => new Date() } = options
  const { protocol, username, password } = new URL(uri)
  if (protocol !== 'https:' || username !== '' || password !== '') {
    throw new TypeError('jwksUri must be an https URL without credentials')
  }
  const cache = new KeySetCache(obtainFrom(uri, fetch, now), readTimes(keyCache), () => now().getTime() / 1000)
  return Object.assign(({ kid }: StatementHeader) => cache.find(kid), {
    attempts: ({ kid }: StatementHeader) => cache.attempts(kid),
  })
}

/** For the log of whoever has injected a plain `fetch`: its body is a stream of any length, and its status may be any. */
const notGuarded =
  'fetch has to answer with status 200 or 304, headers and body as bytes: wrap yours as createGuardedFetch({ fetch })'

/**
 * Asks for the set, and the next time only whether it has changed (RFC 9110 13.1.2). A question with a tag that fails may have failed for
 * the tag: the next one does without.
 */
function obtainFrom(uri: string, fetch: GuardedFetch, now: () => Date): () => Promise<ObtainedKeySet> {
  let keys: KeySet = new Map()
  let tag: string | undefined
  let freshness = new Headers()
  const obtain = async (): Promise<ObtainedKeySet> => {
    const asked = tag
    tag = undefined
    const { status, headers, body }: GuardedResponse = await fetch(uri, {
      accept,
      ...(asked === undefined ? {} : { ifNoneMatch: asked }),
    })
    if (status === 200) {
      const bytes = bytesOf(body)
      if (bytes === undefined) throw new TypeError(notGuarded)
      keys = await parseKeySet(bytes, keys)
      tag = readTag(headers)
      freshness = headers
    } else {
      if (status !== 304 || asked === undefined) throw new TypeError(notGuarded)
      const confirmed = headers.get('etag')
      // A server that is ahead of others may mean another set than the one that is here (RFC 9111 4.3.4).
      if (confirmed !== null && opaqueTag(confirmed) !== opaqueTag(asked)) return obtain()
      tag = asked
      freshness = renewFreshness(freshness, headers)
    }
    return { keys, lifetime: readLifetime(freshness, now()) }
  }
  return obtain
}

/** The tag of an answer, if it is one of usual length: `*`, or several at once, would confirm sets that nobody has seen. */
function readTag(headers: Headers): string | undefined {
  const tag = headers.get('etag') ?? ''
  return /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]{0,256}"$/.test(tag) ? tag : undefined
}

/** What weak comparison looks at (RFC 9110 8.8.3.2). */
const opaqueTag = (etag: string) => etag.replace(/^W\//, '')

/** Throws `TypeError` for times that are none or contradict each other. */
function readTimes(options: KeyCacheOptions): CacheTimes {
  validateOptions(options, keyCacheOptions)
  const { minAge = 60, maxAge = 3600, defaultAge = 600, cooldown = 30, staleIfError = 3600 } = options
  const times = {
    minAge: parseDuration(minAge),
    maxAge: parseDuration(maxAge),
    defaultAge: parseDuration(defaultAge),
    cooldown: parseDuration(cooldown),
    staleIfError: parseDuration(staleIfError),
  }
  if (times.minAge > times.maxAge) throw new TypeError('keyCache: minAge is more than maxAge')
  return times
}
