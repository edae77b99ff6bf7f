import { type ClientMetadata, parseInstant } from '@software-statement/core'
import {
  type ClientStore,
  createLimits,
  createRegistrationEndpoint,
  type DecisionRecord,
  memoryClientStore,
  type RegistrationEndpointOptions,
} from '@software-statement/registration'
import { createGuardedFetch, type TrustResolver } from '@software-statement/verifier'
import type { Expectation } from '../../fixtures/source/vector.js'
import { digestText } from '../../packages/registration/src/credentials/credential.js'

/** A request as a vector writes it: `json` for an object, `body` for a text. */
interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string
  /** How often it is sent; the last answer counts. */
  readonly times?: number
}

/** What a vector of the kind `exchange` says; `fixtures/README.md` describes it. */
export interface Exchange {
  readonly at: string
  readonly endpoint?: Partial<RegistrationEndpointOptions>
  readonly store?: 'unreachable'
  readonly tokens?: readonly { readonly token: string; readonly uses?: number; readonly expiresAt?: number }[]
  readonly clients?: readonly {
    readonly client_id: string
    readonly client_secret?: string
    readonly registration_access_token?: string
    readonly metadata: ClientMetadata
    readonly software_statement?: string
    readonly acceptedAt?: number
  }[]
  readonly before?: readonly SentRequest[]
  readonly send: SentRequest
  readonly authenticate?: true
}

/** Sends the requests of a vector to an endpoint, and tells the last answer in the words of an expectation. */
export async function runExchange(input: Exchange, trust: TrustResolver | undefined): Promise<Expectation> {
  const store = memoryClientStore()
  await fill(store, input)
  let record: DecisionRecord | undefined
  const endpoint = createRegistrationEndpoint({
    issuer: 'https://as.example',
    store: input.store === 'unreachable' ? unreachable(store) : store,
    ...(trust === undefined ? {} : { trust }),
    rateLimits: createLimits(),
    clientAuthentication: { fetch: createGuardedFetch({ fetch: async () => Promise.reject(new TypeError('fetch failed')) }) },
    now: () => parseInstant(input.at),
    onDecision: (told) => {
      record = told
    },
    ...input.endpoint,
  })
  const info = { address: '192.0.2.1' }
  if (input.authenticate) {
    const { client, authenticated, method } = await endpoint.authenticateClient(makeRequest(input.send), info)
    return { approved: true, client_id: client.clientId, authenticated, method }
  }
  for (const request of input.before ?? []) await endpoint(makeRequest(request), info)
  let response = new Response()
  for (let sent = 0; sent < (input.send.times ?? 1); sent++) response = await endpoint(makeRequest(input.send), info)
  const text = await response.text()
  const body = text === '' ? null : JSON.parse(text)
  const told = { status: response.status, headers: Object.fromEntries(response.headers), body }
  return response.status < 400
    ? { approved: true, ...told }
    : { approved: false, ...told, error: body.error, ...(record?.code === undefined ? {} : { code: record.code }) }
}

function makeRequest({ method, url, headers = {}, json, body = JSON.stringify(json) }: SentRequest): Request {
  const type = json === undefined ? {} : { 'content-type': 'application/json' }
  return new Request(url, { method, headers: { ...type, ...headers }, ...(body === undefined ? {} : { body }) })
}

async function fill(store: ClientStore, { at, tokens = [], clients = [] }: Exchange): Promise<void> {
  const issuedAt = parseInstant(at).getTime() / 1000
  const credential = async (text: string | undefined) =>
    text === undefined ? [] : [{ digest: await digestText(text), issuedAt }]
  for (const { token, ...rest } of tokens) {
    await store.addInitialAccessToken({ digest: await digestText(token), issuedAt, ...rest })
  }
  for (const { client_id: clientId, client_secret, registration_access_token, metadata, ...vouched } of clients) {
    const secrets = await credential(client_secret)
    const { software_statement: compact, acceptedAt = issuedAt } = vouched
    const statement = compact === undefined ? {} : { statement: { compact, issuer: 'https://publisher.example', acceptedAt } }
    const registered = { clientId, metadata, provenance: {}, ...statement, issuedAt, secrets, uniqueKeys: [], version: 1 }
    await store.admit({ ...registered, tokens: await credential(registration_access_token) }, { at: issuedAt })
  }
}

/** A store that rejects whatever it is asked. */
function unreachable(store: ClientStore): ClientStore {
  return new Proxy(store, { get: () => async () => Promise.reject(new Error('connection refused')) })
}
