import { codec } from '#codec'
import { bytesOf } from './bytes.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Decodes canonical base64url (RFC 7515 2, RFC 4648 3.5): no padding, no white space, unused bits zero, so that every
 * byte sequence has exactly one spelling. Returns `undefined` for anything else.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  return codec.decodeBase64url(text)
}

/**
 * Encodes bytes as base64url without padding (RFC 7515 2).
 *
 * Throws `TypeError` for what holds no bytes.
 *
 * @example
 * ```ts
 * encodeBase64url(Uint8Array.of(251, 255)) // '-_8'
 * ```
 */
export function encodeBase64url(data: Uint8Array | ArrayBuffer): string {
  const bytes = bytesOf(data)
  if (bytes === undefined) throw new TypeError('only bytes can be encoded as base64url')
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63)
    if (left > 1) text += alphabet.charAt((group >> 6) & 63)
    if (left > 2) text += alphabet.charAt(group & 63)
  }
  return text
}

/**
 * Encodes bytes as base64 with padding (RFC 4648 4), as certificates in `x5c` are (RFC 7515 4.1.6).
 *
 * Throws `TypeError` for what holds no bytes.
 *
 * @example
 * ```ts
 * encodeBase64(Uint8Array.of(251)) // '+w=='
 * ```
 */
export function encodeBase64(data: Uint8Array | ArrayBuffer): string {
  const text = encodeBase64url(data).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}
