import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Calls a function once when an answer is closed, or the connection that it is for: Node never closes an answer that waits behind others on
 * a connection that ends.
 */
export type WhenGone = (outgoing: ServerResponse, gone: () => void) => void

/** Listens once on each connection, however many requests come over it. */
export function createWhenGone(): WhenGone {
  const waiting = new WeakMap<Duplex, Set<() => void>>()
  const listen = (socket: Duplex): Set<() => void> => {
    const calls = new Set<() => void>()
    waiting.set(socket, calls)
    socket.once('close', () => {
      for (const call of calls) call()
    })
    return calls
  }
  return (outgoing, gone) => {
    const { socket } = outgoing.req
    const calls = waiting.get(socket) ?? listen(socket)
    const call = () => {
      if (calls.delete(call)) gone()
    }
    calls.add(call)
    outgoing.once('close', call)
    if (socket.destroyed) call()
  }
}
