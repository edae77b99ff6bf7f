import type { Circumstances } from '../circumstances.js'
import { digestText } from '../credentials/credential.js'
import { readBearerToken, requireBearerToken, tokenRefused } from '../http/bearer-token.js'
import { askStore } from '../stores/ask-store.js'

/**
 * Checks the initial access token of a registration request (RFC 7591 3) before its body is read, and gives the digest under which the
 * store knows it; nothing where the mode asks for none. Its use is consumed when the client is admitted, not before.
 *
 * Throws `AccessError` with `ERR_TOKEN_MISSING` or `ERR_TOKEN_INVALID`.
 */
export async function checkInitialAccessToken({ settings, request, address, at }: Circumstances): Promise<string | undefined> {
  const { mode, store, rateLimits } = settings
  if (mode === 'open' || mode === 'statement') return undefined
  const token = mode === 'token' ? requireBearerToken(request) : readBearerToken(request)
  if (token === undefined) return undefined
  const digest = await digestText(token)
  await rateLimits.attempt({ kind: 'initial-token', address }, async () => {
    // Looked up by a digest that nobody can steer: how long that takes tells nothing of the tokens there are.
    const known = await askStore(() => store.findInitialAccessToken(digest))
    const counts = known !== undefined && known.uses !== 0 && (known.expiresAt === undefined || known.expiresAt > at)
    if (!counts) throw tokenRefused('the initial access token is unknown, has expired or is used up')
  })
  return digest
}
