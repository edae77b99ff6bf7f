import {
  type AsymmetricAlgorithm,
  algorithmsOfKey,
  hasSecretMembers,
  type Jwk,
  type SignatureAlgorithm,
  StatementError,
  TrustUnavailableError,
  toAscii,
} from '@software-statement/core'
import type { KeyMaterial } from './key-material.js'
import { type KeyMembers, publicHalfOf } from './public-half.js'
import { type Bytes, importKey, isSignatureOf } from './sign-bytes.js'
import { readSignature } from './signature-forms.js'

/**
 * A private key that stays in a KMS or HSM. The public half is declared, and whatever `sign` answers is verified with it before it is
 * used.
 *
 * @example
 * ```ts
 * const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
 * const key: RemoteKey = {
 *   alg: 'ES256',
 *   publicJwk: { ...(await crypto.subtle.exportKey('jwk', publicKey)), key_ops: ['verify'] },
 *   sign: async (data) =>
 *     new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new Uint8Array(data))),
 * }
 * const statement = await signSoftwareStatement({ software_id: 'mail' }, { issuer: 'https://publisher.example', key })
 * ```
 */
export interface RemoteKey {
  /** What the signer signs with; it has to fit `publicJwk`. */
  readonly alg: AsymmetricAlgorithm
  /** The public key, without private members. */
  readonly publicJwk: Jwk
  /** Default: that of `publicJwk`, else its RFC 7638 thumbprint. */
  readonly kid?: string
  /**
   * Signs the data, which is not hashed yet: up to the size of a statement, in bytes. The answer is the signature as bytes: for ECDSA
   * `r` and `s` side by side (RFC 7518 3.4) or in DER (RFC 3279 2.2.3), for others the one form there is. It has no time limit: set one
   * in the client. What it throws becomes the `cause` of a `TrustUnavailableError` (`ERR_SIGNER_UNAVAILABLE`); a `StatementError` is
   * passed on.
   */
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** Whether a key is one that signs elsewhere. */
export function isRemoteKey(input: unknown): input is RemoteKey {
  return typeof input === 'object' && input !== null && 'sign' in input && typeof input.sign === 'function'
}

/** Reads the declaration of a remote key; nobody is asked yet. Throws `TypeError`. */
export function readRemoteKey(key: RemoteKey): KeyMaterial {
  const { alg, kid } = key
  const publicJwk: unknown = key.publicJwk
  if (!isJwk(publicJwk)) throw new TypeError('the remote key has no publicJwk')
  if (hasSecretMembers(publicJwk)) throw new TypeError('the publicJwk of the remote key holds private or symmetric members')
  if (!algorithmsOfKey(publicJwk).some((fitting) => fitting === alg)) {
    throw new TypeError(`alg "${toAscii(String(alg))}" does not fit the publicJwk of the remote key`)
  }
  const name = kid ?? publicJwk.kid
  const publicHalf = publicHalfOf(publicJwk)
  const jwk = { ...publicHalf, alg, ...(name === undefined ? {} : { kid: name }) }
  return {
    jwk,
    held: { algorithms: algorithmsOfKey(jwk), sign: (chosen, bytes) => signRemotely(key, publicHalf, chosen, bytes) },
  }
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && 'kty' in value
}

/** Asks the signer, and reads the answer in the form that verifies with the declared key. */
async function signRemotely(key: RemoteKey, publicHalf: KeyMembers, alg: SignatureAlgorithm, bytes: Bytes): Promise<Bytes> {
  await importKey(publicHalf, alg, 'verify') // nothing is signed for a key with which nobody could verify it
  const answer = await ask(key, bytes)
  for (const signature of readSignature(answer, alg, publicHalf)) {
    if (await isSignatureOf(publicHalf, alg, bytes, signature)) return signature
  }
  throw new TypeError('the signature of the remote key does not verify with its publicJwk: it is of another key or of other data')
}

async function ask(key: RemoteKey, bytes: Bytes): Promise<unknown> {
  try {
    // A copy: what is verified is what was to be signed, whatever the signer does with it.
    return await key.sign(bytes.slice())
  } catch (cause) {
    if (cause instanceof StatementError) throw cause
    throw new TrustUnavailableError('ERR_SIGNER_UNAVAILABLE', 'the remote key could not be asked for a signature', { cause })
  }
}
