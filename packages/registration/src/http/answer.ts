import { errorAnswer, InvalidStatementError, StatementError, UnapprovedStatementError } from '@software-statement/core'

/** Everything here may hold secrets, or tells a client what it is. */
const privateHeaders = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'X-Content-Type-Options': 'nosniff',
} as const

/** Public, and the same for everybody until the server is configured anew. */
const documentHeaders = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=300',
  'X-Content-Type-Options': 'nosniff',
} as const

/** Answers with what a client is registered with (RFC 7591 3.2.1, RFC 7592 2). */
export function answerClient(status: 200 | 201, members: object): Response {
  return new Response(JSON.stringify(members), { status, headers: privateHeaders })
}

/** Answers that there is nothing any more (RFC 7592 2.3). */
export function answerNothing(): Response {
  const { 'Content-Type': _, ...headers } = privateHeaders
  return new Response(null, { status: 204, headers })
}

/** Answers with a public document (RFC 8414 3.2). */
export function answerDocument(body: string, method: string): Response {
  return new Response(method === 'HEAD' ? null : body, { headers: documentHeaders })
}

/** What is added where a statement is refused that the request does not have. */
const storedRefused = '; it is the one that the client is registered with: send a new one'

/**
 * Answers with an error, as the catalogue words it; an error that is none of ours tells nothing of itself.
 *
 * @param storedStatement whether the statement that counted is the one that the client is registered with
 */
export function answerError(fault: unknown, allowed: readonly string[], storedStatement = false): Response {
  if (!(fault instanceof StatementError)) {
    const body = { error: 'server_error', error_description: 'The request could not be answered' }
    return new Response(JSON.stringify(body), { status: 500, headers: privateHeaders })
  }
  const { status, error, error_description: description, retryAfter } = errorAnswer(fault)
  const error_description = storedStatement && refusesStatement(fault) ? `${description}${storedRefused}` : description
  const headers = new Headers(privateHeaders)
  if (retryAfter !== undefined) headers.set('Retry-After', String(Math.max(1, Math.ceil(retryAfter))))
  if (status === 405) headers.set('Allow', allowed.join(', '))
  if (status === 401) headers.set('WWW-Authenticate', challenge(fault, error_description))
  return new Response(JSON.stringify({ error, error_description }), { status, headers })
}

/** Where another client has the name of a client, nothing is wrong with a statement. */
function refusesStatement(fault: StatementError): boolean {
  if (fault.code === 'ERR_ALREADY_REGISTERED') return false
  return fault instanceof InvalidStatementError || fault instanceof UnapprovedStatementError
}

/** A request without a token is told which kind is wanted, and of no error (RFC 6750 3.1). */
function challenge({ code }: StatementError, description: string): string {
  const realm = 'Bearer realm="registration"'
  return code === 'ERR_TOKEN_MISSING' ? realm : `${realm}, error="invalid_token", error_description="${description}"`
}
