import { GuardedFetchError } from './guarded-fetch.js'

/**
 * Runs a piece of work that has to be done within a time. The work gets a signal that fires when it is over, well or not; who
 * waits does not wait longer than the time, whether or not the work heeds it.
 *
 * Throws `GuardedFetchError` with the reason `timeout`, or the reason of the outer signal.
 */
export async function limitTime<Value>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  outer?.throwIfAborted()
  const controller = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  const stop = () => controller.abort(outer?.reason)
  const tooLate = () => controller.abort(new GuardedFetchError('timeout', `no whole answer within ${milliseconds} ms`))
  const timer = setTimeout(tooLate, milliseconds)
  outer?.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', stop)
    controller.abort()
  }
}
