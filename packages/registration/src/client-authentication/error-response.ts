import { StatementError } from '@software-statement/core'
import { answerError } from '../http/answer.js'

/**
 * The answer to a request whose client could not be authenticated (RFC 6749 5.2). A 401 names the scheme `Basic` with the issuer as
 * realm, as every 401 has to name one (RFC 9110 15.5.2); 405 says which method is allowed, 429 and 503 when to come back.
 *
 * Throws whatever it is given that is no `StatementError`.
 *
 * @example
 * ```ts
 * const error = new AccessError('ERR_CLIENT_AUTHENTICATION', 'the secret is wrong')
 * const response = clientErrorResponse(error, 'https://as.example')
 * response.status // 401
 * response.headers.get('www-authenticate') // 'Basic realm="https://as.example", charset="UTF-8"'
 * ```
 */
export function clientErrorResponse(error: unknown, issuer: string): Response {
  if (!(error instanceof StatementError)) throw error
  const response = answerError(error, ['POST'])
  const realm = issuer.replaceAll(/["\\]/g, '\\$&')
  if (response.status === 401) response.headers.set('WWW-Authenticate', `Basic realm="${realm}", charset="UTF-8"`)
  return response
}
