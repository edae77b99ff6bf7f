import { InvalidStatementError, type ParsedJws } from '@software-statement/core'
import type { VerificationKey } from './verification-key.js'

/** Keys tried for a statement whose `kid` names none: each costs a verification, and the statement may be anybody's. */
const mostTrials = 4

/**
 * Finds the key among the first few of the given ones that made the signature.
 *
 * Throws `InvalidStatementError` with `ERR_SIGNATURE_INVALID`, or `ERR_KEY_UNSUITABLE` if no key could be tried at all.
 */
export async function verifySignature(jws: ParsedJws, keys: readonly VerificationKey[]): Promise<VerificationKey> {
  let unsuitable: unknown
  let tried = false
  // A weak key costs no verification, and takes the turn of none that is sound.
  const sound = keys.filter(({ weakness }) => weakness === undefined)
  for (const key of (sound.length > 0 ? sound : keys).slice(0, mostTrials)) {
    try {
      if (await key.verify(jws)) return key
      tried = true
    } catch (error) {
      if (!(error instanceof InvalidStatementError)) throw error
      unsuitable = error
    }
  }
  if (!tried && unsuitable !== undefined) throw unsuitable
  throw new InvalidStatementError('ERR_SIGNATURE_INVALID', describeFailure(sound.length))
}

function describeFailure(keys: number): string {
  if (keys <= mostTrials) return 'the signature does not verify with the key of the issuer'
  return `the signature verifies with none of the first ${mostTrials} of ${keys} keys that may have made it: without a kid no more are tried`
}
