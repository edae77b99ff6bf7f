import { STATUS_CODES } from 'node:http'

/** What the registration endpoint is never asked: requests that are malformed or late already as HTTP. */
const descriptions = {
  400: 'The request is not valid HTTP',
  405: 'The request method is not supported here',
  408: 'The request did not come in time',
  413: 'The request is too large',
  417: 'The expectation of the request cannot be met',
  431: 'The header of the request is too large',
} as const

export type PlainStatus = keyof typeof descriptions

/** A request that is answered before anybody is asked. */
export class UnfitRequest extends Error {
  override readonly name = 'UnfitRequest'

  constructor(readonly status: PlainStatus) {
    super(descriptions[status])
  }
}

const headers = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
} as const

/** The answer to it, in the form of every other error (RFC 7591 3.2.2). */
export function answerPlainly(status: PlainStatus): Response {
  return new Response(bodyOf(status), { status, headers })
}

/** The same as text, where the parser has given up and there is nothing that writes answers. */
export function writePlainly(status: PlainStatus): string {
  const body = bodyOf(status)
  const lines = Object.entries({ ...headers, 'Content-Length': String(body.length) }).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n')
}

function bodyOf(status: PlainStatus): string {
  return JSON.stringify({ error: 'invalid_request', error_description: descriptions[status] })
}
