import { DerFault } from '../der/der-fault.js'
import { context, type DerElement, DerReader } from '../der/der-reader.js'
import { readAscii, readObjectIdentifier } from '../der/der-values.js'
import { type DistinguishedName, nextName } from './distinguished-name.js'

/** A GeneralName (RFC 5280 4.2.1.6). Of the forms nobody here compares only the form is kept. */
export type GeneralName =
  | { readonly form: 'dNSName' | 'rfc822Name' | 'uniformResourceIdentifier'; readonly value: string }
  | { readonly form: 'directoryName'; readonly value: DistinguishedName }
  | { readonly form: 'iPAddress'; readonly value: Uint8Array }
  | { readonly form: 'otherName' | 'x400Address' | 'ediPartyName' | 'registeredID' }

export type NameForm = GeneralName['form']

/** The next element as a GeneralName. Throws `DerFault`. */
export function nextGeneralName(reader: DerReader): GeneralName {
  const element = reader.read()
  switch (element.tag) {
    case context(0, 'constructed'):
      return { form: 'otherName' }
    case context(1):
      return { form: 'rfc822Name', value: readAscii(element) }
    case context(2):
      return { form: 'dNSName', value: readAscii(element) }
    case context(3, 'constructed'):
      return { form: 'x400Address' }
    case context(4, 'constructed'):
      return { form: 'directoryName', value: readDirectoryName(element) }
    case context(5, 'constructed'):
      return { form: 'ediPartyName' }
    case context(6):
      return { form: 'uniformResourceIdentifier', value: readAscii(element) }
    case context(7):
      return { form: 'iPAddress', value: element.content }
    case context(8):
      readObjectIdentifier(element.content)
      return { form: 'registeredID' }
    default:
      throw new DerFault('a GeneralName has an unknown form')
  }
}

/** Names are a choice, so their tag is explicit. */
function readDirectoryName({ content }: DerElement): DistinguishedName {
  const reader = new DerReader(content)
  const name = nextName(reader)
  reader.expectEnd()
  return name
}

/** GeneralNames: at least one. Throws `DerFault`. */
export function readGeneralNames(reader: DerReader): readonly GeneralName[] {
  const names = reader.each(nextGeneralName)
  if (names.length === 0) throw new DerFault('a list of names is empty')
  return names
}
