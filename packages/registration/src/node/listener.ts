import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Duration, parseDuration } from '@software-statement/core'
import type { ConnectionInfo } from '../client-authentication/authenticate-client.js'
import { answerError } from '../http/answer.js'
import { refuseUnknownOptions } from '../known-options.js'
import { type DiscardLimits, discardRest } from './incoming-body.js'
import { type ReceivedRequest, receiveRequest } from './incoming-request.js'
import { answerPlainly, UnfitRequest } from './plain-answer.js'
import { sendResponse } from './send-response.js'
import { createWhenGone, type WhenGone } from './when-gone.js'

/** What answers requests, such as `createRegistrationEndpoint` makes. */
export type RequestHandler = (request: Request, info: ConnectionInfo) => Promise<Response>

/** Answers a request of Node's own server, or of what is built on it. */
export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** Options of `createNodeListener`. */
export interface NodeListenerOptions {
  /** What the URLs of requests begin with, whatever `Host` they name; default: `http://localhost`. */
  readonly origin?: string
  /**
   * How much of a request that has been answered already, such as one that is too large, is read and thrown away before its connection
   * is closed, in bytes; default: 2 GiB.
   */
  readonly discardBytes?: number
  /** How long that may take; default: 10 seconds. */
  readonly discardTime?: Duration
  /** Is told what the handler throws, and what keeps it from being asked. */
  readonly onError?: (fault: unknown) => void
}

/**
 * Makes a handler of Web-standard requests a listener of Node's `http` server and of Express: bodies come as streams, no faster than they
 * are read, the handler is told the address of the connection, and its request is aborted when the client goes away.
 *
 * Answers are sent whole. One that comes before the request has come to its end is sent at once and the connection is closed; the client
 * may go on sending for a while, so that it lives to read the answer. Throws `TypeError` for options that make no sense.
 *
 * @example
 * ```ts
 * const endpoint = createRegistrationEndpoint({ issuer: 'https://as.example', store: memoryClientStore() })
 * const listener = createNodeListener(endpoint, { origin: 'https://as.example' })
 * const server = createServer(listener)
 * ```
 */
export function createNodeListener(handler: RequestHandler, options: NodeListenerOptions = {}): NodeListener {
  const settings = parseListenerOptions(handler, options)
  return (incoming, outgoing) => void answerIncoming(incoming, outgoing, settings, notLast)
}

const notLast: Progress = { isLast: () => false, mustContinue: false, onSent: () => undefined }

export interface ListenerSettings {
  readonly handler: RequestHandler
  readonly origin: string
  readonly discard: DiscardLimits
  readonly onError: (fault: unknown) => void
  readonly whenGone: WhenGone
}

export const listenerOptions: ReadonlySet<string> = new Set(['origin', 'discardBytes', 'discardTime', 'onError'])

/** Throws `TypeError` for an option there is not, and for one that makes no sense. */
export function parseListenerOptions(handler: RequestHandler, options: NodeListenerOptions): ListenerSettings {
  if (typeof handler !== 'function') throw new TypeError('a listener needs a function that answers requests')
  refuseUnknownOptions(options, listenerOptions)
  const { origin = 'http://localhost', discardBytes = 2 ** 31, discardTime = 10, onError = () => undefined } = options
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) throw new TypeError('the option origin must be an origin')
  if (!Number.isSafeInteger(discardBytes) || discardBytes < 0)
    throw new TypeError('the option discardBytes must be a whole number')
  if (typeof onError !== 'function') throw new TypeError('the option onError must be a function')
  const time = parseDuration(discardTime) * 1000
  if (time > 3_600_000) throw new TypeError('the option discardTime must be at most an hour')
  return {
    handler,
    origin,
    onError,
    whenGone: createWhenGone(),
    discard: { bytes: discardBytes, time, pause: Math.min(time, longestPause) },
  }
}

/** Who has sent nothing for so long, in milliseconds, waits for the connection to be closed. */
const longestPause = 2000

/** One request on its way. */
export interface Progress {
  /** Whether the connection is to end with its answer. */
  readonly isLast: () => boolean
  /** Whether the client waits for a 100 before it sends the body (RFC 9110 10.1.1). */
  readonly mustContinue: boolean
  readonly onSent: () => void
}

/** Answers one request. It never rejects. */
export async function answerIncoming(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  settings: ListenerSettings,
  { isLast, mustContinue, onSent }: Progress,
): Promise<void> {
  // Connections end whenever they like: the answer is of no use then, and nobody else is concerned.
  incoming.on('error', () => undefined)
  outgoing.on('error', () => undefined)
  const abort = new AbortController()
  settings.whenGone(outgoing, () => {
    if (!outgoing.writableFinished) abort.abort()
    onSent()
  })
  const onFirstRead = () => {
    if (mustContinue) outgoing.writeContinue()
  }
  let received: ReceivedRequest | undefined
  const ask = async () => {
    received = receiveRequest(incoming, { origin: settings.origin, signal: abort.signal, onFirstRead })
    const { remoteAddress } = incoming.socket
    return settings.handler(received.request, remoteAddress === undefined ? {} : { address: remoteAddress })
  }
  try {
    const response = await ask().catch((fault: unknown) => answerFault(fault, settings))
    const isAwaited = mustContinue && received?.body?.isWanted() !== true
    const discard = () => {
      received?.body?.abandon()
      return discardRest(incoming, settings.discard)
    }
    await sendResponse(response, incoming, outgoing, { closes: isLast(), discard: isAwaited ? undefined : discard, onSent })
  } catch (fault) {
    tell(fault, settings)
    outgoing.destroy()
  }
}

function answerFault(fault: unknown, settings: ListenerSettings): Response {
  if (fault instanceof UnfitRequest) return answerPlainly(fault.status)
  tell(fault, settings)
  return answerError(undefined, [])
}

function tell(fault: unknown, { onError }: ListenerSettings): void {
  try {
    onError(fault)
  } catch {
    // There is nobody left to tell.
  }
}
