import type { ClientStore } from '@software-statement/registration'
import type { ServiceMetrics } from './metrics.js'

/** Answers a request for a page of the service itself. */
export type Page = (request: Request) => Promise<Response>

/** How long an answer of the store counts, in milliseconds: anybody may ask, and each time something is written. */
const freshness = 1000

/** Whether the store can be read and written. */
export function healthPage(store: ClientStore, now: () => Date): Page {
  let last: { readonly at: number; readonly isSound: Promise<boolean> } | undefined
  return forReading(async () => {
    const at = now().getTime()
    if (last === undefined || at - last.at >= freshness || at < last.at) {
      const isSound = store.check().then(
        () => true,
        () => false,
      )
      last = { at, isSound }
    }
    const isSound = await last.isSound
    return Response.json({ status: isSound ? 'ok' : 'unavailable' }, { status: isSound ? 200 : 503 })
  })
}

/** The metrics, in the text format of Prometheus. */
export function metricsPage(metrics: ServiceMetrics): Page {
  return forReading(async () => new Response(await metrics.text(), { headers: { 'Content-Type': metrics.contentType } }))
}

/** There is nothing at a path. */
export const noPage: Page = async () => refuse(404, 'There is nothing at this path')

function forReading(answer: () => Promise<Response>): Page {
  return async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return refuse(405, 'The request method is not supported here', { Allow: 'GET, HEAD' })
    const response = await answer()
    response.headers.set('Cache-Control', 'no-store')
    return response
  }
}

function refuse(status: number, error_description: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(
    { error: 'invalid_request', error_description },
    { status, headers: { 'Cache-Control': 'no-store', ...headers } },
  )
}
