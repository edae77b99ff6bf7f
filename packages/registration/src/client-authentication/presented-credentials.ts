import { AccessError } from '@software-statement/core'
import { parseBasicCredentials } from './basic-credentials.js'
import { assertionType, type ClientAssertion, parseClientAssertion } from './client-assertion.js'

/** How a client can authenticate itself, by the names of the registry (RFC 7591 2, OpenID Connect Core 1.0, 9). */
export type ClientAuthenticationMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'

/** What a request presents of a client, in one way. Nothing is verified. */
export type PresentedCredentials =
  | { readonly method: 'none'; readonly clientId: string }
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly clientId: string; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly clientId: string; readonly assertion: ClientAssertion }

/** What a `client_id` may be made of (RFC 6749 A.1), and how long it may be here. */
const clientIdForm = /^[ -~]{1,256}$/

/** Parameters that have no place in the URI of a request (RFC 6749 2.3.1): URIs end up in logs. */
const secretParameters = ['client_secret', 'client_assertion'] as const

/**
 * Reads the one way in which a request authenticates a client (RFC 6749 2.3).
 *
 * Throws `AccessError`: `ERR_CLIENT_REQUEST` for more than one way and for contradictions, `ERR_CLIENT_AUTHENTICATION` for none, for a
 * way that is not known, and for what is malformed.
 */
export function readCredentials(request: Request, form: URLSearchParams): PresentedCredentials {
  const { searchParams } = new URL(request.url)
  if (secretParameters.some((name) => searchParams.has(name))) throw contradiction('a secret stands in the URI of the request')
  const header = request.headers.get('authorization')
  const ways = [header !== null, form.has('client_secret'), form.has('client_assertion') || form.has('client_assertion_type')]
  if (ways.filter(Boolean).length > 1) throw contradiction('the request authenticates a client in more than one way')

  const credentials = header === null ? readBody(form) : readHeader(header)
  if (!clientIdForm.test(credentials.clientId)) throw refusal('the client_id is none that could have been issued')
  const named = form.get('client_id')
  if (named !== null && named !== credentials.clientId)
    throw contradiction('client_id is another client than the credentials are of')
  return credentials
}

function readHeader(header: string): PresentedCredentials {
  const credentials = parseBasicCredentials(header)
  if (credentials === undefined) throw refusal('the Authorization header does not hold credentials of the scheme Basic')
  return { method: 'client_secret_basic', ...credentials }
}

function readBody(form: URLSearchParams): PresentedCredentials {
  const clientId = form.get('client_id')
  const secret = form.get('client_secret')
  if (form.has('client_assertion') || form.has('client_assertion_type')) return readAssertion(form)
  if (secret !== null) {
    if (clientId === null) throw contradiction('client_secret is there without client_id')
    return { method: 'client_secret_post', clientId, secret }
  }
  if (clientId === null) throw refusal('the request says nothing of a client')
  return { method: 'none', clientId }
}

function readAssertion(form: URLSearchParams): PresentedCredentials {
  const compact = form.get('client_assertion')
  const type = form.get('client_assertion_type')
  if (compact === null || type === null) throw contradiction('client_assertion and client_assertion_type belong together')
  if (type !== assertionType) throw refusal('the client_assertion_type is not supported')
  const assertion = parseClientAssertion(compact)
  return { method: 'private_key_jwt', clientId: assertion.claims.sub ?? '', assertion }
}

function contradiction(message: string) {
  return new AccessError('ERR_CLIENT_REQUEST', message)
}

function refusal(message: string) {
  return new AccessError('ERR_CLIENT_AUTHENTICATION', message)
}
