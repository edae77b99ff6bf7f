import type { IncomingMessage } from 'node:http'
import { type IncomingBody, readIncomingBody } from './incoming-body.js'
import { UnfitRequest } from './plain-answer.js'

/** A request of the platform, with the body behind it. */
export interface ReceivedRequest {
  readonly request: Request
  readonly body: IncomingBody | undefined
}

interface Surroundings {
  /** What paths are resolved against, whatever host the request names. */
  readonly origin: string
  readonly signal: AbortSignal
  readonly onFirstRead: () => void
}

/** Methods that the platform has no requests for (Fetch Standard 2.2.1). */
const forbiddenMethods: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * Makes a request of the platform.
 *
 * Throws `UnfitRequest` for what is not one, and `TypeError` where something else has read the body already.
 */
export function receiveRequest(incoming: IncomingMessage, { origin, signal, onFirstRead }: Surroundings): ReceivedRequest {
  const { method = 'GET', rawHeaders, httpVersion } = incoming
  if (forbiddenMethods.has(method)) throw new UnfitRequest(405)
  const headers = readHeaders(rawHeaders)
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
  // RFC 9112 3.2: exactly one, and none is possible before HTTP/1.1 only.
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) throw new UnfitRequest(400)
  const url = readTarget(targetOf(incoming), origin)
  const hasBody = headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0
  if (!hasBody || method === 'GET' || method === 'HEAD')
    return { request: new Request(url, { method, headers, signal }), body: undefined }
  if (incoming.readableDidRead || incoming.readableEnded) {
    throw new TypeError('the body of a request has been read already: this listener has to come before what parses bodies')
  }
  const body = readIncomingBody(incoming, onFirstRead)
  // The types of the platform do not know yet that a body that is a stream is sent while the answer comes.
  const init: RequestInit & { readonly duplex: 'half' } = { method, headers, signal, body: body.stream, duplex: 'half' }
  return { request: new Request(url, init), body }
}

function readHeaders(raw: readonly string[]): Headers {
  const headers = new Headers()
  try {
    for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '')
  } catch {
    throw new UnfitRequest(400)
  }
  return headers
}

/** Express and its kind take the path away under which a listener is mounted, and keep the whole. */
function targetOf(incoming: IncomingMessage): string {
  const { url = '/' } = incoming
  return 'originalUrl' in incoming && typeof incoming.originalUrl === 'string' ? incoming.originalUrl : url
}

/** The path of a request target: most are paths, proxies send whole URLs, and `OPTIONS *` is for the server (RFC 9112 3.2). */
function readTarget(target: string, origin: string): string {
  if (target === '*') return `${origin}/`
  if (target.startsWith('/')) return origin + target
  if (!URL.canParse(target)) throw new UnfitRequest(400)
  const { pathname, search } = new URL(target)
  if (!pathname.startsWith('/')) throw new UnfitRequest(400)
  return origin + pathname + search
}
