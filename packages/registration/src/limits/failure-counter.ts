import { askLimiter, type Count, type CountingLimiter, noCount } from './limiter.js'
import { rateLimited } from './rate-limited.js'

/** How failures are answered. Times are in seconds. */
export interface BackOff {
  /** So many may fail before the first pause. */
  readonly failures: number
  /** The first pause; each failure after a pause doubles it. */
  readonly first: number
  readonly longest: number
  /** How long failures are remembered after the last pause. */
  readonly memory: number
}

/**
 * Counts failures under a name, and pauses that name for longer and longer. What a limiter holds is the number of failures and until
 * when it is remembered; a pause is the time beyond `memory`, so that one record says both.
 *
 * Attempts that overlap are no way around it. An attempt may bring the count to the next pause, and no further: who would bring it
 * further has come too late, whatever the attempt came to, and is refused as if it had come later.
 */
export class FailureCounter {
  readonly #limiter: CountingLimiter
  readonly #backOff: BackOff

  constructor(limiter: CountingLimiter, backOff: BackOff) {
    this.#limiter = limiter
    this.#backOff = backOff
  }

  /** The failures so far. Throws `AccessError` with `ERR_RATE_LIMITED` during a pause. */
  async admit(name: string): Promise<number> {
    const count = await this.#read(name)
    const left = this.#pauseLeft(count)
    if (left > 0) throw rateLimited('too many attempts have failed', left)
    return count.consumedPoints
  }

  /** Counts the failure of an attempt that was admitted with `before` failures. Throws `AccessError` with `ERR_RATE_LIMITED`. */
  async fail(name: string, before: number): Promise<void> {
    const count = await askLimiter(() => this.#limiter.penalty(name))
    const most = this.#mostAfter(before)
    if (count.consumedPoints > most) {
      // During a pause the count stays as it was. Before it, whoever reached the pause is about to write the right count down.
      if (this.#pauseLeft(count) > 0) await askLimiter(() => this.#limiter.reward(name))
      throw this.#tooLate(await this.#read(name))
    }
    if (count.consumedPoints < this.#backOff.failures) return
    const seconds = this.#pauseAfter(count.consumedPoints) + this.#backOff.memory
    await askLimiter(() => this.#limiter.set(name, count.consumedPoints, seconds))
  }

  /** Forgets the failures, since an attempt admitted with `before` of them has succeeded. Throws `AccessError` with `ERR_RATE_LIMITED`. */
  async succeed(name: string, before: number): Promise<void> {
    const count = await this.#read(name)
    if (count.consumedPoints > before && count.consumedPoints >= this.#mostAfter(before)) throw this.#tooLate(count)
    if (count.consumedPoints > 0) await askLimiter(() => this.#limiter.delete(name))
  }

  /** Up to where an attempt may bring the count: to the next pause. */
  #mostAfter(before: number): number {
    return Math.max(this.#backOff.failures, before + 1)
  }

  async #read(name: string): Promise<Count> {
    const count = (await askLimiter(() => this.#limiter.get(name))) ?? noCount
    return count.msBeforeNext > 0 ? count : noCount
  }

  /** In milliseconds; 0 where there is none. */
  #pauseLeft({ consumedPoints, msBeforeNext }: Count): number {
    return consumedPoints < this.#backOff.failures ? 0 : Math.max(0, msBeforeNext - this.#backOff.memory * 1000)
  }

  #tooLate(count: Count) {
    return rateLimited('too many attempts have failed meanwhile', this.#pauseLeft(count) || this.#backOff.first * 1000)
  }

  #pauseAfter(failures: number): number {
    return Math.min(this.#backOff.first * 2 ** (failures - this.#backOff.failures), this.#backOff.longest)
  }
}
