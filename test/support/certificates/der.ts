// Writes DER, and what is not DER where a test asks for it: certificates that no library would make.

export type Der = Uint8Array

export const concat = (...parts: readonly Uint8Array[]): Der => Uint8Array.from(Buffer.concat(parts))

function lengthOf(length: number): Der {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.of(0x80 | bytes.length, ...bytes)
}

/** An element: tag, length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Der {
  const whole = concat(...content)
  return concat(Uint8Array.of(tag), lengthOf(whole.length), whole)
}

export const sequence = (...parts: readonly Uint8Array[]) => element(0x30, ...parts)
export const set = (...parts: readonly Uint8Array[]) => element(0x31, ...parts)
export const octetString = (...parts: readonly Uint8Array[]) => element(0x04, ...parts)
export const bitString = (bytes: Uint8Array, unusedBits = 0) => element(0x03, Uint8Array.of(unusedBits), bytes)
export const boolean = (value: boolean) => element(0x01, Uint8Array.of(value ? 0xff : 0x00))
export const none = Uint8Array.of(0x05, 0x00)
export const explicit = (number: number, ...parts: readonly Uint8Array[]) => element(0xa0 | number, ...parts)
export const implicit = (number: number, ...parts: readonly Uint8Array[]) => element(0x80 | number, ...parts)

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

export const utf8String = (text: string) => element(0x0c, Buffer.from(text, 'utf8'))
export const printableString = (text: string) => element(0x13, ascii(text))
export const teletexString = (text: string) => element(0x14, ascii(text))
export const ia5String = (text: string) => element(0x16, ascii(text))
export const bmpString = (text: string) => element(0x1e, Buffer.from(text, 'utf16le').swap16())
export const text = ascii

/** The bytes of a number in two's complement, as few as possible. */
export function integerBytes(value: bigint | number): Der {
  let rest = BigInt(value)
  const bytes: number[] = []
  do {
    bytes.unshift(Number(rest & 0xffn))
    rest >>= 8n
  } while (!((rest === 0n && (bytes[0] ?? 0) < 0x80) || (rest === -1n && (bytes[0] ?? 0) >= 0x80)))
  return Uint8Array.from(bytes)
}

export const integer = (value: bigint | number) => element(0x02, integerBytes(value))

export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...others].flatMap((number) => {
    const groups = [number & 0x7f]
    for (let rest = number >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80)
    return groups
  })
  return element(0x06, Uint8Array.from(bytes))
}

const digits = (date: Date) => date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')

const utcTime = (date: Date) => element(0x17, ascii(digits(date).slice(2)))
const generalizedTime = (date: Date) => element(0x18, ascii(digits(date)))

/** As RFC 5280 4.1.2.5 has it. */
export function time(date: Date): Der {
  return date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050 ? utcTime(date) : generalizedTime(date)
}
