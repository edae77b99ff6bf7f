import type { GuardedSend } from '@software-statement/verifier'
import { exitCodes } from '../exit-codes.js'
import { ask, readMembers, ServerRefusal } from './server-answer.js'

/**
 * Finds where to register at a server, by its metadata: RFC 8414 3 puts the well-known path before the path of the issuer, OpenID Connect
 * Discovery 1.0, 4, behind it. The issuer in it has to be the one asked for (RFC 8414 3.3).
 *
 * Throws `ServerRefusal`.
 */
export async function discoverRegistration(issuer: string, send: GuardedSend): Promise<string> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const get = (url: string) => ask(send, url, { method: 'GET' })
  const first = await get(`${origin}/.well-known/oauth-authorization-server${path}`)
  const isThere = first.status < 400 || first.status >= 500 || first.status === 429
  const answer = isThere ? first : await get(`${origin}${path}/.well-known/openid-configuration`)
  const { issuer: own, registration_endpoint } = readMembers(answer, [200])
  if (own !== issuer) {
    const name = typeof own === 'string' ? `"${own}"` : 'nothing'
    throw new ServerRefusal(
      `the server calls itself ${name}, which is not exactly the issuer that was asked for`,
      exitCodes.refused,
    )
  }
  if (typeof registration_endpoint === 'string') return registration_endpoint
  throw new ServerRefusal('the server has no registration endpoint', exitCodes.refused)
}
