import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Duration, parseDuration } from '@software-statement/core'
import { Connections } from './connections.js'
import { answerIncoming, type ListenerSettings, parseListenerOptions, type RequestHandler } from './listener.js'
import { type PlainStatus, UnfitRequest } from './plain-answer.js'
import { refuseConnection, statusOf } from './refuse-connection.js'
import { type NodeServerOptions, parseServerOptions } from './server-options.js'

/** A server of Node with limits, which listens when `server.listen` is called. */
export interface NodeServer {
  readonly server: Server
  /**
   * Takes no more connections, answers what has been asked, and closes everything. Resolves with the number of requests that were not
   * answered within the limit.
   */
  readonly drain: (limit: Duration) => Promise<number>
}

/** How often it is looked after requests that take too long, in milliseconds. */
const checkingInterval = 500

/** How many requests of one connection may be under way at once: no client that waits for answers comes near. */
const mostPipelined = 256

/**
 * Makes a server that answers with a handler as `createNodeListener` does, and holds clients to limits: requests that come slowly or
 * never end are given up, and what is not HTTP is answered with a JSON error like everything else.
 *
 * Throws `TypeError` for options that make no sense.
 *
 * @example
 * ```ts
 * const endpoint = createRegistrationEndpoint({ issuer: 'http://localhost:7591', store: memoryClientStore() })
 * const { server, drain } = createNodeServer(endpoint, { requestTimeout: '20 seconds' })
 * await drain('10 seconds') // 0
 * ```
 */
export function createNodeServer(handler: RequestHandler, options: NodeServerOptions = {}): NodeServer {
  const { listener, connections, ...limits } = parseServerOptions(options)
  const settings = parseListenerOptions(handler, listener)
  const server = createServer({
    ...limits,
    connectionsCheckingInterval: checkingInterval,
    // Node would answer without a word: the listener looks for it.
    requireHostHeader: false,
  })
  // The size of a header is limited: a number of lines would only leave out what comes last.
  server.maxHeadersCount = 0
  return { server, ...attach(server, settings, new Connections(connections)) }
}

/** There is no expectation but that of a 100 (RFC 9110 10.1.1). */
const refuseExpectation: RequestHandler = async () => {
  throw new UnfitRequest(417)
}

function attach(server: Server, settings: ListenerSettings, connections: Connections): Pick<NodeServer, 'drain'> {
  const underWay = new Map<Duplex, Set<ServerResponse>>()
  const unanswered = new Set<ServerResponse>()
  const refused = new WeakSet<Duplex>()
  const tunnels = new Set<Duplex>()
  let isDraining = false
  let onAnswered: () => void = () => undefined

  const answer = (incoming: IncomingMessage, outgoing: ServerResponse, mustContinue: boolean, { handler } = settings) => {
    const { socket } = incoming
    const answers = underWay.get(socket) ?? new Set()
    if (answers.size >= mostPipelined) socket.destroy()
    // What came in one piece is told to the end, although nobody is there any more.
    if (socket.destroyed) return
    underWay.set(socket, answers.add(outgoing))
    unanswered.add(outgoing)
    connections.work(socket)
    settings.whenGone(outgoing, () => {
      answers.delete(outgoing)
      if (answers.size > 0) return
      underWay.delete(socket)
      connections.wait(socket)
    })
    const onSent = () => {
      unanswered.delete(outgoing)
      onAnswered()
    }
    void answerIncoming(incoming, outgoing, { ...settings, handler }, { isLast: () => isDraining, mustContinue, onSent })
  }
  server.on('connection', (socket) => connections.admit(socket))
  server.on('request', (incoming, outgoing) => answer(incoming, outgoing, false))
  server.on('checkContinue', (incoming, outgoing) => answer(incoming, outgoing, true))
  server.on('checkExpectation', (incoming, outgoing) =>
    answer(incoming, outgoing, true, { ...settings, handler: refuseExpectation }),
  )
  const refuse = (socket: Duplex, status: PlainStatus | undefined) =>
    void refuseConnection(socket, status, [...(underWay.get(socket) ?? [])], settings.whenGone)
  server.on('connect', (_, socket) => {
    // Node has let go of this connection: nobody else would hear that it fails or ends, read what still comes, or close it in the end.
    tunnels.add(socket)
    socket.once('close', () => tunnels.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('end', () => {
      // Who has gone waits for no answer; who has them all may still read the refusal.
      if (underWay.has(socket)) socket.destroy()
    })
    socket.resume()
    refuse(socket, 405)
  })
  server.on('clientError', (error, socket) => {
    // What comes behind what could not be read cannot be read either.
    if (refused.has(socket)) return
    refused.add(socket)
    refuse(socket, statusOf(error))
  })

  return {
    async drain(limit) {
      isDraining = true
      const milliseconds = parseDuration(limit) * 1000
      server.close()
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        onAnswered = () => {
          if (unanswered.size > 0) return
          clearTimeout(timer)
          resolve()
        }
        onAnswered()
      })
      const left = unanswered.size
      server.closeAllConnections()
      for (const socket of tunnels) socket.destroy()
      return left
    },
  }
}
