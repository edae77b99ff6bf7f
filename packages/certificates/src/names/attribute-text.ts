import { DerFault } from '../der/der-fault.js'
import { type DerElement, tags } from '../der/der-reader.js'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true })

/**
 * The text of an attribute value, or `undefined` for what is no text or breaks the rules of its type. TeletexString is read as Latin-1,
 * which is what issuers write into it.
 */
export function textOf({ tag, content }: DerElement): string | undefined {
  switch (tag) {
    case tags.utf8String:
      return decode(utf8, content)
    case tags.printableString:
    case tags.ia5String:
    case tags.numericString:
    case tags.visibleString:
      return content.some((byte) => byte >= 0x80) ? undefined : latin1(content)
    case tags.teletexString:
      return latin1(content)
    case tags.bmpString:
      return content.length % 2 === 0 ? decode(utf16, content) : undefined
    case tags.universalString:
      return utf32(content)
    default:
      return undefined
  }
}

function decode(decoder: typeof utf8, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function latin1(bytes: Uint8Array): string {
  if (bytes.length > mostBytes) throw new DerFault('an attribute is too long')
  return String.fromCharCode(...bytes)
}

function utf32(bytes: Uint8Array): string | undefined {
  if (bytes.length % 4 !== 0 || bytes.length > mostBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const points = Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4))
  return points.every((point) => point <= 0x10_ffff) ? String.fromCodePoint(...points) : undefined
}

/** More than any attribute has (RFC 5280 A.1 allows 32,768 characters for a name), and few enough for the arguments of a call. */
const mostBytes = 32_768
