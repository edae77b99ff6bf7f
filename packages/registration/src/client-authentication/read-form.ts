import { AccessError, bytesOf } from '@software-statement/core'
import { parseForm } from './form.js'

const formType = 'application/x-www-form-urlencoded'

/**
 * Reads the form in a request's body, never more than `maxBytes` of it. Method, media type and announced length are looked at first.
 *
 * Throws `AccessError` with `ERR_METHOD_NOT_ALLOWED` or `ERR_CLIENT_REQUEST`, and `TypeError` if somebody has read the body before.
 */
export async function readForm(request: Request, maxBytes: number): Promise<URLSearchParams> {
  if (request.bodyUsed)
    throw new TypeError('the body of the request has been read already: hand the request on before you read it')
  if (request.method !== 'POST') throw new AccessError('ERR_METHOD_NOT_ALLOWED', 'clients are authenticated in POST requests')
  if (!isForm(request.headers.get('content-type'))) throw refusal(`the media type is not ${formType}`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  return parseForm(await readBytes(request, maxBytes))
}

/** `charset` is no parameter of this media type, but many send it. */
function isForm(mediaType: string | null): boolean {
  const [essence, ...parameters] = (mediaType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  return essence === formType && parameters.every((parameter) => /^(|charset="?utf-8"?)$/.test(parameter))
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of request.body ?? []) {
      const chunk = bytesOf(piece)
      if (chunk === undefined) throw new TypeError('the body is a stream of something else than bytes')
      length += chunk.length
      // Leaving the loop cancels the stream: what is not wanted is not read.
      if (length > maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw refusal('the body broke off', cause)
  }
  if (length > maxBytes) throw tooLarge(maxBytes)
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function tooLarge(maxBytes: number) {
  return refusal(`the body has more than ${maxBytes} bytes`)
}

function refusal(message: string, cause?: unknown) {
  return new AccessError('ERR_CLIENT_REQUEST', message, cause === undefined ? {} : { cause })
}
