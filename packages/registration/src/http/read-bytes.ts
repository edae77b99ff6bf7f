import { bytesOf } from '@software-statement/core'

/** Why a body could not be read whole. Thrown to the callers in this package only, who turn it into a `StatementError`. */
export class BodyFault extends Error {
  override readonly name = 'BodyFault'

  constructor(
    readonly kind: 'too-large' | 'encoded' | 'broken-off',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}

/**
 * Reads the body of a request: encoding and announced length are looked at before anything is read, and the bytes are counted while
 * they come, whatever was announced.
 *
 * Throws `BodyFault`.
 */
export async function readBytes({ headers, body, signal }: Request, maxBytes: number): Promise<Uint8Array> {
  // Few bytes can become many: nothing is decoded.
  if ((headers.get('content-encoding') ?? 'identity').trim().toLowerCase() !== 'identity') {
    throw new BodyFault('encoded', 'the request has a content encoding')
  }
  if (Number(headers.get('content-length') ?? 0) > maxBytes) {
    body?.cancel().catch(() => undefined)
    throw tooLarge(maxBytes)
  }
  return body === null ? new Uint8Array() : readWithin(body, maxBytes, signal)
}

/** One buffer that grows: a client that sends byte by byte takes no more room than one that does not. */
async function readWithin(body: ReadableStream<unknown>, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
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
    const chunk = bytesOf(value)
    if (chunk === undefined) throw brokenOff(new TypeError('the body is a stream of something else than bytes'))
    if (length + chunk.length > maxBytes) {
      // Nobody waits for whoever sends to be told: the answer is certain.
      reader.cancel().catch(() => undefined)
      throw tooLarge(maxBytes)
    }
    if (length + chunk.length > bytes.length) bytes = grow(bytes, Math.min(maxBytes, (length + chunk.length) * 2))
    bytes.set(chunk, length)
    length += chunk.length
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
async function readChunk(reader: ReadableStreamDefaultReader<unknown>) {
  try {
    return await reader.read()
  } catch (cause) {
    throw brokenOff(cause)
  }
}

function brokenOff(cause: unknown) {
  return new BodyFault('broken-off', 'the request ends before its body is complete', cause)
}

function tooLarge(maxBytes: number) {
  return new BodyFault('too-large', `the request has more than ${maxBytes} bytes`)
}
