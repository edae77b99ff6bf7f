import { type Jwk, minimalKey, toAscii } from '@software-statement/core'
import { calculateJwkThumbprint } from 'jose'

/** The members that make a public key (RFC 7518 6, RFC 8037 2); what is not among them never leaves. */
const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

/** The public half of an asymmetric key, without a word about its use. */
export function publicHalfOf(jwk: Jwk): KeyMembers {
  return pickMembers(jwk, publicMembers)
}

/** Members of a key: texts, all of them. */
export type KeyMembers = Readonly<Record<string, string>>

/** Some members of a key, those that are there. */
export function pickMembers(jwk: Jwk, names: readonly string[]): KeyMembers {
  const entries = names.map((name) => [name, Object.hasOwn(jwk, name) ? jwk[name] : undefined] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** The `kid` of an asymmetric key: its own, or its thumbprint. Throws `TypeError`. */
export async function kidOf(jwk: Jwk, longest: number): Promise<string> {
  return jwk.kid === undefined ? thumbprintOf(jwk) : readKid(jwk.kid, longest)
}

/** The RFC 7638 thumbprint of an asymmetric key, SHA-256. Throws `TypeError` if the key is not whole. */
export async function thumbprintOf(jwk: Jwk): Promise<string> {
  try {
    return await calculateJwkThumbprint(publicHalfOf(minimalKey(jwk)))
  } catch {
    throw new TypeError(`the key lacks members of its kty "${toAscii(String(jwk.kty))}"`)
  }
}

/** A `kid` as verifiers accept it. Throws `TypeError`. */
export function readKid(kid: unknown, longest: number): string {
  if (typeof kid === 'string' && kid !== '' && kid.length <= longest && !/\p{C}/u.test(kid)) return kid
  throw new TypeError(`kid must be printable text of at most ${longest} characters`)
}
