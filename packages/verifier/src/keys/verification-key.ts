import {
  algorithmsOfKey,
  describeAlgorithm,
  findKeyWeakness,
  InvalidStatementError,
  type Jwk,
  type ParsedJws,
  type SignatureAlgorithm,
} from '@software-statement/core'
import { calculateJwkThumbprint } from 'jose'

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** One key that may have signed statements. Imported keys are kept: an import costs as much as a verification. */
export class VerificationKey {
  readonly kid: string | undefined
  /** What the key may verify with, by its `kty`, `crv`, `use`, `key_ops` and `alg`. */
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Why the key must not be used. */
  readonly weakness: string | undefined
  /** Whether the key is shared with its issuer. */
  readonly isSymmetric: boolean
  readonly #jwk: Jwk
  readonly #imported = new Map<SignatureAlgorithm, Promise<CryptoKey>>()
  #thumbprint: Promise<string> | undefined

  constructor(jwk: Jwk) {
    this.#jwk = jwk
    this.kid = typeof jwk.kid === 'string' ? jwk.kid : undefined
    this.algorithms = algorithmsOfKey(jwk)
    this.isSymmetric = jwk.kty === 'oct'
    this.weakness = findKeyWeakness(jwk)
  }

  /** The RFC 7638 thumbprint of the key, SHA-256, base64url. */
  thumbprint(): Promise<string> {
    this.#thumbprint ??= calculateJwkThumbprint({ ...this.#jwk } as Parameters<typeof calculateJwkThumbprint>[0]) // same members
    return this.#thumbprint
  }

  /**
   * Whether the signature of a JWS is this key's.
   *
   * Throws `InvalidStatementError` with `ERR_KEY_UNSUITABLE` if the key is weak or cannot be imported.
   */
  async verify({ header, signature, signingInput }: ParsedJws): Promise<boolean> {
    if (this.weakness !== undefined) throw unsuitable(`the key must not be used: ${this.weakness}`)
    let key = this.#imported.get(header.alg)
    if (key === undefined) {
      key = importKey(this.#jwk, header.alg)
      this.#imported.set(header.alg, key)
    }
    const imported = await key.catch((cause: unknown) => {
      throw unsuitable('the key cannot be imported', cause) // a new error for each statement
    })
    return crypto.subtle.verify(describeAlgorithm(header.alg).operationParameters, imported, signature, signingInput)
  }
}

function importKey(jwk: Jwk, alg: SignatureAlgorithm): Promise<CryptoKey> {
  const { kty, crv, x, y, n, e, k } = jwk
  // Only the public members: `alg`, `use` and `key_ops` have been judged, and WebCrypto spells some of them differently.
  const members = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e, k }).filter(([, value]) => value !== undefined))
  return crypto.subtle.importKey('jwk', members, describeAlgorithm(alg).importParameters, false, ['verify'])
}

function unsuitable(message: string, cause?: unknown) {
  return new InvalidStatementError('ERR_KEY_UNSUITABLE', message, { cause })
}
