import type { Jwk, SignatureAlgorithm } from '@software-statement/core'

/** What takes time on one platform and none on another. */
export type Awaitable<Value> = Value | Promise<Value>

/** Whether a signature over some bytes is that of a key. */
export type VerifySignature = (signature: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>) => Awaitable<boolean>

/**
 * The cryptography of a platform. One at a time, a verification through WebCrypto takes about twice as long as one through
 * `node:crypto`, because it goes by way of another thread: so there is a part for Node beside the one for all others.
 */
export interface PlatformCrypto {
  /** Imports a public or symmetric key for one algorithm it fits. Throws or rejects if it cannot. */
  importKey(jwk: Jwk, alg: SignatureAlgorithm): Awaitable<VerifySignature>
  /** SHA-256 of a text in UTF-8, as base64url. */
  digest(text: string): Awaitable<string>
}
