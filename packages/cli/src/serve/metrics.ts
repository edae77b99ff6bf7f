import type { DecisionRecord } from '@software-statement/registration'
import type { DroppedConnection } from '@software-statement/registration/node'
import type { StatementCache } from '@software-statement/verifier'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is counted of a service, in the words of Prometheus. */
export interface ServiceMetrics {
  readonly decision: (record: DecisionRecord) => void
  readonly drop: (because: DroppedConnection['because']) => void
  readonly reload: (outcome: 'reloaded' | 'failed') => void
  /** A cache whose hits and misses are counted. */
  readonly watchCache: (cache: StatementCache) => StatementCache
  readonly contentType: string
  readonly text: () => Promise<string>
}

/** Seconds: a decision without a signature takes less than the first, one that waits for another server the last. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const prefix = 'software_statement_'

/** Labels have few values, none of them chosen by clients. */
export function createMetrics(version: string): ServiceMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: `${prefix}info`, help: 'The version that runs', labelNames: ['version'], registers }).set({ version }, 1)
  const decisions = new Counter({
    name: `${prefix}decisions_total`,
    help: 'Requests that were decided on, by operation, outcome and error code',
    labelNames: ['operation', 'outcome', 'code'],
    registers,
  })
  const durations = new Histogram({
    name: `${prefix}decision_duration_seconds`,
    help: 'Time from a request to its answer',
    labelNames: ['operation'],
    buckets,
    registers,
  })
  const limited = new Counter({
    name: `${prefix}rate_limited_total`,
    help: 'Requests that were refused because there were too many',
    labelNames: ['operation'],
    registers,
  })
  const lookups = new Counter({
    name: `${prefix}statement_cache_lookups_total`,
    help: 'Statements that were looked up in the cache',
    labelNames: ['result'],
    registers,
  })
  const reloads = new Counter({
    name: `${prefix}trust_reloads_total`,
    help: 'Readings of the trust file after the first',
    labelNames: ['outcome'],
    registers,
  })
  const dropped = new Counter({
    name: `${prefix}connections_dropped_total`,
    help: 'Connections that were closed since there were too many, from their address or in all',
    labelNames: ['because'],
    registers,
  })
  for (const because of ['address', 'server']) dropped.inc({ because }, 0)
  for (const result of ['hit', 'miss']) lookups.inc({ result }, 0)

  return {
    decision({ operation = 'none', outcome, code = '', latency }) {
      decisions.inc({ operation, outcome, code })
      durations.observe({ operation }, latency / 1000)
      if (code === 'ERR_RATE_LIMITED') limited.inc({ operation })
    },
    drop: (because) => dropped.inc({ because }),
    reload: (outcome) => reloads.inc({ outcome }),
    watchCache: (cache) => ({
      async find(statement, limits) {
        const found = await cache.find(statement, limits)
        lookups.inc({ result: found === undefined ? 'miss' : 'hit' })
        return found
      },
      remember: (known) => cache.remember(known),
    }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}
