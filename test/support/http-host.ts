import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** What answers requests: a fetch handler that is told where they come from. */
export type Handler = (request: Request, info: { readonly address?: string }) => Promise<Response>

/** A server on this machine. */
export interface Host {
  readonly origin: string
  close(): Promise<void>
}

/** Serves a handler over HTTP, with bodies as streams in both directions. */
export async function serve(makeHandler: (origin: string) => Handler): Promise<Host> {
  let handler: Handler | undefined
  const server = createServer((incoming, outgoing) => {
    answer(
      incoming,
      outgoing,
      origin,
      (request, info) => handler?.(request, info) ?? Promise.reject(new Error('not ready')),
    ).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${portOf(server)}`
  handler = makeHandler(origin)
  return {
    origin,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, origin: string, handler: Handler): Promise<void> {
  const { method = 'GET', url = '/', rawHeaders, socket } = incoming
  const abort = new AbortController()
  incoming.once('close', () => {
    if (!incoming.complete) abort.abort()
  })
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const request = new Request(new URL(url, origin), {
    method,
    headers,
    signal: abort.signal,
    // The types of Node's streams and of the platform's say the same in different words.
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' } : {}),
  })
  const { remoteAddress } = socket
  const response = await handler(request, remoteAddress === undefined ? {} : { address: remoteAddress })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
