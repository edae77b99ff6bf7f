/** The prime of the field of edwards25519 (RFC 8032 5.1). */
const prime = 2n ** 255n - 19n
const order8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n

/** The y of its points of order 1, 2, 4 and 8. */
const smallOrders: ReadonlySet<bigint> = new Set([1n, prime - 1n, 0n, order8, prime - order8])

/**
 * Whether an Ed25519 key (RFC 8032 5.1.5) is a point of small order, written in whatever way: anybody can make signatures that it verifies,
 * of one text in eight or of all.
 */
export function isOfSmallOrder(point: Uint8Array): boolean {
  const littleEndian = point.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n)
  const y = BigInt.asUintN(255, littleEndian)
  return smallOrders.has(y % prime)
}
