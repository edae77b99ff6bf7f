import { InvalidMetadataError } from '@software-statement/core'

/**
 * Reads the body of a request that has to be JSON (RFC 7591 3.1): media type and announced length are looked at before anything is read,
 * and the bytes are counted while they come, whatever was announced.
 *
 * Throws `InvalidMetadataError`: `ERR_REQUEST_MEDIA_TYPE`, `ERR_REQUEST_TOO_LARGE`, or `ERR_REQUEST_JSON` for a body that ends before
 * it is complete.
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const { headers, body, signal } = request
  const mediaType = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (mediaType !== 'application/json') throw fault('ERR_REQUEST_MEDIA_TYPE', 'the request is not application/json')
  // Few bytes can become many: nothing is decoded.
  if ((headers.get('content-encoding') ?? 'identity').trim().toLowerCase() !== 'identity') {
    throw fault('ERR_REQUEST_MEDIA_TYPE', 'the request has a content encoding')
  }
  if (Number(headers.get('content-length') ?? 0) > maxBytes) {
    body?.cancel().catch(() => undefined)
    throw tooLarge(maxBytes)
  }
  return body === null ? new Uint8Array() : readWithin(body, maxBytes, signal)
}

/** One buffer that grows: a client that sends byte by byte takes no more room than one that does not. */
async function readWithin(body: ReadableStream<Uint8Array>, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const reader = body.getReader()
  if (signal.aborted) throw brokenOff(signal.reason)
  // Who waits for the next piece is woken up: a body that is cancelled has ended.
  signal.addEventListener('abort', () => reader.cancel().catch(() => undefined), { once: true })
  let bytes = new Uint8Array(Math.min(maxBytes, firstBytes))
  let length = 0
  for (;;) {
    const { done, value } = await readChunk(reader)
    if (signal.aborted) throw brokenOff(signal.reason)
    if (done) return bytes.subarray(0, length)
    if (length + value.length > maxBytes) {
      // Nobody waits for whoever sends to be told: the answer is certain.
      reader.cancel().catch(() => undefined)
      throw tooLarge(maxBytes)
    }
    if (length + value.length > bytes.length) bytes = grow(bytes, Math.min(maxBytes, (length + value.length) * 2))
    bytes.set(value, length)
    length += value.length
  }
}

/** What most requests fit in. */
const firstBytes = 8 * 1024

function grow(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length)
  grown.set(bytes)
  return grown
}

/** A client that goes away, or a signal that ends the request, ends the body with an error. */
async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (cause) {
    throw brokenOff(cause)
  }
}

function brokenOff(cause: unknown) {
  return fault('ERR_REQUEST_JSON', 'the request ends before its body is complete', cause)
}

function tooLarge(maxBytes: number) {
  return fault('ERR_REQUEST_TOO_LARGE', `the request has more than ${maxBytes} bytes`)
}

function fault(code: InvalidMetadataError['code'], message: string, cause?: unknown) {
  return new InvalidMetadataError([{ code, message }], { cause })
}
