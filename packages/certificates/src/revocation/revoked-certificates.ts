import { DerFault } from '../der/der-fault.js'
import { DerReader, readWhole, tags } from '../der/der-reader.js'
import { nextTime } from '../der/der-time.js'
import { checkInteger } from '../der/der-values.js'
import { nextExtension } from '../extensions/parse-extensions.js'
import type { DistinguishedName } from '../names/distinguished-name.js'
import { readGeneralNames } from '../names/general-name.js'

/** Why a certificate is on a list (RFC 5280 5.3.1), by number; 7 is not used. */
const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const

export type RevocationReason = NonNullable<(typeof reasons)[number]>

/** An entry of a list. */
export interface RevokedCertificate {
  /** Whose certificate it is, in the form in which names are compared. */
  readonly issuers: readonly string[]
  /** Seconds since 1970. */
  readonly revokedAt: number
  readonly reason: RevocationReason
}

const extensionIdentifiers = { reasonCode: '2.5.29.21', certificateIssuer: '2.5.29.29' } as const

/** Those that are read, and holdInstructionCode and invalidityDate, which change no status. */
const understood: ReadonlySet<string> = new Set([...Object.values(extensionIdentifiers), '2.5.29.23', '2.5.29.24'])

const bytewise = new TextDecoder('latin1')

/** What the entries of a list mean depends on: whose it is, and whether it may be about certificates of others (`indirectCRL`). */
interface ListOfEntries {
  readonly issuer: DistinguishedName
  readonly isIndirect: boolean
}

/** The entries of a list, read when the first one is looked for: of most lists that are given, none ever is. */
export class RevokedCertificates {
  readonly #content: Uint8Array
  readonly #list: ListOfEntries
  #bySerialNumber: ReadonlyMap<string, readonly RevokedCertificate[]> | DerFault | undefined

  constructor(content: Uint8Array, list: ListOfEntries) {
    this.#content = content
    this.#list = list
  }

  /**
   * The entries of a certificate, by its issuer and serial number (RFC 5280 5.3.3).
   *
   * Throws `DerFault` if any entry of the list is malformed, has a critical extension that is not understood, or another issuer in a list
   * that is not indirect: such a list says nothing about any certificate (5.3).
   */
  find({ issuer, serialNumber }: { readonly issuer: DistinguishedName; readonly serialNumber: Uint8Array }) {
    this.#bySerialNumber ??= tryReadEntries(this.#content, this.#list)
    if (this.#bySerialNumber instanceof DerFault) throw this.#bySerialNumber
    const entries = this.#bySerialNumber.get(bytewise.decode(serialNumber)) ?? []
    return entries.filter(({ issuers }) => issuers.includes(issuer.comparable))
  }
}

/** A fault is kept as well: finding it may take long. */
function tryReadEntries(...given: Parameters<typeof readEntries>): ReturnType<typeof readEntries> | DerFault {
  try {
    return readEntries(...given)
  } catch (error) {
    if (error instanceof DerFault) return error
    throw error
  }
}

function readEntries(
  content: Uint8Array,
  { issuer, isIndirect }: ListOfEntries,
): ReadonlyMap<string, readonly RevokedCertificate[]> {
  const entries = new Map<string, RevokedCertificate[]>()
  const reader = new DerReader(content)
  // An entry without an issuer of its own has that of the entry before it (RFC 5280 5.3.3).
  let issuers: readonly string[] = [issuer.comparable]
  while (!reader.isAtEnd) {
    const entry = reader.enter(tags.sequence)
    const serialNumber = bytewise.decode(checkInteger(entry.read(tags.integer).content))
    const revokedAt = nextTime(entry)
    const said = entry.isAtEnd ? undefined : readEntryExtensions(entry)
    entry.expectEnd()
    if (said?.issuers !== undefined && !isIndirect) throw new DerFault('an entry names an issuer, and the list is not indirect')
    issuers = said?.issuers ?? issuers
    const found = { issuers, revokedAt, reason: said?.reason ?? 'unspecified' } as const
    const others = entries.get(serialNumber)
    if (others === undefined) entries.set(serialNumber, [found])
    else others.push(found)
  }
  return entries
}

interface EntryExtensions {
  readonly issuers?: readonly string[]
  readonly reason?: RevocationReason
}

function readEntryExtensions(entry: DerReader): EntryExtensions {
  const seen = new Set<string>()
  let said: EntryExtensions = {}
  for (const { identifier, extension } of entry.enter(tags.sequence).each(nextExtension)) {
    if (seen.has(identifier)) throw new DerFault(`the extension ${identifier} of an entry is there twice`)
    seen.add(identifier)
    if (extension.critical && !understood.has(identifier)) {
      throw new DerFault(`the critical extension ${identifier} of an entry is not understood`)
    }
    if (identifier === extensionIdentifiers.reasonCode) said = { ...said, reason: readReason(extension.value) }
    if (identifier === extensionIdentifiers.certificateIssuer) said = { ...said, issuers: readIssuers(extension.value) }
  }
  return said
}

function readReason(bytes: Uint8Array): RevocationReason {
  const reader = new DerReader(bytes)
  const { content } = reader.read(tags.enumerated)
  reader.expectEnd()
  const reason = content.length === 1 ? reasons[content[0] ?? 7] : undefined
  if (reason === undefined) throw new DerFault('the reason of an entry has no name')
  return reason
}

function readIssuers(bytes: Uint8Array): readonly string[] {
  const names = readWhole(bytes, tags.sequence, readGeneralNames)
  const issuers = names.flatMap((name) => (name.form === 'directoryName' ? [name.value.comparable] : []))
  if (issuers.length === 0) throw new DerFault('the issuer of an entry has no directory name')
  return issuers
}
