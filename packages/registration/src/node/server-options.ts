import { type Duration, parseDuration } from '@software-statement/core'
import { refuseUnknownOptions } from '../known-options.js'
import { createConnectionBlocks, type ProxyOptions } from '../limits/client-address.js'
import type { Limit } from '../limits/limit-options.js'
import type { ConnectionLimits, DroppedConnection } from './connections.js'
import { listenerOptions, type NodeListenerOptions } from './listener.js'

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
  /** How many connections there may be at once; default: 5,000. For one more, the one that has waited longest for a request is closed. */
  readonly maxConnections?: number
  /** How many of them may be from one address; IPv6 addresses count by their /64. Default: 256. */
  readonly maxConnectionsPerAddress?: Limit
  /** Proxies of one's own, whose connections do not count by address; where they are known by `hops` alone, none does. */
  readonly proxies?: ProxyOptions
  /** Is told of every connection that is closed since there were too many. */
  readonly onDrop?: (dropped: DroppedConnection) => void
}

export interface ParsedServerOptions {
  /** In milliseconds. */
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAliveTimeout: number
  readonly maxHeaderSize: number
  readonly connections: ConnectionLimits
  readonly listener: NodeListenerOptions
}

const longest = 3600

const names: ReadonlySet<string> = new Set([
  'headersTimeout',
  'requestTimeout',
  'keepAliveTimeout',
  'maxHeaderSize',
  'maxConnections',
  'maxConnectionsPerAddress',
  'proxies',
  'onDrop',
  ...listenerOptions,
])

/** Throws `TypeError` for an option there is not, and for one that makes no sense; the listener looks at its own. */
export function parseServerOptions(options: NodeServerOptions): ParsedServerOptions {
  refuseUnknownOptions(options, names)
  const {
    headersTimeout = 10,
    requestTimeout = 30,
    keepAliveTimeout = 5,
    maxHeaderSize = 16 * 1024,
    maxConnections = 5000,
    maxConnectionsPerAddress = 256,
    proxies,
    onDrop = () => undefined,
    ...listener
  } = options
  if (typeof onDrop !== 'function') throw new TypeError('the option onDrop must be a function')
  const parsed = {
    headersTimeout: parseTime('headersTimeout', headersTimeout),
    requestTimeout: parseTime('requestTimeout', requestTimeout),
    keepAliveTimeout: parseTime('keepAliveTimeout', keepAliveTimeout),
    maxHeaderSize: parseCount('maxHeaderSize', maxHeaderSize),
    connections: {
      inAll: parseCount('maxConnections', maxConnections),
      perAddress:
        maxConnectionsPerAddress === 'unlimited'
          ? Number.POSITIVE_INFINITY
          : parseCount('maxConnectionsPerAddress', maxConnectionsPerAddress),
      blockOf: createConnectionBlocks(proxies),
      onDrop,
    },
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
