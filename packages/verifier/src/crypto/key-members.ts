import type { Jwk } from '@software-statement/core'

/**
 * The members that make a key (RFC 7518 6, RFC 8037 2). The others are left out: `alg`, `use` and `key_ops` have been judged, and
 * not every platform spells or reads them in the same way.
 */
export function keyMembers({ kty, crv, x, y, n, e, k }: Jwk): Readonly<Record<string, string>> {
  const members = Object.entries({ kty, crv, x, y, n, e, k })
  return Object.fromEntries(members.filter((member): member is [string, string] => member[1] !== undefined))
}
