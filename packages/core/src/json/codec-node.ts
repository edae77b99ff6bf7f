import { Buffer, isUtf8 } from 'node:buffer'
import type { Codec } from './codec.js'

/** Where a text ends within a group of four characters: those that it may end with, because they leave the unused bits zero. */
const lastCharacters: readonly string[] = ['', '', 'AQgw', 'AEIMQUYcgkosw048']

const decodedLength = (text: string) => Math.floor((text.length * 3) / 4)

/** Texts and bytes by `node:buffer`. */
export const codec: Codec = {
  decodeBase64url(text) {
    return decodeInto(Buffer.from(new ArrayBuffer(decodedLength(text))), 0, text)
  },
  // One piece of memory for all of them: to get one costs more than to fill it.
  decodeSegments(segments, signed) {
    let at = signed.length
    for (const segment of segments) at += decodedLength(segment)
    const memory = Buffer.from(new ArrayBuffer(at))
    at = memory.write(signed, 'latin1')
    const decoded: (Uint8Array<ArrayBuffer> | undefined)[] = []
    for (const segment of segments) {
      decoded.push(decodeInto(memory, at, segment))
      at += decodedLength(segment)
    }
    return { segments: decoded, signed: new Uint8Array(memory.buffer, 0, signed.length) }
  },
  decodeUtf8(bytes) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    // What is not UTF-8 becomes a replacement character, which may also have been meant.
    return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text
  },
  isAscii: (text) => Buffer.byteLength(text) === text.length,
  utf8Length: (text) => Buffer.byteLength(text),
}

function decodeInto(memory: Buffer<ArrayBuffer>, at: number, text: string): Uint8Array<ArrayBuffer> | undefined {
  const length = decodedLength(text)
  // What is not of the alphabet is skipped, so that fewer bytes are written. That of base64 is read as well.
  const written = memory.write(text, at, length, 'base64url')
  if (written !== length || text.includes('+') || text.includes('/') || !codec.isAscii(text)) return undefined
  const unused = text.length % 4
  const canonical = unused === 0 || lastCharacters[unused]?.includes(text.charAt(text.length - 1))
  return canonical ? new Uint8Array(memory.buffer, at, length) : undefined
}
