import { DerFault } from './der-fault.js'
import { type DerElement, type DerReader, tags } from './der-reader.js'

/** A BIT STRING: its bytes, and how many bits of the last one do not count. */
export interface BitString {
  readonly bytes: Uint8Array
  readonly unusedBits: number
}

/** The content of a BOOLEAN (X.690 11.1). Throws `DerFault`. */
export function readBoolean(content: Uint8Array): boolean {
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff))
    throw new DerFault('a BOOLEAN is neither 0x00 nor 0xff')
  return content[0] === 0xff
}

/**
 * The next element as a BOOLEAN that is FALSE where it is left out, as DER leaves it out (X.690 11.5). Some issuers spell FALSE out:
 * nothing else can be meant by it, so it is let pass.
 *
 * Throws `DerFault`.
 */
export function readDefaultFalse(reader: DerReader): boolean {
  const element = reader.readOptional(tags.boolean)
  return element !== undefined && readBoolean(element.content)
}

/** The bytes of an INTEGER in two's complement, as short as they can be (X.690 8.3.2). Throws `DerFault`. */
export function checkInteger(content: Uint8Array): Uint8Array {
  const [first, second = 0] = content
  if (first === undefined) throw new DerFault('an INTEGER is empty')
  const isPadded = content.length > 1 && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))
  if (isPadded) throw new DerFault('an INTEGER is not written as short as it can be')
  return content
}

/** The bytes of a positive INTEGER without the zero in front. Throws `DerFault`. */
export function readPositiveInteger(content: Uint8Array): Uint8Array {
  const [first = 0] = checkInteger(content)
  if (first >= 0x80 || (first === 0 && content.length === 1)) throw new DerFault('an INTEGER is not positive')
  return first === 0 ? content.subarray(1) : content
}

/** An INTEGER that counts: 0 or more; what is beyond exact numbers is `Infinity`. Throws `DerFault`. */
export function readCount(content: Uint8Array): number {
  const [first = 0] = checkInteger(content)
  if (first >= 0x80) throw new DerFault('a number is negative')
  if (content.length > 6) return Number.POSITIVE_INFINITY
  return content.reduce((number, byte) => number * 256 + byte, 0)
}

/** The content of a BIT STRING; bits that do not count are zero (X.690 11.2.1). Throws `DerFault`. */
export function readBitString(content: Uint8Array): BitString {
  const [unusedBits] = content
  const bytes = content.subarray(1)
  if (unusedBits === undefined || unusedBits > 7 || (bytes.length === 0 && unusedBits > 0))
    throw new DerFault('a BIT STRING is cut off')
  if (((bytes.at(-1) ?? 0) & ((1 << unusedBits) - 1)) !== 0) throw new DerFault('a bit that does not count is set')
  return { bytes, unusedBits }
}

/** A BIT STRING of whole bytes. Throws `DerFault`. */
export function readOctets(content: Uint8Array): Uint8Array {
  const { bytes, unusedBits } = readBitString(content)
  if (unusedBits !== 0) throw new DerFault('a BIT STRING does not end with a whole byte')
  return bytes
}

/**
 * A BIT STRING that holds a signature: its bytes, and none for one that is not of whole bytes, which no key verifies. Whether anything
 * depends on the signature is not known here.
 *
 * Throws `DerFault` for what is no BIT STRING.
 */
export function readSignature(content: Uint8Array): Uint8Array {
  const [unusedBits] = content
  if (unusedBits === undefined || unusedBits > 7) throw new DerFault('a BIT STRING is cut off')
  return unusedBits === 0 ? content.subarray(1) : new Uint8Array()
}

/** The content of an OBJECT IDENTIFIER as numbers with dots between (X.690 8.19). Throws `DerFault`. */
export function readObjectIdentifier(content: Uint8Array): string {
  if (content.length === 0 || (content.at(-1) ?? 0) >= 0x80) throw new DerFault('an OBJECT IDENTIFIER is cut off')
  if (content.length > 128) throw new DerFault('an OBJECT IDENTIFIER is too long')
  const numbers: bigint[] = []
  let number = 0n
  let isFirst = true
  for (const byte of content) {
    if (isFirst && byte === 0x80) throw new DerFault('an OBJECT IDENTIFIER is not written as short as it can be')
    number = (number << 7n) | BigInt(byte & 0x7f)
    isFirst = byte < 0x80
    if (!isFirst) continue
    numbers.push(number)
    number = 0n
  }
  const [first = 0n, ...others] = numbers
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...others].join('.')
}

/** The next element as an OBJECT IDENTIFIER. Throws `DerFault`. */
export function nextObjectIdentifier(reader: DerReader): string {
  return readObjectIdentifier(reader.read(tags.objectIdentifier).content)
}

/** A text of ASCII characters, such as IA5String. Throws `DerFault`. */
export function readAscii({ content }: Pick<DerElement, 'content'>): string {
  if (content.some((byte) => byte >= 0x80)) throw new DerFault('a text has characters beyond ASCII')
  return String.fromCharCode(...chunk(content))
}

/** More characters than any name needs: what is longer would not fit the arguments of a call. */
function chunk(content: Uint8Array): Uint8Array {
  if (content.length > 16_384) throw new DerFault('a text is too long')
  return content
}
