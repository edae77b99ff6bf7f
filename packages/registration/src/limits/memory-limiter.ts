import { LRUCache } from 'lru-cache'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { CountingLimiter, LimiterRule } from './limiter.js'

/**
 * Counts in memory, for one process, and never under more than `capacity` names: the least recently used is forgotten first. Names
 * are an attacker's choice in part, memory is not.
 */
export function memoryLimiter(rule: LimiterRule, capacity: number): CountingLimiter {
  const limiter = new RateLimiterMemory(rule)
  const names = new LRUCache<string, true>({
    max: capacity,
    dispose: (_, name, reason) => {
      if (reason === 'evict') void limiter.delete(name)
    },
  })
  const remember = (name: string | number) => void names.set(String(name), true)
  return {
    consume(name, ...rest) {
      remember(name)
      return limiter.consume(name, ...rest)
    },
    penalty(name, ...rest) {
      remember(name)
      return limiter.penalty(name, ...rest)
    },
    set(name, ...rest) {
      remember(name)
      return limiter.set(name, ...rest)
    },
    get: (name) => limiter.get(name),
    delete(name) {
      names.delete(String(name))
      return limiter.delete(name)
    },
  }
}
