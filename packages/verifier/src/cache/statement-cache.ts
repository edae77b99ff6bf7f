import type { JwtClaims, Limits, ParsedStatement, SortedClaims } from '@software-statement/core'
import { LRUCache } from 'lru-cache'
import { platformCrypto } from '#crypto'
import type { VerificationKey } from '../keys/verification-key.js'
import { cacheOptions, validateOptions } from '../options.js'
import type { KeyedIssuer } from '../trust/trust-resolver.js'

/** What stays true of a statement that was approved once: its form, who signed it with which key, and what it vouches for. */
export interface KnownStatement {
  readonly statement: ParsedStatement
  /** The entry it was verified under, not only its name: another entry has other keys and rules. */
  readonly issuer: KeyedIssuer
  readonly signer: VerificationKey
  /** Its claims with their types; nothing that no statement may have is among them. */
  readonly jwt: JwtClaims
  readonly vouched: SortedClaims
  /** The limits it was parsed under. */
  readonly limits: Limits
}

/**
 * Remembers statements that were approved, so that their signature need not be verified again. A cache that fails is passed over: what it
 * would have known is found out anew.
 */
export interface StatementCache {
  /** Finds what is known of exactly these bytes, parsed under these limits. */
  find(statement: unknown, limits: Limits): Promise<KnownStatement | undefined>
  remember(known: KnownStatement): Promise<void>
}

/**
 * Remembers approved statements in memory, for one process, the least recently used forgotten first. Many instances of one
 * software present the same statement: it is parsed and its signature verified once. What is known of it counts only under
 * the same issuer entry, while the same key is among the issuer's keys and its algorithm is allowed; time, audience, status,
 * replay and merge are looked at every time. What decisions hold of the statement is frozen then.
 *
 * Throws `TypeError` unless `max`, the number of statements, is a positive whole number.
 *
 * @example
 * ```ts
 * const decide = createDecider(trust, { audience: 'https://as.example', cache: memoryStatementCache({ max: 1000 }) })
 * ```
 */
export function memoryStatementCache(options: { readonly max?: number } = {}): StatementCache {
  validateOptions(options, cacheOptions)
  const { max = 1000 } = options
  // By digest: a key of fixed size, whatever is sent.
  const known = new LRUCache<string, KnownStatement>({ max })
  return {
    async find(statement, limits) {
      if (known.size === 0 || typeof statement !== 'string' || statement.length > limits.statementBytes) return undefined
      const found = known.get(await platformCrypto.digest(statement))
      return found?.statement.compact === statement && areSame(found.limits, limits) ? found : undefined
    },
    async remember(statement) {
      known.set(await platformCrypto.digest(statement.statement.compact), statement)
    },
  }
}

/** Limits of the options are resolved for every call. */
function areSame(one: Limits, other: Limits): boolean {
  if (one === other) return true
  const names = Object.keys(one) as readonly (keyof Limits)[] // all of them are there
  return names.every((name) => one[name] === other[name])
}
