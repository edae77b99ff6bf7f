import { GuardedFetchError, type GuardedResponse } from './guarded-fetch.js'
import type { GuardedAnswer } from './guarded-send.js'
import type { TransportAnswer } from './transport.js'

/** What an answer has to keep to. */
export interface AnswerRules {
  readonly accept: readonly string[]
  readonly maxBytes: number
  /** Whether 304 is an answer to what was asked. */
  readonly conditional: boolean
}

/** Reads a whole answer and judges it while it comes. Throws `GuardedFetchError`. */
export async function readAnswer({ status, headers, body }: TransportAnswer, rules: AnswerRules): Promise<GuardedResponse> {
  if (status === 304 && rules.conditional) return { status, headers, body: new Uint8Array() }
  refuseRedirect(status)
  if (status !== 200) throw new GuardedFetchError('status', `the answer has status ${status}`, { status })
  const mediaType = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!rules.accept.some((pattern) => isCovered(mediaType, pattern))) {
    throw new GuardedFetchError('media-type', `the answer is not ${rules.accept.join(' or ')} by its media type`)
  }
  refuseEncoding(headers)
  return { status, headers, body: await readBody(body, rules.maxBytes) }
}

/** Reads a whole answer of whatever status, but for redirects. Throws `GuardedFetchError`. */
export async function readAnyAnswer({ status, headers, body }: TransportAnswer, maxBytes: number): Promise<GuardedAnswer> {
  refuseRedirect(status)
  refuseEncoding(headers)
  return { status, headers, body: await readBody(body, maxBytes) }
}

function refuseRedirect(status: number): void {
  if (status !== 0 && (status < 300 || status >= 400)) return
  throw new GuardedFetchError('redirect', 'the answer is a redirect, which is not followed', status === 0 ? {} : { status })
}

/** Few bytes can become many: what is not asked for is not decoded. */
function refuseEncoding(headers: Headers): void {
  if ((headers.get('content-encoding') ?? 'identity').trim().toLowerCase() === 'identity') return
  throw new GuardedFetchError('encoding', 'the answer has a content encoding, which was not asked for')
}

/** Whether a media type is the pattern, or fits one such as `application/*+json`. */
function isCovered(mediaType: string, pattern: string): boolean {
  const [before = '', after] = pattern.toLowerCase().split('*', 2)
  if (after === undefined) return mediaType === before
  const middle = mediaType.slice(before.length, mediaType.length - after.length)
  return mediaType.startsWith(before) && mediaType.endsWith(after) && /^[\w.-]+$/.test(middle)
}

/** Counts while the bytes come: what an answer says of its length is not believed. */
async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBytes) throw new GuardedFetchError('size', `the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
