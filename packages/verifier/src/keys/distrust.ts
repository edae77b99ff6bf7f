import type { StatementHeader } from '@software-statement/core'
import type { VerificationKey } from './verification-key.js'

/** Whether a statement names a distrusted `kid`: it gets no key at all, and is not worth a question to the issuer's server. */
export function namesDistrusted({ kid }: StatementHeader, distrust: readonly string[] = []): boolean {
  return kid !== undefined && distrust.includes(kid)
}

/** The keys without those that are distrusted by their `kid` or their RFC 7638 thumbprint. */
export async function withoutDistrusted(
  keys: readonly VerificationKey[],
  distrust: readonly string[] = [],
): Promise<readonly VerificationKey[]> {
  if (distrust.length === 0) return keys
  const verdicts = await Promise.all(keys.map((key) => isDistrusted(key, distrust)))
  return keys.filter((_, index) => verdicts[index] === false)
}

async function isDistrusted(key: VerificationKey, distrust: readonly string[]): Promise<boolean> {
  return (key.kid !== undefined && distrust.includes(key.kid)) || key.hasThumbprint(distrust)
}
