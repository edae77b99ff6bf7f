import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type PlainStatus, writePlainly } from './plain-answer.js'
import type { WhenGone } from './when-gone.js'

/** How long a client may go on sending after it has been refused, in milliseconds. */
const longestLinger = 2000

/** What the parser of Node says, and what it means to the client. */
const statuses: ReadonlyMap<unknown, PlainStatus> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
])

/** The status for what went wrong on a connection; nothing where nobody is there to be told. */
export function statusOf(error: Error & { readonly code?: unknown }): PlainStatus | undefined {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : (statuses.get(error.code) ?? 400)
}

/**
 * Ends a connection on which something came that is no request, with an answer behind those to the requests before it. What still comes is
 * thrown away for a while, so that the client lives to read the answer.
 *
 * @param underWay answers on this connection that are not finished, in their order
 */
export async function refuseConnection(
  socket: Duplex,
  status: PlainStatus | undefined,
  underWay: readonly ServerResponse[],
  whenGone: WhenGone,
): Promise<void> {
  for (const answer of underWay) {
    // What is wrong may be the rest of a request whose answer is on its way: that one is the last, and nothing more is to be said.
    if (!answer.req.complete) {
      if (answer.headersSent) status = undefined
      break
    }
    if (!answer.writableFinished && !answer.destroyed) await new Promise<void>((resolve) => whenGone(answer, resolve))
  }
  if (status === undefined || !socket.writable) {
    socket.destroy()
    return
  }
  socket.end(writePlainly(status))
  const timer = setTimeout(() => socket.destroy(), longestLinger)
  socket.once('close', () => clearTimeout(timer))
}
