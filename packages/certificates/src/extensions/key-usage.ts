import { DerFault } from '../der/der-fault.js'
import type { DerReader } from '../der/der-reader.js'
import { nextObjectIdentifier, readBitString } from '../der/der-values.js'
import type { KeyUsage } from './extensions.js'

/** The bits in their order (RFC 5280 4.2.1.3). */
export const keyUsages: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** Bits beyond those that have names say nothing. Throws `DerFault`. */
export function readKeyUsage(content: Uint8Array): ReadonlySet<KeyUsage> {
  const { bytes } = readBitString(content)
  if (bytes.every((byte) => byte === 0)) throw new DerFault('no key usage is set')
  return new Set(keyUsages.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0))
}

/** Purposes as object identifiers: at least one (RFC 5280 4.2.1.12). Throws `DerFault`. */
export function readExtendedKeyUsage(reader: DerReader): readonly string[] {
  const purposes = reader.each(nextObjectIdentifier)
  if (purposes.length === 0) throw new DerFault('a list of key purposes is empty')
  return purposes
}
