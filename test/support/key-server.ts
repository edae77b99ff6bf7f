import type { StatementHeader } from '@software-statement/core'
import { createGuardedFetch, type Fetch, type KeySource, TrustUnavailableError } from '@software-statement/verifier'
import { keys, publicHalf } from './keys.js'

export const uri = 'https://publisher.example/jwks'
export const good = publicHalf(keys.ed25519)
export const set = JSON.stringify({ keys: [good] })
export const json = { 'content-type': 'application/json' }
export const header = (kid?: string): StatementHeader => ({ alg: 'EdDSA', ...(kid === undefined ? {} : { kid }) })

/** A server that answers as it is told, and counts. */
export function serve(answer: (request: number, init: Parameters<Fetch>[1]) => Response | Promise<Response>) {
  const requests: Parameters<Fetch>[] = []
  const fetch = createGuardedFetch({
    timeout: 0.5,
    fetch: async (...request) => {
      requests.push(request)
      return answer(requests.length, request[1])
    },
  })
  return { fetch, requests }
}

export const respond = (body: string | Uint8Array | ReadableStream | null, init: ResponseInit = {}) =>
  new Response(typeof body === 'string' || body === null || body instanceof ReadableStream ? body : Buffer.from(body), {
    headers: json,
    ...init,
  })

/** The kids that a source knows, or that it is unavailable. */
export async function kidsOf(source: KeySource, kid?: string): Promise<readonly (string | undefined)[] | 'unavailable'> {
  try {
    return (await source(header(kid))).map((key) => key.kid)
  } catch (error) {
    if (error instanceof TrustUnavailableError) return 'unavailable'
    throw error
  }
}
