import { InvalidMetadataError } from '@software-statement/core'
import { BodyFault, readBytes } from './read-bytes.js'

const codes = {
  encoded: 'ERR_REQUEST_MEDIA_TYPE',
  'too-large': 'ERR_REQUEST_TOO_LARGE',
  'broken-off': 'ERR_REQUEST_JSON',
} as const

/**
 * Reads the body of a request that has to be JSON (RFC 7591 3.1), which its media type has to say before anything is read.
 *
 * Throws `InvalidMetadataError`: `ERR_REQUEST_MEDIA_TYPE`, `ERR_REQUEST_TOO_LARGE`, or `ERR_REQUEST_JSON` for a body that ends before
 * it is complete.
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const mediaType = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (mediaType !== 'application/json') throw fault('ERR_REQUEST_MEDIA_TYPE', 'the request is not application/json')
  try {
    return await readBytes(request, maxBytes)
  } catch (cause) {
    throw cause instanceof BodyFault ? fault(codes[cause.kind], cause.message, cause) : cause
  }
}

function fault(code: InvalidMetadataError['code'], message: string, cause?: unknown) {
  return new InvalidMetadataError([{ code, message }], { cause })
}
