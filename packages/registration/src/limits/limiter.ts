import { StatementError, TrustUnavailableError } from '@software-statement/core'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'

/** What is asked of a limiter of `rate-limiter-flexible`; each of them answers. */
export type CountingLimiter = Pick<RateLimiterAbstract, 'consume' | 'get' | 'penalty' | 'set' | 'delete'>

/** What a limiter is made for: so many points in so many seconds, under names that begin with `keyPrefix`. */
export interface LimiterRule {
  readonly keyPrefix: string
  readonly points: number
  readonly duration: number
}

const functions = ['consume', 'get', 'penalty', 'set', 'delete'] as const satisfies readonly (keyof CountingLimiter)[]

/** Throws `TypeError` for what cannot count, such as a union of limiters, and for a promise of a limiter. */
export function validateLimiter(limiter: CountingLimiter): CountingLimiter {
  if (functions.every((name) => typeof limiter?.[name] === 'function')) return limiter
  throw new TypeError(`the option createLimiter must give limiters with ${functions.join(', ')}`)
}

/** Tells a refusal, which a limiter rejects with as well, from an outage. */
export function isRefusal(value: unknown): value is { readonly msBeforeNext: number } {
  return typeof value === 'object' && value !== null && !(value instanceof Error) && 'msBeforeNext' in value
}

/**
 * Asks a limiter. What goes wrong there is an outage: who cannot be counted is not let through. Limiters of `rate-limiter-flexible`
 * have an `insuranceLimiter` for that.
 *
 * Throws `TrustUnavailableError`.
 */
export async function askLimiter<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question()
  } catch (cause) {
    if (cause instanceof StatementError || isRefusal(cause)) throw cause
    throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'the limits cannot be counted', { cause })
  }
}
