import { askLimiter, type CountingLimiter, isRefusal } from './limiter.js'
import { rateLimited } from './rate-limited.js'

/** Counts what happens under a name in windows of fixed length, each of which begins with the first event. */
export class WindowCounter {
  readonly #limiter: CountingLimiter
  readonly #points: number
  readonly #message: string

  constructor(limiter: CountingLimiter, points: number, message: string) {
    this.#limiter = limiter
    this.#points = points
    this.#message = message
  }

  /** Throws `AccessError` with `ERR_RATE_LIMITED` if there is nothing left in this window. */
  async check(name: string): Promise<void> {
    const count = await askLimiter(() => this.#limiter.get(name))
    if (count !== null && count.msBeforeNext > 0 && count.consumedPoints >= this.#points)
      throw rateLimited(this.#message, count.msBeforeNext)
  }

  /** Counts one event. Throws `AccessError` with `ERR_RATE_LIMITED` if it is one too many. */
  async count(name: string): Promise<void> {
    try {
      await askLimiter(() => this.#limiter.consume(name))
    } catch (refusal) {
      throw isRefusal(refusal) ? rateLimited(this.#message, refusal.msBeforeNext) : refusal
    }
  }
}
