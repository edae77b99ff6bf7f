import { askLimiter, type CountingLimiter } from './limiter.js'
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

/** How it stands with a name. */
interface Standing {
  /** How many pauses there have been. */
  readonly round: number
  /** Failures since the last one. */
  readonly failed: number
  /** What is left of a pause, in milliseconds. */
  readonly left: number
}

/**
 * Counts failures under a name, and pauses that name for longer and longer. Between two pauses is a round: the first one bears as many
 * failures as are allowed, each later one a single one. A record tells how many pauses there have been and until when that is
 * remembered, a pause being the time beyond `memory`; each round has a count of its own beside it.
 *
 * Attempts that overlap are no way around it, nor are several processes: only the count of a round decides, which a limiter changes in
 * one step, and the next round begins when its pause has been written down. Who comes beyond what a round bears has come too late,
 * whatever the attempt came to, and is refused as if it had come later.
 */
export class FailureCounter {
  readonly #limiter: CountingLimiter
  readonly #backOff: BackOff

  constructor(limiter: CountingLimiter, backOff: BackOff) {
    this.#limiter = limiter
    this.#backOff = backOff
  }

  /** Tells the round in which an attempt may be made. Throws `AccessError` with `ERR_RATE_LIMITED` during a pause. */
  async admit(name: string): Promise<number> {
    const { round, failed, left } = await this.#read(name)
    if (left > 0) throw tooMany(left)
    if (failed < this.#allowedIn(round)) return round
    // Whoever has used the round up is about to write its pause down, or has not come to it.
    throw tooMany(await this.#pauseAfter(name, round))
  }

  /** Counts the failure of an attempt in a round. Throws `AccessError` with `ERR_RATE_LIMITED` if the round is over. */
  async fail(name: string, round: number): Promise<void> {
    const { consumedPoints } = await askLimiter(() => this.#limiter.penalty(nameOfRound(name, round)))
    const allowed = this.#allowedIn(round)
    if (consumedPoints > allowed) throw await this.#tooLate(name)
    if (consumedPoints === allowed) await this.#pauseAfter(name, round)
  }

  /** Forgets the failures, since an attempt in a round has succeeded. Throws `AccessError` with `ERR_RATE_LIMITED` if it is over. */
  async succeed(name: string, round: number): Promise<void> {
    const now = await this.#read(name)
    if (now.left > 0 || now.round > round || now.failed >= this.#allowedIn(now.round)) throw await this.#tooLate(name)
    if (now.round === 0 && now.failed === 0) return
    const rounds = Array.from({ length: now.round + 1 }, (_, number) => nameOfRound(name, number))
    await Promise.all([name, ...rounds].map((each) => askLimiter(() => this.#limiter.delete(each))))
  }

  #allowedIn(round: number): number {
    return round === 0 ? this.#backOff.failures : 1
  }

  async #read(name: string): Promise<Standing> {
    const [pauses, first] = await Promise.all([this.#get(name), this.#get(nameOfRound(name, 0))])
    const round = pauses?.consumedPoints ?? 0
    const count = round === 0 ? first : await this.#get(nameOfRound(name, round))
    const left = (pauses?.msBeforeNext ?? 0) - this.#backOff.memory * 1000
    return { round, failed: count?.consumedPoints ?? 0, left: Math.max(0, left) }
  }

  async #get(name: string) {
    const count = await askLimiter(() => this.#limiter.get(name))
    return count !== null && count.msBeforeNext > 0 ? count : undefined
  }

  /** Writes down the pause that a round ends in; it does no harm twice. Answers how long it is, in milliseconds. */
  async #pauseAfter(name: string, round: number): Promise<number> {
    const { first, longest, memory } = this.#backOff
    const seconds = Math.min(first * 2 ** round, longest)
    await askLimiter(() => this.#limiter.set(name, round + 1, seconds + memory))
    return seconds * 1000
  }

  async #tooLate(name: string) {
    const { left } = await this.#read(name)
    return tooMany(left > 0 ? left : this.#backOff.first * 1000)
  }
}

function nameOfRound(name: string, round: number): string {
  return `${name}.${round}`
}

function tooMany(milliseconds: number) {
  return rateLimited('too many attempts have failed', milliseconds)
}
