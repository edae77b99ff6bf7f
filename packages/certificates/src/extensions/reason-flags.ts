import { readBitString } from '../der/der-values.js'

/** Reasons for which certificates are revoked (RFC 5280 4.2.1.13), as a set of bits: the second lowest is `keyCompromise`. */
export type ReasonMask = number

/** Every reason: eight of them, from `keyCompromise` to `aACompromise`. */
export const allReasons: ReasonMask = 0b1_1111_1110

/** Bits that name no reason do not count. Throws `DerFault`. */
export function readReasonFlags(content: Uint8Array): ReasonMask {
  const { bytes } = readBitString(content)
  const bits = Array.from({ length: 9 }, (_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0)
  return bits.reduce((mask, isSet, bit) => (isSet ? mask | (1 << bit) : mask), 0) & allReasons
}
