import { AccessError } from '@software-statement/core'
import { BodyFault, readBytes } from '../http/read-bytes.js'
import { parseForm } from './form.js'

const formType = 'application/x-www-form-urlencoded'

/**
 * Reads the form in a request's body, never more than `maxBytes` of it. Method and media type are looked at first.
 *
 * Throws `AccessError` with `ERR_METHOD_NOT_ALLOWED` or `ERR_CLIENT_REQUEST`, and `TypeError` if somebody has read the body before.
 */
export async function readForm(request: Request, maxBytes: number): Promise<URLSearchParams> {
  if (request.bodyUsed)
    throw new TypeError('the body of the request has been read already: hand the request on before you read it')
  if (request.method !== 'POST') throw new AccessError('ERR_METHOD_NOT_ALLOWED', 'clients are authenticated in POST requests')
  if (!isForm(request.headers.get('content-type'))) throw refusal(`the media type is not ${formType}`)
  try {
    return parseForm(await readBytes(request, maxBytes))
  } catch (cause) {
    throw cause instanceof BodyFault ? refusal(cause.message, cause) : cause
  }
}

/** `charset` is no parameter of this media type, but many send it. */
function isForm(mediaType: string | null): boolean {
  const [essence, ...parameters] = (mediaType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  return essence === formType && parameters.every((parameter) => /^(|charset="?utf-8"?)$/.test(parameter))
}

function refusal(message: string, cause?: unknown) {
  return new AccessError('ERR_CLIENT_REQUEST', message, cause === undefined ? {} : { cause })
}
