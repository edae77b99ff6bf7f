import { InvalidStatementError, type ParsedJws } from '@software-statement/core'
import type { VerificationKey } from './verification-key.js'

/**
 * Finds the key among the given ones that made the signature.
 *
 * Throws `InvalidStatementError` with `ERR_SIGNATURE_INVALID`, or `ERR_KEY_UNSUITABLE` if no key could be tried at all.
 */
export async function verifySignature(jws: ParsedJws, keys: readonly VerificationKey[]): Promise<VerificationKey> {
  let unsuitable: unknown
  let tried = false
  for (const key of keys) {
    try {
      if (await key.verify(jws)) return key
      tried = true
    } catch (error) {
      if (!(error instanceof InvalidStatementError)) throw error
      unsuitable = error
    }
  }
  if (!tried && unsuitable !== undefined) throw unsuitable
  throw new InvalidStatementError('ERR_SIGNATURE_INVALID', 'the signature does not verify with the key of the issuer')
}
