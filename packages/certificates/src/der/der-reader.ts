import { DerFault } from './der-fault.js'

/** One element: its tag, its content, and all of its bytes. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
  readonly bytes: Uint8Array
}

/** Tags of the universal class that X.509 uses, those of constructed types with the bit that says so (X.690 8.1.2). */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** The tag of context-specific class: `[0]` of a primitive type is 0x80, of a constructed one 0xa0. */
export const context = (number: number, form: 'primitive' | 'constructed' = 'primitive') =>
  (form === 'primitive' ? 0x80 : 0xa0) | number

/** No certificate has more, and nothing longer is looked at. */
const mostLengthBytes = 4

/**
 * Reads elements one after the other, as DER writes them (X.690 10.1): lengths are definite and as short as they can be. What is signed
 * is bytes, so whatever has two spellings is refused. Tags above 30 are not used by X.509 and not read.
 *
 * Every method that reads throws `DerFault`.
 */
export class DerReader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length
  }

  /** The tag of what comes next, or `undefined` at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#position]
  }

  /** The next element, whatever it is or of the given tag. */
  read(tag?: number): DerElement {
    const start = this.#position
    const found = this.#byte()
    if ((found & 0x1f) === 0x1f) throw new DerFault('a tag has more than one byte')
    if (tag !== undefined && found !== tag) throw new DerFault(`tag ${hex(tag)} is expected, not ${hex(found)}`)
    const length = this.#length()
    const contentStart = this.#position
    const end = contentStart + length
    if (end > this.#bytes.length) throw new DerFault('an element is longer than what it is in')
    this.#position = end
    return { tag: found, content: this.#bytes.subarray(contentStart, end), bytes: this.#bytes.subarray(start, end) }
  }

  /** The next element if it has the given tag. */
  readOptional(tag: number): DerElement | undefined {
    return this.nextTag === tag ? this.read(tag) : undefined
  }

  /** A reader of what is inside of the next element. */
  enter(tag: number): DerReader {
    return new DerReader(this.read(tag).content)
  }

  /** What is read of each element until the end. */
  each<Value>(read: (reader: DerReader) => Value): readonly Value[] {
    const values: Value[] = []
    while (!this.isAtEnd) values.push(read(this))
    return values
  }

  /** Throws if there is more. */
  expectEnd(): void {
    if (!this.isAtEnd) throw new DerFault('there is more than there should be')
  }

  #byte(): number {
    const byte = this.#bytes[this.#position]
    if (byte === undefined) throw new DerFault('an element is missing or cut off')
    this.#position++
    return byte
  }

  #length(): number {
    const first = this.#byte()
    if (first < 0x80) return first
    const count = first & 0x7f
    if (count === 0) throw new DerFault('a length is indefinite')
    if (count > mostLengthBytes) throw new DerFault('a length is too large')
    let length = 0
    for (let at = 0; at < count; at++) length = length * 256 + this.#byte()
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerFault('a length is not written as short as it can be')
    return length
  }
}

/**
 * Reads bytes that hold one element of a constructed type and nothing else.
 *
 * Throws `DerFault`.
 */
export function readWhole<Value>(bytes: Uint8Array, tag: number, read: (content: DerReader) => Value): Value {
  const outer = new DerReader(bytes)
  const inner = outer.enter(tag)
  outer.expectEnd()
  const value = read(inner)
  inner.expectEnd()
  return value
}

const hex = (tag: number) => `0x${tag.toString(16).padStart(2, '0')}`
