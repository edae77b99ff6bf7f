import type { IncomingMessage, ServerResponse } from 'node:http'

/** How an answer is sent. */
export interface Sending {
  /** Whether the connection ends with it. */
  readonly closes: boolean
  /** Throws away what still comes of the request after the answer; not where the client waits to be told to send. */
  readonly discard: (() => Promise<void>) | undefined
  /** Is told as soon as the answer has been written, whatever still comes of the request. */
  readonly onSent: () => void
}

/**
 * Sends an answer whole, with its length. Where the request has not come to its end, the rest of it is thrown away for a while before the
 * connection is closed: a client that still sends would be reset, and would not get to read why.
 */
export async function sendResponse(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { closes, discard, onSent }: Sending,
): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer())
  if (outgoing.destroyed || outgoing.headersSent) return
  const isEarly = !incoming.complete
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
  if (isEarly || closes) outgoing.setHeader('Connection', 'close')
  if (hasBody(incoming.method, response.status)) outgoing.setHeader('Content-Length', body.length)
  if (!isEarly || discard === undefined) {
    outgoing.end(body, onSent)
    return
  }
  outgoing.flushHeaders()
  if (body.length > 0) outgoing.write(body, onSent)
  else onSent()
  await discard()
  outgoing.end()
}

function hasBody(method: string | undefined, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304
}
