import { createCredential } from '../credentials/credential.js'
import type { Settings } from '../settings.js'
import type { StoredCredential } from '../stores/client-store.js'

/** Old tokens that still count, beside the newest: whoever updates again and again does not make the list grow. */
const keptTokens = 4

/** The registration access tokens of a client after an update, and the one it is told of. */
export interface RotatedTokens {
  readonly tokens: readonly StoredCredential[]
  readonly told: string
}

/**
 * Replaces the registration access token where the server does so with updates (RFC 7592 5). Older ones count until the overlap is over,
 * so that a client that has lost the answer is not locked out.
 */
export async function rotateToken(
  tokens: readonly StoredCredential[],
  presented: string,
  at: number,
  { tokenOverlap, random }: Settings,
): Promise<RotatedTokens> {
  if (tokenOverlap === undefined) return { tokens, told: presented }
  const { text, stored } = await createCredential(at, undefined, random)
  const end = at + tokenOverlap
  const older = tokens
    .map((token): StoredCredential => ({ ...token, expiresAt: Math.min(token.expiresAt ?? end, end) }))
    .filter(({ expiresAt = end }) => expiresAt > at)
  return { tokens: [stored, ...older.slice(0, keptTokens)], told: text }
}
