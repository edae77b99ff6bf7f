import { bytesOf } from './bytes.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Value of each character code; 255 for those outside the alphabet. */
const values = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = alphabet.indexOf(String.fromCharCode(code))
  return value === -1 ? 255 : value
})

const valueAt = (text: string, at: number): number => values[text.charCodeAt(at)] ?? 255

/**
 * Decodes canonical base64url (RFC 7515 2, RFC 4648 3.5): no padding, no white space, unused bits zero, so that every
 * byte sequence has exactly one spelling. Returns `undefined` for anything else.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const rest = text.length % 4
  if (rest === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let written = 0
  let seen = 0
  const whole = text.length - rest
  for (let at = 0; at < whole; at += 4) {
    const a = valueAt(text, at)
    const b = valueAt(text, at + 1)
    const c = valueAt(text, at + 2)
    const d = valueAt(text, at + 3)
    seen |= a | b | c | d
    bytes[written++] = (a << 2) | (b >> 4)
    bytes[written++] = (b << 4) | (c >> 2)
    bytes[written++] = (c << 6) | d
  }
  if (rest > 0) {
    const a = valueAt(text, whole)
    const b = valueAt(text, whole + 1)
    const c = rest === 3 ? valueAt(text, whole + 2) : 0
    seen |= a | b | c
    bytes[written++] = (a << 2) | (b >> 4)
    if (rest === 3) bytes[written++] = (b << 4) | (c >> 2)
    if ((rest === 2 ? b << 4 : c << 6) & 0xff) return undefined
  }
  return seen > 63 ? undefined : bytes
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
