import {
  algorithmsOfKey,
  findKeyWeakness,
  hasSecretMembers,
  type Jwk,
  type JwkSet,
  type SignatureAlgorithm,
  type StatementHeader,
} from '@software-statement/core'
import { VerificationKey } from './verification-key.js'

/** Gives the current keys of one issuer for a statement's header. Throws `TrustUnavailableError` when it cannot find out. */
export interface KeySource {
  (header: StatementHeader): Promise<readonly VerificationKey[]>
  /**
   * For keys that change: gives the current keys, and to those whose statement they do not verify the keys that are there since,
   * if there are others. The step throws `TrustUnavailableError` when it cannot find out. Without it the first answer counts.
   */
  readonly attempts?: (header: StatementHeader) => AsyncIterator<readonly VerificationKey[], void>
}

/**
 * Keys that stand in the configuration. Keys for other uses are left out.
 *
 * Throws `TypeError` if no key is left that fits the algorithms, a key is weak or private, or symmetric and asymmetric keys
 * are mixed.
 */
export function localKeys(jwks: JwkSet, algorithms?: readonly SignatureAlgorithm[]): KeySource {
  const usable = jwks.keys.filter((jwk) => algorithmsOfKey(jwk).length > 0)
  if (usable.length === 0) throw new TypeError('jwks has no key that can verify a signature')
  const symmetric = usable.filter((jwk) => jwk.kty === 'oct')
  if (symmetric.length > 0 && symmetric.length < usable.length) throw new TypeError('jwks mixes symmetric and asymmetric keys')
  for (const jwk of usable) refuseUnsoundKey(jwk)
  const fits = (jwk: Jwk) => algorithmsOfKey(jwk).some((alg) => algorithms?.includes(alg) ?? true)
  if (!usable.some(fits)) throw new TypeError('jwks has no key that fits the algorithms')
  const keys = usable.map((jwk) => new VerificationKey(jwk))
  return async () => keys
}

function refuseUnsoundKey(jwk: Jwk): void {
  const name = typeof jwk.kid === 'string' ? `the key "${jwk.kid}"` : 'a key'
  const weakness = findKeyWeakness(jwk)
  if (weakness !== undefined) throw new TypeError(`${name} in jwks must not be used: ${weakness}`)
  if (jwk.kty !== 'oct' && hasSecretMembers(jwk))
    throw new TypeError(`${name} in jwks is a private key: only public keys belong there`)
}
