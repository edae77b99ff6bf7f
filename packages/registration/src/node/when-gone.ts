import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Who waits for the end of a connection: one listener on it for all of them, however many requests come over it. */
const waiting = new WeakMap<Duplex, Set<() => void>>()

/**
 * Calls a function once when an answer is closed, or the connection that it is for: Node never closes an answer that waits behind others on
 * a connection that ends.
 */
export function whenGone(outgoing: ServerResponse, gone: () => void): void {
  const { socket } = outgoing.req
  const others = waiting.get(socket) ?? listen(socket)
  const call = () => {
    if (others.delete(call)) gone()
  }
  others.add(call)
  outgoing.once('close', call)
  if (socket.destroyed) call()
}

function listen(socket: Duplex): Set<() => void> {
  const calls = new Set<() => void>()
  waiting.set(socket, calls)
  socket.once('close', () => {
    for (const call of calls) call()
  })
  return calls
}
