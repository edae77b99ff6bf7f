import { AccessError, InvalidStatementError, TrustUnavailableError, toNumericDate } from '@software-statement/core'
import { GuardedFetchError, verifyJws } from '@software-statement/verifier'
import { matchCredential } from '../credentials/credential.js'
import { askStore } from '../stores/ask-store.js'
import type { StoredClient } from '../stores/client-store.js'
import {
  type ClientAuthenticationOptions,
  type ParsedAuthenticationOptions,
  parseAuthenticationOptions,
} from './authentication-options.js'
import { type ClientAssertion, checkAssertionClaims } from './client-assertion.js'
import { type ClientKeys, createClientKeys } from './client-keys.js'
import { type ClientAuthenticationMethod, type PresentedCredentials, readCredentials } from './presented-credentials.js'
import { readForm } from './read-form.js'

/** What is known of a request beside itself. */
export interface ConnectionInfo {
  /** The address at the other end of the connection. */
  readonly address?: string
}

/** A client that a request is from, by the method it has registered. */
export type AuthenticatedClient = {
  readonly client: StoredClient
  /** The parameters in the body of the request, without the secret or assertion that stood there. */
  readonly form: URLSearchParams
} & (
  | { readonly method: Exclude<ClientAuthenticationMethod, 'none'>; readonly authenticated: true }
  /** A public client says who it is; anybody can say it (RFC 6749 2.3). */
  | { readonly method: 'none'; readonly authenticated: false }
)

/** Authenticates the client of a request to an endpoint of the server. Throws `AccessError` or `TrustUnavailableError`. */
export type ClientAuthenticator = (request: Request, info?: ConnectionInfo) => Promise<AuthenticatedClient>

/**
 * Makes what authenticates the clients of a store, at the token endpoint and everywhere else (RFC 6749 2.3): in exactly one way, and
 * in the one that the client has registered. A client that is not known and a secret that is wrong look the same and cost the same, but
 * for what a database needs to read a client.
 *
 * Throws `TypeError` for options that make no sense. The function throws `AccessError` with `ERR_CLIENT_AUTHENTICATION`,
 * `ERR_CLIENT_REQUEST`, `ERR_METHOD_NOT_ALLOWED` or `ERR_RATE_LIMITED`, and `TrustUnavailableError` where store or keys cannot be asked:
 * `clientErrorResponse` makes the answers of them.
 *
 * @example
 * ```ts
 * const authenticate = createClientAuthenticator({ store: memoryClientStore(), issuer: 'https://as.example', limits: createLimits() })
 * const body = new URLSearchParams({ client_id: 'unknown', client_secret: 'guessed' })
 * const request = new Request('https://as.example/token', { method: 'POST', body })
 * const { code } = await authenticate(request, { address: '192.0.2.1' }).catch((error) => error)
 * code // 'ERR_CLIENT_AUTHENTICATION'
 * ```
 */
export function createClientAuthenticator(options: ClientAuthenticationOptions): ClientAuthenticator {
  const rules = parseAuthenticationOptions(options)
  const { fetch, keyCache, keySets, now = () => new Date() } = options
  const useKeys = createClientKeys({
    now,
    ...(fetch === undefined ? {} : { fetch }),
    ...(keyCache === undefined ? {} : { keyCache }),
    ...(keySets === undefined ? {} : { keySets }),
  })
  return async (request, { address } = {}) => {
    const form = await readForm(request, rules.maxBytes)
    const credentials = readCredentials(request, form)
    const from = rules.addressOf(request, address)
    const client = await rules.limits.attempt({ kind: 'client', clientId: credentials.clientId, address: from }, () =>
      authenticate(credentials, { ...rules, useKeys, from, at: toNumericDate(now()) }),
    )
    for (const name of ['client_secret', 'client_assertion', 'client_assertion_type']) form.delete(name)
    const { method } = credentials
    return method === 'none' ? { client, form, method, authenticated: false } : { client, form, method, authenticated: true }
  }
}

