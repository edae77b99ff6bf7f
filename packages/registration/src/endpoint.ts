import { StatementError, toNumericDate } from '@software-statement/core'
import type { Circumstances } from './circumstances.js'
import type { ClientAuthenticator, ConnectionInfo } from './client-authentication/authenticate-client.js'
import type { DecisionRecord, Findings } from './decision-record.js'
import { answerDocument, answerError } from './http/answer.js'
import { allowOrigin, answerPreflight } from './http/cors.js'
import { findOperation, findRoute, type Operation, type Route } from './http/routes.js'
import { deleteClient } from './manage/delete-client.js'
import { readClient } from './manage/read-client.js'
import { updateClient } from './manage/update-client.js'
import type { ServerMetadata } from './metadata/members.js'
import { isOpenIdProvider } from './metadata/server-metadata.js'
import type { RegistrationEndpointOptions } from './options.js'
import { registerClient } from './register/register-client.js'
import { parseOptions, type Settings } from './settings.js'

/** The endpoint: answers every request, with what went wrong as well. */
export interface RegistrationEndpoint {
  (request: Request, info?: ConnectionInfo): Promise<Response>
  /** The metadata of the server as it is published (RFC 8414 2) and enforced. */
  readonly metadata: ServerMetadata
  /**
   * Authenticates the client of a request to another endpoint of the server (RFC 6749 2.3), by the methods that are published: see
   * `createClientAuthenticator`.
   */
  readonly authenticateClient: ClientAuthenticator
}

/**
 * Makes a client registration endpoint of a store and, where software statements count, trust: registration (RFC 7591), client
 * configuration (RFC 7592) and the server's metadata (RFC 8414), each at its path below the `issuer`. It takes and gives what `fetch` does,
 * so that every server can be its host.
 *
 * Throws `TypeError` for malformed options and for a mode that needs a trust there is not; `MetadataPolicyError` for an illegal policy.
 *
 * @example
 * ```ts
 * const endpoint = createRegistrationEndpoint({ issuer: 'https://as.example', store: memoryClientStore(), trust, mode: 'statement' })
 * const body = JSON.stringify({ software_statement: statement })
 * const headers = { 'Content-Type': 'application/json' }
 * const response = await endpoint(new Request('https://as.example/reg', { method: 'POST', headers, body }))
 * response.status // 201
 * ```
 */
export function createRegistrationEndpoint(options: RegistrationEndpointOptions): RegistrationEndpoint {
  const settings = parseOptions(options)
  const { metadata, urls } = settings
  const openId = isOpenIdProvider(metadata) ? [urls.openIdDocumentPath] : []
  const paths = { registration: urls.registrationPath, documents: [urls.oauthDocumentPath, ...openId] }
  const document = JSON.stringify(metadata)

  const endpoint = async (request: Request, info?: ConnectionInfo): Promise<Response> => {
    const currentDate = settings.now()
    const findings: Findings = {}
    let route: Route | undefined
    let response: Response
    let error: unknown
    try {
      route = findRoute(request.url, paths)
      const preflight = answerPreflight(request, Object.keys(route.operations), settings.cors)
      if (preflight !== undefined) return allowOrigin(preflight, request, settings.cors)
      const operation = findOperation(route, request.method)
      if (operation === 'discover') return allowOrigin(answerDocument(document, request.method), request, settings.cors)
      findings.operation = operation
      const at = toNumericDate(currentDate)
      const address = settings.addressOf(request, info?.address)
      if (address !== undefined) findings.address = address
      response = await operate(operation, route.clientId ?? '', { settings, request, address, currentDate, at, findings })
    } catch (fault) {
      error = fault
      response = answerError(fault, Object.keys(route?.operations ?? {}), findings.storedStatement)
    }
    report({ error, status: response.status, findings, currentDate }, settings)
    return allowOrigin(response, request, settings.cors)
  }
  return Object.assign(endpoint, { metadata, authenticateClient: settings.authenticateClient })
}

async function operate(
  operation: Exclude<Operation, 'discover'>,
  clientId: string,
  circumstances: Circumstances,
): Promise<Response> {
  switch (operation) {
    case 'register':
      return registerClient(circumstances)
    case 'read':
      return readClient(clientId, circumstances)
    case 'update':
      return updateClient(clientId, circumstances)
    case 'delete':
      return deleteClient(clientId, circumstances)
  }
}

interface Answered {
  readonly error: unknown
  readonly status: number
  readonly findings: Findings
  readonly currentDate: Date
}

/** Tells the hooks what became of a request. What they throw changes no answer. */
function report({ error, status, findings, currentDate }: Answered, settings: Settings): void {
  const { mode, now, onDecision, onError } = settings
  const fault = error instanceof StatementError ? error : undefined
  const record: DecisionRecord = {
    ...findings,
    outcome: status < 400 ? 'done' : status < 500 ? 'refused' : 'failed',
    status,
    mode,
    latency: now().getTime() - currentDate.getTime(),
    ...(fault === undefined ? {} : { code: fault.code, fault }),
  }
  tell(() => onDecision(record))
  // A refusal has been told; an outage and a fault of the server have a cause that somebody has to look into.
  if (status >= 500) tell(() => onError(error))
}

/** Calls a hook, which may be an async function. Where it fails there is nobody left to tell. */
function tell(hook: () => unknown): void {
  const called = async () => hook()
  called().catch(() => undefined)
}
