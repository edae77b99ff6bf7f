import { algorithmsOfKey, defaultLimits, type Jwk, type JwkSet, toAscii } from '@software-statement/core'
import type { KeyMaterial } from './key-material.js'
import { kidOf, publicHalfOf } from './public-half.js'
import { type KeyInput, readKey } from './read-key.js'
import { certainAlgorithmOf, refuseUnusable } from './signing-key.js'

/**
 * Makes the JWK Set (RFC 7517 5) that an issuer publishes, from one or several keys such as the current and the next one: public
 * members only, `kid` (the key's own or its RFC 7638 thumbprint), `use: "sig"`, and `alg` where the key leaves one only. Keys may
 * be private or public.
 *
 * Throws `TypeError` for a symmetric key, one that is weak or not for signatures, two with the same `kid`, or none.
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
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError('publicJwks needs an array of at least one key')
  const published: Jwk[] = []
  const kids = new Set<unknown>()
  for (const key of keys) {
    const jwk = await publish(await readKey(key, options.passphrase))
    if (kids.has(jwk.kid)) throw new TypeError(`two keys have the kid "${toAscii(String(jwk.kid))}"`)
    kids.add(jwk.kid)
    published.push(jwk)
  }
  return { keys: published }
}

async function publish({ jwk, held }: KeyMaterial): Promise<Jwk> {
  if (jwk.kty === 'oct') throw new TypeError('a symmetric key has no public half: it cannot be published')
  const operation = Object.hasOwn(jwk, 'd') ? 'sign' : 'verify'
  const algorithms = held?.algorithms ?? algorithmsOfKey(jwk, operation)
  refuseUnusable(jwk, algorithms)
  const kid = await kidOf(jwk, defaultLimits.kidLength)
  const alg = certainAlgorithmOf(jwk, algorithms)
  return { ...publicHalfOf(jwk), kid, use: 'sig', ...(alg === undefined ? {} : { alg }) }
}
