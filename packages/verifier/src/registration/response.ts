import { type Check, errorAnswer, type StatementError } from '@software-statement/core'
import type { ApprovedRegistration, RefusedRegistration, RegistrationDecision } from './decision.js'

/** What the server gives to the client it has registered (RFC 7591 3.2.1, RFC 7592 3), and metadata it adds or replaces. */
export interface RegisteredClient {
  readonly client_id: string
  readonly client_secret?: string
  readonly client_id_issued_at?: number
  /** Seconds since the epoch; 0, the default beside a secret, is never. */
  readonly client_secret_expires_at?: number
  readonly registration_access_token?: string
  readonly registration_client_uri?: string
  readonly [member: string]: unknown
}

/** A registration response. As JSON it is its members, so that `Response.json(response, { status: 201 })` works as well. */
export interface RegistrationResponse {
  readonly status: 201
  readonly headers: { readonly [name: string]: string }
  /** JSON text. */
  readonly body: string
  readonly toJSON: () => { readonly [member: string]: unknown }
}

const headers = Object.freeze({
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
})

/**
 * Makes the response for a registered client: everything registered at top level, the statement that was verified byte for byte and
 * no other, no null members, a secret never without its expiry (RFC 7591 3.2.1).
 *
 * Throws `TypeError` for a refused decision, a client without `client_id`, a secret for a client that authenticates with none,
 * times that are not whole seconds.
 *
 * @example
 * ```ts
 * const { status, headers, body } = registrationResponse(decision, { client_id: 's6BhdRkqt3' })
 * return new Response(body, { status, headers })
 * ```
 */
export function registrationResponse(decision: RegistrationDecision, client: RegisteredClient): RegistrationResponse {
  for (const value of [decision, client]) {
    if (typeof value !== 'object' || value === null) throw new TypeError('a decision and the client it registers are needed')
  }
  if (!decision.approved) throw new TypeError('a refused registration has no client to tell about')
  if (typeof client.client_id !== 'string' || client.client_id === '') throw new TypeError('client_id must be a non-empty string')
  if (client.client_secret != null && decision.metadata.token_endpoint_auth_method === 'none') {
    throw new TypeError('a client whose token_endpoint_auth_method is none has no client_secret')
  }
  for (const name of ['client_id_issued_at', 'client_secret_expires_at'] as const) {
    const time = client[name] ?? 0
    if (!Number.isSafeInteger(time) || time < 0) throw new TypeError(`${name} must be whole seconds since the epoch`)
  }
  const members = responseMembers(decision, client)
  return { status: 201, headers, body: JSON.stringify(members), toJSON: () => members }
}

function responseMembers(decision: ApprovedRegistration, client: RegisteredClient): { readonly [member: string]: unknown } {
  // Nobody has verified a statement that the caller brings: where the decision has none there is none.
  const { client_secret, client_secret_expires_at, software_statement: _, ...others } = client
  const secret = client_secret == null ? {} : { client_secret, client_secret_expires_at: client_secret_expires_at ?? 0 }
  const statement = decision.statement === undefined ? {} : { software_statement: decision.statement.compact }
  const members = { ...decision.metadata, ...others, ...secret, ...statement }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null))
}

/** Makes the refusal for an error, from the error catalogue. */
export function refuseRegistration(error: StatementError, checks: readonly Check[]): RefusedRegistration {
  const { status, error: name, error_description, retryAfter } = errorAnswer(error)
  return {
    approved: false,
    status,
    headers: retryAfter === undefined ? headers : { ...headers, 'Retry-After': String(retryAfter) },
    body: JSON.stringify({ error: name, error_description }),
    error: name,
    error_description,
    code: error.code,
    cause: error,
    checks,
  }
}
