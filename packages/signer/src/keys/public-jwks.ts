import { algorithmsOfKey, defaultLimits, type Jwk, type JwkSet, toAscii } from '@software-statement/core'
import { jwksOptions, validateOptions } from '../option-rules.js'
import type { KeyMaterial } from './key-material.js'
import { kidOf, publicHalfOf } from './public-half.js'
import { type KeyInput, readKey } from './read-key.js'
import { certainAlgorithmOf, refuseUnusable } from './signing-key.js'

/**
 * Makes the JWK Set (RFC 7517 5) that an issuer publishes, from one or several keys such as the current and the next one: public
 * members only, `kid` (the key's own or its RFC 7638 thumbprint), `use: "sig"`, and `alg` where the key leaves one only. Keys may
 * be private or public.
 *
 * Throws `TypeError` for a symmetric key, one that is weak or not for signatures, two with the same `kid`, or none, and for an
 * option that is not known.
 *
 * @example
 * ```ts
 * const jwks = await publicJwks([await generateSigningKey('ES256'), await generateSigningKey('ES256')])
 * console.log(JSON.stringify(jwks))
 * ```
 */
export async function publicJwks(
  keys: readonly KeyInput[],
  options: {
    /** Opens encrypted PEM keys. */
    readonly passphrase?: string
  } = {},
): Promise<JwkSet> {
  validateOptions(options, jwksOptions)
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError('publicJwks needs an array of at least one key')
  const published: Jwk[] = []
  for (const key of keys) published.push(await publishKey(await readKey(key, options.passphrase)))
  refuseTwins(published)
  return { keys: published }
}

/** Throws `TypeError` if two keys have the same `kid`: a statement could not say which of them it means. */
export function refuseTwins(keys: readonly Jwk[]): void {
  const kids = keys.map(({ kid }) => kid)
  const twin = kids.find((kid, at) => kids.indexOf(kid) !== at)
  if (twin !== undefined) throw new TypeError(`two keys have the kid "${toAscii(twin)}"`)
}

/** The public half of a key as it is published. Throws `TypeError` for one that must not be. */
export async function publishKey({ jwk, held }: KeyMaterial): Promise<Jwk> {
  if (jwk.kty === 'oct') throw new TypeError('a symmetric key has no public half: it cannot be published')
  const operation = Object.hasOwn(jwk, 'd') ? 'sign' : 'verify'
  const algorithms = held?.algorithms ?? algorithmsOfKey(jwk, operation)
  refuseUnusable(jwk, algorithms)
  const kid = await kidOf(jwk, defaultLimits.kidLength)
  const alg = certainAlgorithmOf(jwk, algorithms)
  return { ...publicHalfOf(jwk), kid, use: 'sig', ...(alg === undefined ? {} : { alg }) }
}
