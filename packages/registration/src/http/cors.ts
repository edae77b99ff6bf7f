/** Which web pages may ask: none, all, or those of some origins. */
export type CorsOrigins = boolean | readonly string[]

/** What a page may send and read beyond what every page may (Fetch Standard, CORS protocol). No header but these two means anything here. */
const preflightHeaders = {
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, *',
  'Access-Control-Max-Age': '600',
} as const
const exposed = 'Retry-After, WWW-Authenticate'

/** The answer to a preflight request, if a page asks that may, and what it asks for is there. */
export function answerPreflight(request: Request, methods: readonly string[], origins: CorsOrigins): Response | undefined {
  const asksFirst = request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
  if (!asksFirst || originFor(request, origins) === undefined) return undefined
  const headers = { ...preflightHeaders, 'Access-Control-Allow-Methods': methods.join(', '), 'Cache-Control': 'no-store' }
  return new Response(null, { status: 204, headers })
}

/** Lets a page that may ask read the answer. Cookies play no part: who asks is known by a token alone. */
export function allowOrigin(response: Response, request: Request, origins: CorsOrigins): Response {
  if (Array.isArray(origins)) response.headers.append('Vary', 'Origin')
  const origin = originFor(request, origins)
  if (origin === undefined) return response
  response.headers.set('Access-Control-Allow-Origin', origin)
  response.headers.set('Access-Control-Expose-Headers', exposed)
  return response
}

/** Origins are compared exactly. Where all may ask, every answer says so: a cache may give it to anybody. */
function originFor(request: Request, origins: CorsOrigins): string | undefined {
  if (typeof origins === 'boolean') return origins ? '*' : undefined
  const origin = request.headers.get('origin')
  return origin !== null && origins.includes(origin) ? origin : undefined
}
