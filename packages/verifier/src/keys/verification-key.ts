import {
  algorithmsOfKey,
  findKeyWeakness,
  InvalidStatementError,
  type Jwk,
  minimalKey,
  type ParsedJws,
  rsaSignatureBytes,
  type SignatureAlgorithm,
} from '@software-statement/core'
import { calculateJwkThumbprint } from 'jose'
import { platformCrypto } from '#crypto'
import type { VerifySignature } from '../crypto/platform-crypto.js'

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
  readonly #signatureBytes: number | undefined
  readonly #imported = new Map<SignatureAlgorithm, VerifySignature>()
  #thumbprints: Promise<readonly [string, string]> | undefined

  constructor(jwk: Jwk) {
    this.#jwk = jwk
    this.kid = typeof jwk.kid === 'string' ? jwk.kid : undefined
    this.algorithms = algorithmsOfKey(jwk)
    this.isSymmetric = jwk.kty === 'oct'
    this.#signatureBytes = rsaSignatureBytes(jwk)
    this.weakness = findKeyWeakness(jwk)
  }

  /** The RFC 7638 thumbprint of the key, SHA-256, base64url. */
  async thumbprint(): Promise<string> {
    const [thumbprint] = await this.#findThumbprints()
    return thumbprint
  }

  /**
   * Whether the key has one of these thumbprints, be it that of its numbers as they are published, with leading zeros. A key without the
   * members that make one has none, and verifies nothing.
   */
  async hasThumbprint(thumbprints: readonly string[]): Promise<boolean> {
    try {
      return (await this.#findThumbprints()).some((thumbprint) => thumbprints.includes(thumbprint))
    } catch {
      return false
    }
  }

  #findThumbprints(): Promise<readonly [string, string]> {
    this.#thumbprints ??= Promise.all([thumbprintOf(minimalKey(this.#jwk)), thumbprintOf(this.#jwk)])
    return this.#thumbprints
  }

  /** Whether the key can verify anything: it is not weak, and can be imported. */
  async isUsable(): Promise<boolean> {
    const [alg] = this.algorithms
    if (alg === undefined || this.weakness !== undefined) return false
    try {
      await this.#import(alg)
      return true
    } catch {
      return false
    }
  }

  /**
   * Whether the signature of a JWS is this key's.
   *
   * Throws `InvalidStatementError` with `ERR_KEY_UNSUITABLE` if the key is weak or cannot be imported.
   */
  async verify({ header, signature, signingInput }: ParsedJws): Promise<boolean> {
    if (this.weakness !== undefined) throw unsuitable(`the key must not be used: ${this.weakness}`)
    if (signature.length !== (this.#signatureBytes ?? signature.length)) return false
    const isSigned = await this.#import(header.alg)
    return isSigned(signature, signingInput)
  }

  async #import(alg: SignatureAlgorithm): Promise<VerifySignature> {
    const known = this.#imported.get(alg)
    if (known !== undefined) return known
    try {
      const isSigned = await platformCrypto.importKey(this.#jwk, alg)
      this.#imported.set(alg, isSigned)
      return isSigned
    } catch (cause) {
      throw unsuitable('the key cannot be imported', cause)
    }
  }
}

function thumbprintOf(jwk: Jwk): Promise<string> {
  return calculateJwkThumbprint({ ...jwk } as Parameters<typeof calculateJwkThumbprint>[0]) // same members
}

/** The key among the given ones that is the same as another: the same object, or by its thumbprint. */
export async function findSameKey(key: VerificationKey, among: readonly VerificationKey[]): Promise<VerificationKey | undefined> {
  if (among.includes(key)) return key
  const thumbprint = await key.thumbprint()
  for (const candidate of among) if (await candidate.hasThumbprint([thumbprint])) return candidate
  return undefined
}

function unsuitable(message: string, cause?: unknown) {
  return new InvalidStatementError('ERR_KEY_UNSUITABLE', message, { cause })
}
