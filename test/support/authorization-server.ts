import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as requestHttps } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AccessError,
  type ClientStore,
  type ConnectionInfo,
  clientErrorResponse,
  createRegistrationEndpoint,
  memoryClientStore,
  type RegistrationEndpoint,
  type RegistrationEndpointOptions,
  sqliteClientStore,
} from '@software-statement/registration'
import { createNodeListener, createNodeServer, type RequestHandler } from '@software-statement/registration/node'
import { generateSigningKey, publicJwks, type SignOptions, signSoftwareStatement } from '@software-statement/signer'
import { type ClientMetadata, trustIssuers } from '@software-statement/verifier'
import { onTestFinished } from 'vitest'
import { makeCertificates } from './https-server.js'

/** An authorization server on this machine: registration, metadata and a token endpoint. */
export interface AuthorizationServer {
  readonly issuer: URL
  readonly store: ClientStore
  /** Trusts the certificate of the server, where it has one; the platform's own otherwise. */
  readonly fetch: Fetch
  /** Signs a statement of a publisher whom the server trusts, for this server, if the options say nothing else. */
  sign(metadata: ClientMetadata, options?: Partial<SignOptions>): Promise<string>
}

/** `fetch` with the arguments that libraries give it, each in types of its own. */
type Fetch = (url: string | URL, options?: object) => Promise<Response>

/** How a server is reached, and what it keeps its clients in. */
export type Setting = () => Promise<{
  readonly store: ClientStore
  /** What comes behind the origin in the issuer. */
  readonly issuerPath?: string
  /** With it the server speaks https. */
  readonly certificates?: Certificates
}>

type Certificates = Awaited<ReturnType<typeof makeCertificates>>

/** The settings that every client library has to get along with. */
export const settings: readonly (readonly [name: string, setting: Setting])[] = [
  ['over http, with a store in memory', async () => ({ store: memoryClientStore() })],
  [
    'over https, with a store in SQLite and a path in the issuer',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'software-statement-journey-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const store = await sqliteClientStore(join(folder, 'clients.db'))
      return { store, issuerPath: '/tenant/1', certificates: await makeCertificates() }
    },
  ],
]

/** What a publisher signs with, and who trusts it. */
async function makePublisher() {
  const key = await generateSigningKey('ES256')
  const issuer = 'https://publisher.example'
  const trust = trustIssuers([{ issuer, jwks: await publicJwks([key]) }])
  return { trust, issuer, key }
}

/** Starts a server on a free port, until the test ends. It registers with and without statements, if the options say nothing else. */
export async function startAuthorizationServer(
  setting: Setting,
  options: Partial<Omit<RegistrationEndpointOptions, 'issuer' | 'store'>> = {},
): Promise<AuthorizationServer> {
  const { store, issuerPath = '', certificates } = await setting()
  const { trust, key, issuer: publisher } = await makePublisher()
  let answer: RequestHandler = () => Promise.reject(new Error('the server has not been made yet'))
  const origin = await listen((request, info) => answer(request, info), certificates)
  onTestFinished(() => store.close())
  const issuer = origin + issuerPath
  const endpoint = createRegistrationEndpoint({ issuer, store, trust, ...options })
  answer = (request, info) => (request.url.endsWith('/token') ? answerToken(endpoint, request, info) : endpoint(request, info))
  return {
    issuer: new URL(issuer),
    store,
    fetch: certificates === undefined ? fetch : fetchTrusting(certificates.ca),
    sign: (metadata, others = {}) =>
      signSoftwareStatement(metadata, { issuer: publisher, key, audience: issuer, expiresIn: '1 day', ...others }),
  }
}

/** A token endpoint that gives a token to every client that is known, and says who that is (RFC 6749 5.1). */
export async function answerToken(endpoint: RegistrationEndpoint, request: Request, info?: ConnectionInfo): Promise<Response> {
  try {
    const { client, method, form } = await endpoint.authenticateClient(request, info)
    const { clientId: client_id } = client
    const token = { access_token: crypto.randomUUID(), token_type: 'Bearer', expires_in: 600 }
    return Response.json({ ...token, client_id, method, grant_type: form.get('grant_type') })
  } catch (error) {
    if (error instanceof AccessError) return clientErrorResponse(error, endpoint.metadata.issuer)
    throw error
  }
}

/** Answers the origin that a handler is served at until the test ends. */
async function listen(handler: RequestHandler, certificates?: Certificates): Promise<string> {
  const server =
    certificates === undefined ? createNodeServer(handler).server : createServer(certificates, createNodeListener(handler))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `${certificates === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
}

/** A `fetch` that trusts one more authority: that of the platform cannot be told to. */
function fetchTrusting(ca: string): Fetch {
  return async (target, options) => {
    const request = new Request(target, options)
    if (request.url.startsWith('http:')) return fetch(request)
    const { method, url, headers } = request
    const outgoing = requestHttps(url, { method, headers: Object.fromEntries(headers), ca, agent: false })
    outgoing.end(Buffer.from(await request.arrayBuffer()))
    const [incoming] = await once(outgoing, 'response')
    const body = Buffer.concat(await incoming.toArray())
    const answered = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)])
    return new Response(body.length === 0 ? null : body, { status: incoming.statusCode, headers: answered })
  }
}
