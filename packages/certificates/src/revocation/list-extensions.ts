import { DerFault } from '../der/der-fault.js'
import { DerReader, readWhole, tags } from '../der/der-reader.js'
import { checkInteger } from '../der/der-values.js'
import { readDistributionPoints } from '../extensions/distribution-points.js'
import type { Extension } from '../extensions/extensions.js'
import { nextExtension, readAuthorityKeyIdentifier } from '../extensions/parse-extensions.js'
import type { ListExtensions } from './certificate-list.js'
import { readIssuingDistributionPoint } from './issuing-distribution-point.js'

type Name = Exclude<keyof ListExtensions, 'all'>
type ValueOf<Of extends Name> = NonNullable<ListExtensions[Of]>['value']

const sequence =
  <Value>(read: (content: DerReader) => Value) =>
  (bytes: Uint8Array) =>
    readWhole(bytes, tags.sequence, read)

const readers: { readonly [Of in Name]: { readonly identifier: string; readonly read: (bytes: Uint8Array) => ValueOf<Of> } } = {
  authorityKeyIdentifier: { identifier: '2.5.29.35', read: sequence(readAuthorityKeyIdentifier) },
  cRLNumber: { identifier: '2.5.29.20', read: readNumber },
  deltaCRLIndicator: { identifier: '2.5.29.27', read: readNumber },
  issuingDistributionPoint: { identifier: '2.5.29.28', read: sequence(readIssuingDistributionPoint) },
  freshestCRL: { identifier: '2.5.29.46', read: sequence(readDistributionPoints) },
}

/** Extensions that may be critical: those that are obeyed, and other names of the issuer, which nothing depends on (5.2.2). */
const understood: ReadonlySet<string> = new Set([...Object.values(readers).map(({ identifier }) => identifier), '2.5.29.18'])

/** Reads the extensions of a list. What does not have the form of an extension throws `DerFault`; other faults are reported. */
export function parseListExtensions(reader: DerReader): {
  readonly extensions: ListExtensions
  readonly fault: string | undefined
} {
  const faults: string[] = []
  const all = new Map<string, Extension<Uint8Array>>()
  for (const { identifier, extension } of reader.each(nextExtension)) {
    if (all.has(identifier)) faults.push(`the extension ${identifier} is there twice`)
    if (extension.critical && !understood.has(identifier)) {
      faults.push(`the critical extension ${identifier} is not understood`)
    }
    all.set(identifier, extension)
  }
  if (all.size === 0) throw new DerFault('the list of extensions is empty')

  const readOne = <Of extends Name>(name: Of): { readonly [Key in Of]?: Extension<ValueOf<Of>> } => {
    const { identifier, read } = readers[name]
    const extension = all.get(identifier)
    if (extension === undefined) return {}
    try {
      // One key, of this name: TypeScript widens a computed key.
      return { [name]: { critical: extension.critical, value: read(extension.value) } } as {
        readonly [Key in Of]: Extension<ValueOf<Of>>
      }
    } catch (error) {
      if (!(error instanceof DerFault)) throw error
      faults.push(`${name}: ${error.message}`)
      return {}
    }
  }
  const extensions: ListExtensions = {
    ...readOne('authorityKeyIdentifier'),
    ...readOne('cRLNumber'),
    ...readOne('deltaCRLIndicator'),
    ...readOne('issuingDistributionPoint'),
    ...readOne('freshestCRL'),
    all,
  }
  return { extensions, fault: faults[0] }
}

/** Numbers of lists have up to 20 octets (RFC 5280 5.2.3). */
function readNumber(bytes: Uint8Array): bigint {
  const reader = new DerReader(bytes)
  const content = checkInteger(reader.read(tags.integer).content)
  reader.expectEnd()
  if ((content[0] ?? 0) >= 0x80 || content.length > 21) throw new DerFault('the number of a list is negative or too long')
  return content.reduce((number, byte) => number * 256n + BigInt(byte), 0n)
}
