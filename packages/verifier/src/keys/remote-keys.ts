import {
  decodeUtf8,
  defaultLimits,
  hasSecretMembers,
  type JsonObject,
  type Jwk,
  parseStrictJson,
  TrustUnavailableError,
} from '@software-statement/core'
import { createRemoteJWKSet, customFetch } from 'jose'
import type { KeySource } from './key-source.js'
import { VerificationKey } from './verification-key.js'

/** The part of the Web-standard `fetch` that key sets are obtained with; inject one that knows your network. */
export type Fetch = (
  url: string,
  init: { readonly method: 'GET'; readonly headers: Headers; readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<Response>

const mostBytes = 256 * 1024
const documentLimits = { ...defaultLimits, members: 5000, stringBytes: defaultLimits.keyStringBytes }

/** How long keys are used while their URL does not answer, in milliseconds since it last did. */
const longestOutage = 60 * 60 * 1000

/**
 * Keys that an issuer publishes: over https, without redirects, at most 256 KiB of strict JSON within five seconds, kept for ten
 * minutes. They are looked up again for an unknown `kid` or after an outage, at most every 30 seconds; in an outage, known
 * keys are used for an hour. Private and symmetric keys in the set do not count.
 *
 * Throws `TypeError` unless the URI is https and without credentials. The source throws `TrustUnavailableError` when the set
 * cannot be obtained.
 */
export function remoteKeys(uri: string, fetch: Fetch): KeySource {
  const { protocol, username, password } = new URL(uri)
  if (protocol !== 'https:' || username !== '' || password !== '') {
    throw new TypeError('jwksUri must be an https URL without credentials')
  }
  let keys: readonly VerificationKey[] = []
  let fault: { readonly cause: unknown } | undefined
  // What jose is asked for here is its clock, time limit and single flight. It would try again at once after an outage and
  // forget keys in one: so what it is given is an answer every time, and the keys and the fault are kept here.
  const attempt = createRemoteJWKSet(new URL(uri), {
    [customFetch]: async (url, init) => {
      try {
        keys = prepareKeys(await settle(fetchDocument(fetch, url, init), init.signal))
        fault = undefined
        await success.reload()
      } catch (cause) {
        fault = { cause }
      }
      return emptySet()
    },
  })
  const success = createRemoteJWKSet(new URL(uri), { cacheMaxAge: longestOutage, [customFetch]: async () => emptySet() })

  return async ({ kid }) => {
    const isUnknown = () => kid !== undefined && !keys.some((key) => key.kid === kid || key.kid === undefined)
    const isDue = fault !== undefined || isUnknown() ? !attempt.coolingDown : !attempt.fresh
    if (isDue) await attempt.reload()
    if (fault === undefined || (success.fresh && !isUnknown())) return keys
    throw new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', 'the key set of the issuer cannot be obtained', fault)
  }
}

const emptySet = () => Response.json({ keys: [] })

/** Waits no longer than the signal allows, whether or not `fetch` heeds it. */
async function settle<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([promise, aborted])
}

async function fetchDocument(fetch: Fetch, url: string, init: Parameters<Fetch>[1]): Promise<JsonObject> {
  const response = await fetch(url, init)
  if (response.status !== 200) throw new Error(`the key set was answered with status ${response.status}`)
  const mediaType = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/(json|[\w.-]+\+json)$/.test(mediaType)) throw new Error('the key set is not JSON by its media type')
  return parseStrictJson(decodeUtf8(await readBody(response)), documentLimits)
}

/** Reads a body, counting while it comes: what it says of its length is not believed. */
async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > mostBytes) throw new Error(`the key set has more than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function prepareKeys(document: JsonObject): readonly VerificationKey[] {
  if (!Array.isArray(document.keys)) throw new Error('the key set has no array of keys')
  const isKey = (key: unknown): key is Jwk => typeof key === 'object' && key !== null && !Array.isArray(key)
  return document.keys
    .filter((key) => isKey(key) && !hasSecretMembers(key))
    .map((key) => new VerificationKey(key))
    .filter((key) => key.algorithms.length > 0)
}
