import type { Transport } from './transport.js'

/** The part of the Web-standard `fetch` that is used here. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<Response>

/**
 * Sends requests through a `fetch`. Which address that connects to is not ours to see: names are judged, addresses are not.
 * Not every platform knows `credentials` and `cache`; those that do have neither cookies nor a cache outside a browser.
 */
export function fetchTransport(fetch: Fetch): Transport {
  return async ({ url, method, headers, body: sent, signal }) => {
    const response = await fetch(url.href, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent }),
      redirect: 'manual',
      signal,
    })
    const { headers: answered, redirected, body } = response
    return { status: redirected ? 0 : response.status, headers: answered, body: body === null ? nothing() : chunksOf(body) }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Streams cannot be iterated over everywhere. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Whoever sends what nobody wants any more is told, and not waited for.
    void reader.cancel().catch(() => undefined)
  }
}