interface AuthenticationRules extends ParsedAuthenticationOptions {
  readonly useKeys: ClientKeys
  /** The address that the request comes from; absent where nobody knows. */
  readonly from: string | undefined
  /** The one clock reading, in seconds since the epoch. */
  readonly at: number
}

/** Finds the client and has its credentials verified. Whatever is wrong, the error is the same. */
async function authenticate(credentials: PresentedCredentials, rules: AuthenticationRules): Promise<StoredClient> {
  const { method, clientId } = credentials
  const found = await askStore(() => rules.store.find(clientId))
  const registered = found?.metadata.token_endpoint_auth_method ?? 'client_secret_basic'
  const isRegistered = found?.clientId === clientId && registered === method && rules.methods.includes(method)
  // With another method or without a client there is nothing to compare with, and it is compared all the same.
  const client = isRegistered ? found : undefined
  if ('secret' in credentials) {
    const matches = await matchCredential(credentials.secret, client?.secrets ?? [], rules.at)
    if (client === undefined || !matches) throw refusal('client and secret do not belong together')
  }
  if (client === undefined) throw refusal(`there is no such client with the method ${method}`)
  if (credentials.method === 'private_key_jwt') await verifyAssertion(credentials.assertion, client, rules)
  return client
}

/** Claims first, since they cost nothing, then the signature; `jti` last, so that nobody else can use it up (RFC 7523 3). */
async function verifyAssertion(assertion: ClientAssertion, { clientId, metadata }: StoredClient, rules: AuthenticationRules) {
  const { issuer, at, from, clockTolerance, maxAssertionLifetime, store } = rules
  const mark = checkAssertionClaims(assertion, clientId, { issuer, at, clockTolerance, maxLifetime: maxAssertionLifetime })
  const registered = metadata.token_endpoint_auth_signing_alg
  const algorithms = rules.algorithms.filter((alg) => registered === undefined || alg === registered)
  const asker = { address: from, hasAsked: false }
  try {
    await rules.useKeys(metadata, asker, (keys) => verifyJws(assertion.compact, keys, { algorithms }))
  } catch (cause) {
    const fault = describeKeyFault(cause)
    // A request in vain costs more than a guess. Who is told of one that others have caused has cost nothing.
    if (fault instanceof TrustUnavailableError && asker.hasAsked) await rules.limits.countFailure(from)
    throw fault
  }
  const answer = await askStore(() => store.consume(mark, at))
  if (answer === 'seen') throw refusal('the client assertion has been used before')
  if (answer !== 'first') throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the store of clients gave no known answer')
}

/** A fault of the assertion's signature is the client's, and so is a URI that may not be asked; keys that cannot be had are an outage. */
function describeKeyFault(cause: unknown): AccessError | TrustUnavailableError {
  if (cause instanceof AccessError) return cause
  if (cause instanceof InvalidStatementError) return refusal(`the client assertion is refused: ${cause.code}`, cause)
  if (isForbidden(cause)) return refusal('the jwks_uri of the client may not be asked', cause)
  const retryAfter = cause instanceof TrustUnavailableError ? { retryAfter: cause.retryAfter } : {}
  const message = 'the keys of the client cannot be obtained'
  return new TrustUnavailableError('ERR_CLIENT_KEYS_UNAVAILABLE', message, { cause, ...retryAfter })
}

/** Whether the guarded fetch has asked nobody because of its rules, which will be the same next time. */
function isForbidden(fault: unknown): boolean {
  const cause = fault instanceof TrustUnavailableError ? fault.cause : undefined
  return cause instanceof GuardedFetchError && (cause.reason === 'url' || cause.reason === 'address')
}

function refusal(message: string, cause?: unknown) {
  return new AccessError('ERR_CLIENT_AUTHENTICATION', message, cause === undefined ? {} : { cause })
}
