import { Buffer, isUtf8 } from 'node:buffer'
import type { Codec } from './codec.js'

/** Texts and bytes by `node:buffer`. */
export const codec: Codec = {
  decodeBase64url(text) {
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
    const buffer = Buffer.from(bytes.buffer)
    buffer.write(text, 'base64url')
    // Other spellings are read as well: only the canonical one comes out again.
    return buffer.toString('base64url') === text ? bytes : undefined
  },
  encodeAscii(text) {
    const bytes = new Uint8Array(text.length)
    Buffer.from(bytes.buffer).write(text, 'latin1')
    return bytes
  },
  decodeUtf8(bytes) {
    return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : undefined
  },
  isAscii: (text) => Buffer.byteLength(text) === text.length,
  utf8Length: (text) => Buffer.byteLength(text),
}
