import type { DroppedConnection } from '@software-statement/registration/node'
import type { ServiceLog } from './log.js'
import type { ServiceMetrics } from './metrics.js'

/** How often closed connections are logged, in milliseconds: whoever opens them chooses how many there are. */
const interval = 10_000

/** Counts the connections that are closed since there were too many, and logs how many there have been, now and then. */
export function reportDropped(log: ServiceLog, metrics: ServiceMetrics, now: () => Date): (dropped: DroppedConnection) => void {
  let closed = 0
  let last = Number.NEGATIVE_INFINITY
  return (dropped) => {
    metrics.drop(dropped.because)
    closed++
    const at = now().getTime()
    if (Math.abs(at - last) < interval) return
    log.event('warn', 'connections have been closed, since there were too many', { ...dropped, closed })
    closed = 0
    last = at
  }
}
