import { decodeUtf8, JsonFault } from '@software-statement/core'
import { decodeFormComponent } from './form.js'

/** A client identifier and a secret, as they were presented. */
export interface BasicCredentials {
  readonly clientId: string
  readonly secret: string
}

/**
 * Reads the value of an `Authorization` header of the scheme `Basic` (RFC 7617 2), whose halves are form-encoded (RFC 6749 2.3.1,
 * Appendix B). Nothing for any other scheme, and for what is malformed: base64 without its padding among others.
 */
export function parseBasicCredentials(header: string): BasicCredentials | undefined {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? []
  const text = encoded === '' || encoded.length % 4 !== 0 ? undefined : decodeBase64(encoded)
  if (text === undefined || !text.includes(':')) return undefined
  const colon = text.indexOf(':')
  const clientId = decodeFormComponent(text.slice(0, colon))
  const secret = decodeFormComponent(text.slice(colon + 1))
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret }
}

/** Of a text that has been found to be base64. */
function decodeBase64(encoded: string): string | undefined {
  try {
    return decodeUtf8(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)))
  } catch (error) {
    if (error instanceof JsonFault) return undefined
    throw error
  }
}
