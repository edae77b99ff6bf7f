import {
  type ClientStore,
  createRegistrationEndpoint,
  type DecisionRecord,
  memoryClientStore,
  type RegistrationEndpoint,
  type RegistrationEndpointOptions,
} from '@software-statement/registration'
import { digestText } from '../../packages/registration/src/credentials/credential.js'
import { audience, now } from './make-jws.js'

export type Members = Readonly<Record<string, unknown>>

/** What an answer says. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of the JSON body; empty where there is none. */
  readonly body: Members
}

export interface Sent {
  readonly json?: unknown
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly address?: string
}

/** An endpoint over a memory store, with a clock that stands still until it is set. */
export interface TestEndpoint {
  readonly endpoint: RegistrationEndpoint
  readonly store: ClientStore
  /** Seconds since the epoch. */
  readonly clock: { at: number }
  readonly records: DecisionRecord[]
  readonly errors: unknown[]
  /** Sends a request to a path of `https://as.example`, or to a URL. */
  send(method: string, path: string, sent?: Sent): Promise<Answer>
  /** Registers a client; anything but 201 is an error that says what came. */
  register(json: unknown, sent?: Sent): Promise<RegisteredMembers>
  /** The code of the last decision, or its outcome. */
  lastCode(): string
}

export interface RegisteredMembers extends Members {
  readonly client_id: string
  readonly registration_access_token: string
  readonly registration_client_uri: string
}

export const redirect_uris = ['https://mail.example/cb']

export function makeEndpoint(options: Partial<RegistrationEndpointOptions> = {}): TestEndpoint {
  const clock = { at: now }
  const store = options.store ?? memoryClientStore()
  const records: DecisionRecord[] = []
  const errors: unknown[] = []
  const endpoint = createRegistrationEndpoint({
    issuer: audience,
    store,
    now: () => new Date(clock.at * 1000),
    onDecision: (record) => records.push(record),
    onError: (error) => errors.push(error),
    ...options,
  })
  const send = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const response = await endpoint(makeRequest(method, path, sent), sent.address === undefined ? {} : { address: sent.address })
    return readAnswer(response)
  }
  return {
    endpoint,
    store,
    clock,
    records,
    errors,
    send,
    async register(json, sent = {}) {
      const { status, body, text } = await send('POST', '/reg', { json, ...sent })
      const { client_id, registration_access_token, registration_client_uri } = body
      if (
        status !== 201 ||
        typeof client_id !== 'string' ||
        typeof registration_access_token !== 'string' ||
        typeof registration_client_uri !== 'string'
      ) {
        throw new Error(`not registered: ${status} ${text} ${records.at(-1)?.fault?.message}`)
      }
      return { ...body, client_id, registration_access_token, registration_client_uri }
    },
    lastCode: () => records.at(-1)?.code ?? records.at(-1)?.outcome ?? 'nothing',
  }
}

export function makeRequest(method: string, path: string, { json, body, token, headers = {} }: Sent = {}): Request {
  const content = json === undefined ? body : JSON.stringify(json)
  return new Request(new URL(path, audience), {
    method,
    headers: {
      ...(method === 'POST' || method === 'PUT' ? { 'content-type': 'application/json' } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
    // Streams are sent while they come; the types of the platform do not know the member yet.
    ...(content instanceof ReadableStream ? { duplex: 'half' } : {}),
  })
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  return { status, headers, text, body: text === '' ? {} : JSON.parse(text) }
}

/** Puts an initial access token into a store. */
export async function addToken(
  store: ClientStore,
  token: string,
  limits: { readonly uses?: number; readonly expiresAt?: number } = {},
): Promise<void> {
  await store.addInitialAccessToken({ digest: await digestText(token), issuedAt: now, ...limits })
}

const neverSentBack = ['registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at']

/** What a client sends back when it changes something: all it was told, but for what it must not send (RFC 7592 2.2). */
export function sendBack(told: Members, changes: Members = {}): Members {
  return { ...Object.fromEntries(Object.entries(told).filter(([name]) => !neverSentBack.includes(name))), ...changes }
}
