import { InvalidStatementError, type StatementHeader } from '@software-statement/core'
import type { KeySource } from './key-source.js'
import type { VerificationKey } from './verification-key.js'

/**
 * Attempts something with the keys of a source; where they are refused, with those that the source has since, if there are any.
 * What the source throws goes through `ask`.
 *
 * Throws the last refusal, and what the source throws.
 */
export async function tryKeys<Result>(
  source: KeySource,
  header: StatementHeader,
  attempt: (keys: readonly VerificationKey[]) => Promise<Result>,
  ask: <Answer>(question: () => Promise<Answer>) => Promise<Answer> = (question) => question(),
): Promise<Result> {
  const attempts = await ask(async () => source.attempts?.(header))
  if (attempts === undefined) return attempt(await ask(async () => readKeys(await source(header))))
  let refusal: unknown
  for (;;) {
    const keys = await ask(async () => {
      const { value, done } = await attempts.next()
      return done === true ? undefined : readKeys(value)
    })
    if (keys === undefined) throw refusal ?? new InvalidStatementError('ERR_KEY_NOT_FOUND', 'the key source gives no keys')
    try {
      return await attempt(keys)
    } catch (error) {
      if (!(error instanceof InvalidStatementError)) throw error
      refusal = error
    }
  }
}

/** Throws `TypeError` unless a source has answered with keys: a JWK Set is none, nor are its members. */
function readKeys(keys: unknown): readonly VerificationKey[] {
  if (Array.isArray(keys) && keys.every(isKey)) return keys
  throw new TypeError('a key source answers with an array of keys, such as localKeys(jwks) makes them')
}

/** Keys of another copy of this library are keys as well. */
function isKey(value: unknown): value is VerificationKey {
  const key = value as Partial<VerificationKey> | null | undefined // only looked at
  return typeof key?.verify === 'function' && Array.isArray(key.algorithms)
}
