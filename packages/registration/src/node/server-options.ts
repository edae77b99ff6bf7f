import { type Duration, parseDuration } from '@software-statement/core'
import type { NodeListenerOptions } from './listener.js'

/** Options of `createNodeServer`. */
export interface NodeServerOptions extends NodeListenerOptions {
  /** How long the header of a request may take; default: 10 seconds. */
  readonly headersTimeout?: Duration
  /** How long a whole request may take; default: 30 seconds. */
  readonly requestTimeout?: Duration
  /** How long a connection is kept after an answer; default: 5 seconds. */
  readonly keepAliveTimeout?: Duration
  /** The longest header of a request, in bytes; default: 16 KiB. */
  readonly maxHeaderSize?: number
  /** How many connections there may be at once; more are closed. Default: 5,000. */
  readonly maxConnections?: number
}

export interface ParsedServerOptions {
  /** In milliseconds. */
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAliveTimeout: number
  readonly maxHeaderSize: number
  readonly maxConnections: number
  readonly listener: NodeListenerOptions
}

const longest = 3600

/** Throws `TypeError` for one that makes no sense. What is not an option here may be one of the listener. */
export function parseServerOptions(options: NodeServerOptions): ParsedServerOptions {
  const {
    headersTimeout = 10,
    requestTimeout = 30,
    keepAliveTimeout = 5,
    maxHeaderSize = 16 * 1024,
    maxConnections = 5000,
  } = options
  const {
    headersTimeout: _h,
    requestTimeout: _r,
    keepAliveTimeout: _k,
    maxHeaderSize: _s,
    maxConnections: _c,
    ...listener
  } = options
  const parsed = {
    headersTimeout: parseTime('headersTimeout', headersTimeout),
    requestTimeout: parseTime('requestTimeout', requestTimeout),
    keepAliveTimeout: parseTime('keepAliveTimeout', keepAliveTimeout),
    maxHeaderSize: parseCount('maxHeaderSize', maxHeaderSize),
    maxConnections: parseCount('maxConnections', maxConnections),
    listener,
  }
  if (parsed.headersTimeout <= parsed.requestTimeout) return parsed
  throw new TypeError('the option headersTimeout must not be longer than requestTimeout')
}

/** Nothing stands for no limit: who waits for ever is what the limits are there for. */
function parseTime(name: string, duration: Duration): number {
  const seconds = parseDuration(duration)
  if (seconds > 0 && seconds <= longest) return Math.ceil(seconds * 1000)
  throw new TypeError(`the option ${name} must be more than nothing, and at most an hour`)
}

function parseCount(name: string, count: number): number {
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new TypeError(`the option ${name} must be a positive whole number`)
}
