import { Buffer, isUtf8 } from 'node:buffer'
import type { Codec } from './codec.js'

/** Where a text ends within a group of four characters: those that it may end with, because they leave the unused bits zero. */
const lastCharacters: readonly string[] = ['', '', 'AQgw', 'AEIMQUYcgkosw048']

const decodedLength = (text: string) => Math.floor((text.length * 3) / 4)

/** Texts and bytes by `node:buffer`. */
export const codec: Codec = {
  decodeBase64url(...texts) {
    let size = 0
    for (const text of texts) size += decodedLength(text)
    const memory = Buffer.from(new ArrayBuffer(size))
    let at = 0
    return texts.map((text) => {
      const start = at
      const length = decodedLength(text)
      at += length
      // What is not of the alphabet is skipped, so that fewer bytes are written. That of base64 is read as well.
      const written = memory.write(text, start, length, 'base64url')
      if (written !== length || text.includes('+') || text.includes('/') || !codec.isAscii(text)) return undefined
      const unused = text.length % 4
      const canonical = unused === 0 || lastCharacters[unused]?.includes(text.charAt(text.length - 1))
      return canonical ? new Uint8Array(memory.buffer, start, length) : undefined
    })
  },
  encodeAscii(text) {
    const bytes = new Uint8Array(text.length)
    Buffer.from(bytes.buffer).write(text, 'latin1')
    return bytes
  },
  decodeUtf8(bytes) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    // What is not UTF-8 becomes a replacement character, which may also have been meant.
    return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text
  },
  isAscii: (text) => Buffer.byteLength(text) === text.length,
  utf8Length: (text) => Buffer.byteLength(text),
}
