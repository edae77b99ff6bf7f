import { DerFault } from '../der/der-fault.js'
import { type DerReader, tags } from '../der/der-reader.js'
import { checkInteger, nextObjectIdentifier, readAscii } from '../der/der-values.js'
import { textOf } from '../names/attribute-text.js'

/** The qualifiers that RFC 5280 4.2.1.4 defines: where a practice statement is to be had (CPSuri), and a text for people (UserNotice). */
const qualifiers: ReadonlyMap<string, (reader: DerReader) => void> = new Map([
  ['1.3.6.1.5.5.7.2.1', (reader: DerReader) => void readAscii(reader.read(tags.ia5String))],
  ['1.3.6.1.5.5.7.2.2', (reader: DerReader) => checkUserNotice(reader.enter(tags.sequence))],
])

const displayTags: readonly number[] = [tags.ia5String, tags.visibleString, tags.bmpString, tags.utf8String]

/** Checks that every qualifier of policies is a known one of its form. Throws `DerFault`. */
export function checkPolicyQualifiers(policies: DerReader): void {
  policies.each((list) => {
    const information = list.enter(tags.sequence)
    nextObjectIdentifier(information)
    if (!information.isAtEnd) information.enter(tags.sequence).each((inner) => checkQualifier(inner.enter(tags.sequence)))
  })
}

function checkQualifier(reader: DerReader): void {
  const identifier = nextObjectIdentifier(reader)
  const check = qualifiers.get(identifier)
  if (check === undefined) throw new DerFault(`the policy qualifier ${identifier} is not known`)
  check(reader)
  reader.expectEnd()
}

function checkUserNotice(reader: DerReader): void {
  if (reader.nextTag === tags.sequence) checkNoticeReference(reader.enter(tags.sequence))
  if (!reader.isAtEnd) checkDisplayText(reader)
  reader.expectEnd()
}

function checkNoticeReference(reader: DerReader): void {
  checkDisplayText(reader)
  reader.enter(tags.sequence).each((numbers) => checkInteger(numbers.read(tags.integer).content))
  reader.expectEnd()
}

function checkDisplayText(reader: DerReader): void {
  const element = reader.read()
  if (!displayTags.includes(element.tag) || textOf(element) === undefined) throw new DerFault('a notice is no text')
}
