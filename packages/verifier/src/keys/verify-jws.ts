import {
  InvalidStatementError,
  type Jwk,
  type JwkSet,
  parseJws,
  type SignatureAlgorithm,
  type StatementHeader,
} from '@software-statement/core'
import { jwsOptions, validateOptions } from '../options.js'
import { selectKeys } from './select-keys.js'
import { VerificationKey } from './verification-key.js'
import { verifySignature } from './verify-signature.js'

/**
 * Verifies the signature of a compact JWS: the signature stage on its own, without rules for `typ` or payload. `use`,
 * `key_ops`, `alg`, `kty` and `crv` of the keys are honoured; weak RSA keys are refused. The default limits of statements apply, for
 * size among others (32 KiB), and so do the rules for headers; the payload may be any bytes.
 *
 * Throws `InvalidStatementError`, and `TypeError` if the second argument is not a JWK or a JWK Set with an array of objects as `keys`.
 *
 * @example
 * ```ts
 * const { header, payload } = await verifyJws(compact, jwks, { algorithms: ['ES256'] })
 * ```
 */
export async function verifyJws(
  compact: string,
  jwkOrJwks: Jwk | JwkSet,
  options: { readonly algorithms?: readonly SignatureAlgorithm[] } = {},
): Promise<{ readonly header: StatementHeader; readonly payload: Uint8Array }> {
  validateOptions(options, jwsOptions)
  const keys = toKeys(jwkOrJwks).map((jwk) => new VerificationKey(jwk))
  const jws = parseJws(compact)
  if (options.algorithms !== undefined && !options.algorithms.includes(jws.header.alg)) {
    throw new InvalidStatementError('ERR_ALGORITHM_NOT_ALLOWED', `alg "${jws.header.alg}" is not allowed here`, { member: 'alg' })
  }
  await verifySignature(jws, selectKeys(jws.header, keys))
  return { header: jws.header, payload: jws.payload }
}

function toKeys(jwkOrJwks: unknown): readonly Jwk[] {
  // What has `keys` is a set, whatever else it has: a set that is malformed must not pass for a key that happens to fit nothing.
  const keys = isObject(jwkOrJwks) && Object.hasOwn(jwkOrJwks, 'keys') ? jwkOrJwks.keys : [jwkOrJwks]
  if (Array.isArray(keys) && keys.every(isObject)) return keys
  throw new TypeError('the second argument must be a JWK or a JWK Set')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
