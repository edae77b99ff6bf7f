/** Reading of DER (X.690 10), as far as PKCS#8 needs it: definite lengths in their shortest form, nothing behind the end. */

/** One element: its tag and what is in it. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
}

export const derTags = { integer: 0x02, octetString: 0x04, objectIdentifier: 0x06, sequence: 0x30 } as const

/** The elements that stand one after another in the bytes. Throws `TypeError` if they are not DER. */
export function readDer(bytes: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0
    const { length, start } = readLength(bytes, at + 1)
    if (start + length > bytes.length) throw notDer()
    elements.push({ tag, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return elements
}

/** The elements of a sequence. Throws `TypeError` for any other element, and for none. */
export function readSequence(element: DerElement | undefined): readonly DerElement[] {
  return readDer(contentOf(element, derTags.sequence))
}

/** The content of an element with a certain tag. Throws `TypeError` for any other element, and for none. */
export function contentOf(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw notDer()
  return element.content
}

/** An object identifier in its dotted form. Throws `TypeError` for any other element, and for none. */
export function readObjectIdentifier(element: DerElement | undefined): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of contentOf(element, derTags.objectIdentifier)) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    // The first two arcs share a number (X.690 8.19.4).
    if (arcs.length === 0) arcs.push(Math.min(Math.floor(arc / 40), 2), arc - Math.min(Math.floor(arc / 40), 2) * 40)
    else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

/** An integer above zero of at most 48 bits; `undefined` for a larger or smaller one. Throws `TypeError` for any other element. */
export function readPositiveInteger(element: DerElement | undefined): number | undefined {
  const content = contentOf(element, derTags.integer)
  if (content.length === 0 || content.length > 6 || (content[0] ?? 0) >= 0x80) return undefined
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0)
  return value === 0 ? undefined : value
}

function readLength(bytes: Uint8Array, at: number): { readonly length: number; readonly start: number } {
  const first = bytes[at]
  if (first === undefined) throw notDer()
  if (first < 0x80) return { length: first, start: at + 1 }
  const count = first & 0x7f
  const octets = bytes.subarray(at + 1, at + 1 + count)
  if (count === 0 || count > 4 || octets.length < count) throw notDer()
  const length = octets.reduce((sum, byte) => sum * 256 + byte, 0)
  // A longer form than the length needs would be a second spelling.
  if (length < 0x80 || octets[0] === 0) throw notDer()
  return { length, start: at + 1 + count }
}

function notDer() {
  return new TypeError('the key is not PKCS#8 in DER encoding')
}
