import {
  type AuthenticatedClient,
  type ClientAuthenticationMethod,
  type ClientAuthenticationOptions,
  createClientAuthenticator,
  createLimits,
  memoryClientStore,
  type StoredClient,
} from '@software-statement/registration'
import type { ClientMetadata } from '@software-statement/verifier'
import { createCredential } from '../../packages/registration/src/credentials/credential.js'
import { keys, publicHalf } from './keys.js'
import { makeJws, now } from './make-jws.js'

export const server = 'https://as.example'
export const tokenEndpoint = `${server}/token`
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A server with a store of clients, and a clock that is set by hand. */
export function serveClients(options: Partial<ClientAuthenticationOptions> = {}) {
  const store = options.store ?? memoryClientStore()
  const clock = { seconds: now }
  const authenticate = createClientAuthenticator({
    store,
    issuer: server,
    limits: createLimits({ failures: 'unlimited', failuresPerAddress: 'unlimited' }),
    now: () => new Date(clock.seconds * 1000),
    ...options,
  })
  return {
    store,
    clock,
    authenticate,
    /** Admits a client; it has a secret if its method needs one. */
    async admit(clientId: string, metadata: ClientMetadata, lifetime?: number): Promise<string> {
      const { text, stored } = await createCredential(clock.seconds, lifetime)
      const needsSecret = metadata.token_endpoint_auth_method?.startsWith('client_secret') ?? true
      const client: StoredClient = {
        clientId,
        metadata,
        provenance: {},
        issuedAt: clock.seconds,
        secrets: needsSecret ? [stored] : [],
        tokens: [],
        uniqueKeys: [],
        version: 1,
      }
      const outcome = await store.admit(client, { at: clock.seconds })
      if (outcome !== 'admitted') throw new Error(outcome)
      return needsSecret ? text : ''
    },
  }
}

/** A server with one client for each method, named after it. */
export async function serveEveryMethod(options: Partial<ClientAuthenticationOptions> = {}) {
  const it = serveClients(options)
  const jwks = { keys: [publicHalf(keys.ed25519)] }
  const admit = (method: ClientAuthenticationMethod, metadata: ClientMetadata = {}) =>
    it.admit(method, { token_endpoint_auth_method: method, ...metadata })
  await admit('none')
  await admit('private_key_jwt', { jwks })
  return { ...it, basicSecret: await admit('client_secret_basic'), postSecret: await admit('client_secret_post') }
}

export const encode = (text: string) => Buffer.from(text).toString('base64')

/** The `Authorization` header of RFC 6749 2.3.1. */
export function basic(clientId: string, secret: string): { readonly authorization: string } {
  const form = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return { authorization: `Basic ${encode(`${form(clientId)}:${form(secret)}`)}` }
}

export type Parameters = Readonly<Record<string, string>> | string | readonly (readonly [string, string])[]

/** A request to the token endpoint. */
export function post(parameters: Parameters, headers: Readonly<Record<string, string>> = {}, url = tokenEndpoint): Request {
  const body = typeof parameters === 'string' ? parameters : new URLSearchParams(parameters as Record<string, string>).toString() // both forms are its own
  return new Request(url, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } })
}

/** A sound client assertion, with changes; `undefined` takes a member away. */
export function makeAssertion(
  claims: Readonly<Record<string, unknown>> = {},
  { header = {}, key = keys.ed25519, alg = 'EdDSA' }: { header?: object; key?: (typeof keys)['ed25519']; alg?: string } = {},
): string {
  const client = 'private_key_jwt'
  return makeJws({
    header: { alg, kid: key.kid, ...header },
    payload: { iss: client, sub: client, aud: server, iat: now, exp: now + 60, jti: crypto.randomUUID(), ...claims },
    key,
    alg,
  })
}

export const asserted = (client_assertion: string, others: Readonly<Record<string, string>> = {}) =>
  post({ grant_type: 'client_credentials', client_assertion_type: assertionType, client_assertion, ...others })

/** The method by which a client has been authenticated or identified, and its name. */
export async function nameOf(promise: Promise<AuthenticatedClient>): Promise<string> {
  const { client, method, authenticated } = await promise
  return `${client.clientId} ${authenticated ? 'authenticated' : 'identified'} by ${method}`
}
