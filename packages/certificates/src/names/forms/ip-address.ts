/** Whether bytes are an IPv4 or IPv6 address (RFC 5280 4.2.1.6). */
export function isIpAddress(bytes: Uint8Array): boolean {
  return bytes.length === 4 || bytes.length === 16
}

/** A range of addresses, as address and mask of the same length, the mask in the style of RFC 4632 (RFC 5280 4.2.1.10). */
export function parseIpConstraint(bytes: Uint8Array): ((address: Uint8Array) => boolean) | undefined {
  const length = bytes.length / 2
  const base = bytes.subarray(0, length)
  const mask = bytes.subarray(length)
  if (!isIpAddress(base) || !isIpAddress(mask) || !isPrefix(mask)) return undefined
  return (address) => address.length === length && address.every((byte, at) => ((byte ^ (base[at] ?? 0)) & (mask[at] ?? 0)) === 0)
}

/** Ones, then zeros. */
function isPrefix(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return !bits.includes('01')
}
