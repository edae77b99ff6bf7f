import type { StatementHeader } from '@software-statement/core'
import type { KeySource } from './key-source.js'
import type { VerificationKey } from './verification-key.js'

/**
 * The keys of an issuer for a statement, without those that are distrusted by their `kid` or their RFC 7638 thumbprint. A
 * statement that names a distrusted `kid` gets no key at all: it is not worth a question to the issuer's server.
 *
 * Throws what the source throws.
 */
export async function findTrustedKeys(
  { keys, distrust }: { readonly keys: KeySource; readonly distrust?: readonly string[] },
  header: StatementHeader,
): Promise<readonly VerificationKey[]> {
  if (distrust === undefined || distrust.length === 0) return keys(header)
  if (header.kid !== undefined && distrust.includes(header.kid)) return []
  const found = await keys(header)
  const verdicts = await Promise.all(found.map((key) => isDistrusted(key, distrust)))
  return found.filter((_, index) => verdicts[index] === false)
}

async function isDistrusted(key: VerificationKey, distrust: readonly string[]): Promise<boolean> {
  if (key.kid !== undefined && distrust.includes(key.kid)) return true
  try {
    return distrust.includes(await key.thumbprint())
  } catch {
    // A key without the members that make a thumbprint verifies nothing.
    return false
  }
}
