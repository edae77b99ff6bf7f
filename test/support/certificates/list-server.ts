import { CertificatePathError, type CertificateTrustOptions, trustCertificates } from '@software-statement/certificates'
import { errorAnswer, parseStatement, StatementError } from '@software-statement/core'
import { respond, serve } from '../key-server.js'
import { signWithChain } from './chain-statement.js'
import { at, type Issued } from './issue.js'

export type List = Pick<Issued, 'der'>

export const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
export const daysLater = (days: number) => later(days * 86_400)

/** What a distribution point answers: a list, a status without one, or anything. */
export type ListAnswer = List | number | Response | Promise<Response>

export const pkix = { 'content-type': 'application/pkix-crl' }

function toResponse(answer: ListAnswer): Response | Promise<Response> {
  if (typeof answer === 'number') return respond('', { status: answer })
  return 'der' in answer ? respond(answer.der, { headers: pkix }) : answer
}

/** Trust that fetches lists of a server, with a clock of its own. */
export function trustServer(
  answer: (address: string) => ListAnswer,
  options: Omit<CertificateTrustOptions, 'issuerFrom' | 'fetch' | 'now'>,
) {
  const clock = { now: at }
  const { fetch, requests } = serve((count) => toResponse(answer(requests[count - 1]?.[0] ?? '')))
  const trust = trustCertificates({ issuerFrom: 'san-uri', maxAge: 1, ...options, fetch, now: () => clock.now })
  /** What becomes of a statement with such certificates: `trusted`, or status and code of the refusal without `ERR_CERTIFICATE_`. */
  const judge = async (chain: readonly Issued[], acceptedAt?: Date): Promise<string> => {
    const statement = parseStatement(signWithChain(chain))
    try {
      const answered = await trust(statement, { currentDate: clock.now, ...(acceptedAt && { acceptedAt }) })
      return answered === undefined ? 'unknown' : 'trusted'
    } catch (error) {
      if (!(error instanceof StatementError) || !(error.cause instanceof CertificatePathError)) throw error
      return `${errorAnswer(error).status} ${error.cause.code.replace('ERR_CERTIFICATE_', '')}`
    }
  }
  return { judge, clock, addresses: () => requests.map(([asked]) => asked) }
}
