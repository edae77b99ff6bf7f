import { DerFault } from '../der/der-fault.js'
import { DerReader, tags } from '../der/der-reader.js'
import { nextObjectIdentifier } from '../der/der-values.js'
import { textOf } from './attribute-text.js'
import { prepareText } from './string-preparation.js'

/** The name of a subject or an issuer (RFC 5280 4.1.2.4). */
export interface DistinguishedName {
  /** All its bytes. */
  readonly der: Uint8Array
  /** One form to compare per relative distinguished name, outermost first: equal if and only if the names match (RFC 5280 7.1). */
  readonly relativeNames: readonly string[]
  /** All of them as one: equal if and only if two names match. */
  readonly comparable: string
  /** Whether all its texts could be prepared to be compared; else another name may match that differs here. */
  readonly isPrepared: boolean
  /** For people, innermost first (RFC 4514). */
  readonly text: string
  /**
   * The `emailAddress` attributes, which name constraints on e-mail are for as well (RFC 5280 4.2.1.10). One that is no text stands there as
   * in `text`: that is no mailbox.
   */
  readonly emailAddresses: readonly string[]
}

interface Attribute {
  readonly type: string
  readonly comparable: string
  readonly isPrepared: boolean
  /** Its text, or its bytes as RFC 4514 2.4 writes them. */
  readonly value: string
  /** For people, with its type (RFC 4514). */
  readonly text: string
}

/** The names of RFC 4514 3 and those that are usual beside them. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
])

const emailAddress = '1.2.840.113549.1.9.1'

/** The next element as a name. Throws `DerFault`. */
export function nextName(reader: DerReader): DistinguishedName {
  const { bytes, content } = reader.read(tags.sequence)
  const relativeNames = new DerReader(content).each((inner) => readAttributes(inner.enter(tags.set)))
  const comparable = relativeNames.map(compareForm)
  return {
    der: bytes,
    relativeNames: comparable,
    comparable: joinRelativeNames(comparable),
    isPrepared: relativeNames.flat().every(({ isPrepared }) => isPrepared),
    text: relativeNames
      .map((attributes) => attributes.map(({ text }) => text).join('+'))
      .reverse()
      .join(','),
    emailAddresses: relativeNames.flat().flatMap(({ type, value }) => (type === emailAddress ? [value] : [])),
  }
}

/** The form to compare of a whole name, of those of its relative distinguished names, outermost first. */
export const joinRelativeNames = (comparable: readonly string[]) => comparable.join('\u0002')

/** The form to compare of a relative distinguished name, given as what its set holds. Throws `DerFault`. */
export function readRelativeName(set: DerReader): string {
  return compareForm(readAttributes(set))
}

/** A set: what it holds may stand in any order. */
const compareForm = (attributes: readonly Attribute[]) =>
  attributes
    .map(({ comparable }) => comparable)
    .sort()
    .join('\u0001')

function readAttributes(set: DerReader): readonly Attribute[] {
  const attributes = set.each((reader) => readAttribute(reader.enter(tags.sequence)))
  if (attributes.length === 0) throw new DerFault('a relative distinguished name is empty')
  return attributes
}

function readAttribute(reader: DerReader): Attribute {
  const type = nextObjectIdentifier(reader)
  const element = reader.read()
  reader.expectEnd()
  const value = textOf(element)
  const name = shortNames.get(type) ?? type
  if (value === undefined) {
    const hex = `#${toHex(element.bytes)}`
    return { type, comparable: `${type}${hex}`, isPrepared: true, value: hex, text: `${name}=${hex}` }
  }
  // Texts are compared as RFC 5280 7.1 says, whatever they are encoded as, anything else byte by byte. A prepared text has no controls.
  const prepared = prepareText(value)
  const comparable = prepared === undefined ? `${type}#${toHex(element.bytes)}` : `${type}=${prepared}`
  return { type, comparable, isPrepared: prepared !== undefined, value, text: `${name}=${quote(value)}` }
}

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** RFC 4514 2.4, and no controls. */
const quote = (text: string) =>
  text
    .replaceAll(/["+,;<>\\]/g, '\\$&')
    .replaceAll(/\p{C}/gu, '\u{fffd}')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')

/** Whether a name is below another one or that one itself: `within` in RFC 5280 6.1.3 (b). */
export function isWithin(name: readonly string[], subtree: readonly string[]): boolean {
  return subtree.length <= name.length && subtree.every((relativeName, at) => relativeName === name[at])
}
