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
  if (source.attempts === undefined) return attempt(await ask(() => source(header)))
  const attempts = source.attempts(header)
  let refusal: unknown
  for (;;) {
    const { value: keys, done } = await ask(() => attempts.next())
    if (done === true) throw refusal ?? new InvalidStatementError('ERR_KEY_NOT_FOUND', 'the key source gives no keys')
    try {
      return await attempt(keys)
    } catch (error) {
      if (!(error instanceof InvalidStatementError)) throw error
      refusal = error
    }
  }
}
