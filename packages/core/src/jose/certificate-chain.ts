import type { SignatureAlgorithm } from './algorithms.js'
import type { Jwk } from './jwk.js'

/** What is to be signed, as far as certificates have to fit it. */
export interface ChainSubject {
  readonly issuer: string
  /** The algorithm of the signature. */
  readonly alg: SignatureAlgorithm
  /** The public half of the key that signs; a symmetric key has none. */
  readonly publicKey: Jwk | undefined
  /** When the statement begins and ends to be valid, in seconds since 1970. */
  readonly validFrom: number
  readonly validUntil: number
}

/**
 * Gives the certificates for the header of a statement (`x5c`, RFC 7515 4.1.6), leaf first, in base64. Rejects with `TypeError` if they do
 * not fit it.
 */
export type CertificateChain = (subject: ChainSubject) => Promise<readonly string[]>
