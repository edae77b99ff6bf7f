import {
  InvalidStatementError,
  type Jwk,
  type JwkSet,
  parseJws,
  type SignatureAlgorithm,
  type StatementHeader,
} from '@software-statement/core'
import { jwsOptions, validateOptions } from '../options.js'
import type { KeySource } from './key-source.js'
import { selectKeys } from './select-keys.js'
import { tryKeys } from './try-keys.js'
import { VerificationKey } from './verification-key.js'
import { verifySignature } from './verify-signature.js'

/**
 * Verifies the signature of a compact JWS: the signature stage on its own, without rules for `typ` or payload. `use`,
 * `key_ops`, `alg`, `kty` and `crv` of the keys are honoured; weak RSA keys are refused. The default limits of statements apply, for
 * size among others (32 KiB), and so do the rules for headers; the payload may be any bytes. A key source such as `remoteKeys` makes
 * is asked once form and algorithm are sound.
 *
 * Throws `InvalidStatementError`, what the key source throws (`TrustUnavailableError`), and `TypeError` if the second argument is
 * neither a key source nor a JWK nor a JWK Set with an array of objects as `keys`.
 *
 * @example
 * ```ts
 * const { header, payload } = await verifyJws(compact, jwks, { algorithms: ['ES256'] })
 * ```
 */
export async function verifyJws(
  compact: string,
  jwkOrJwks: Jwk | JwkSet | KeySource,
  options: { readonly algorithms?: readonly SignatureAlgorithm[] } = {},
): Promise<{ readonly header: StatementHeader; readonly payload: Uint8Array }> {
  validateOptions(options, jwsOptions)
  const keysFor = typeof jwkOrJwks === 'function' ? jwkOrJwks : fixedKeys(jwkOrJwks)
  const jws = parseJws(compact)
  if (options.algorithms !== undefined && !options.algorithms.includes(jws.header.alg)) {
    throw new InvalidStatementError('ERR_ALGORITHM_NOT_ALLOWED', `alg "${jws.header.alg}" is not allowed here`, { member: 'alg' })
  }
  await tryKeys(keysFor, jws.header, async (keys) => verifySignature(jws, selectKeys(jws.header, keys)))
  return { header: jws.header, payload: jws.payload }
}

function fixedKeys(jwkOrJwks: Jwk | JwkSet): KeySource {
  const keys = toKeys(jwkOrJwks).map((jwk) => new VerificationKey(jwk))
  return async () => keys
}

function toKeys(jwkOrJwks: unknown): readonly Jwk[] {
  // What has `keys` is a set, whatever else it has: a set that is malformed must not pass for a key that happens to fit nothing.
  const keys = isObject(jwkOrJwks) && Object.hasOwn(jwkOrJwks, 'keys') ? jwkOrJwks.keys : [jwkOrJwks]
  if (Array.isArray(keys) && keys.every(isObject)) return keys
  throw new TypeError('the second argument must be a JWK, a JWK Set or a key source')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
