import type { Codec } from './codec.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Value of each character code; 255 for those outside the alphabet. */
const values = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = alphabet.indexOf(String.fromCharCode(code))
  return value === -1 ? 255 : value
})

const valueAt = (text: string, at: number): number => values[text.charCodeAt(at)] ?? 255

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Texts and bytes by Web-standard means. */
export const codec: Codec = {
  decodeBase64url,
  decodeSegments: (segments, signed) => ({ segments: segments.map(decodeBase64url), signed: encoder.encode(signed) }),
  decodeUtf8(bytes) {
    try {
      return decoder.decode(bytes)
    } catch {
      return undefined
    }
  },
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with control characters
  isAscii: (text) => /^[\u0000-\u007f]*$/.test(text),
  utf8Length,
}

function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
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

function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    // A surrogate pair is four bytes for its two units, any other unit from U+0800 three bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
