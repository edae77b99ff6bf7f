import type { AlgorithmIdentifier } from '../certificate/algorithm-identifier.js'
import { DerFault } from '../der/der-fault.js'
import { readPssParameters } from './pss-parameters.js'

export type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** A signature algorithm with its parameters, by its names in WebCrypto. */
export type SignatureScheme =
  | { readonly name: 'RSASSA-PKCS1-v1_5' | 'ECDSA'; readonly hash: Hash }
  | { readonly name: 'RSA-PSS'; readonly hash: Hash; readonly saltLength: number }
  | { readonly name: 'Ed25519' }

type Reader = (parameters: Uint8Array | undefined) => SignatureScheme

/** Parameters are NULL, and have to be accepted where they are left out (RFC 4055 5). */
const rsa =
  (hash: Hash): Reader =>
  (parameters) => {
    if (parameters !== undefined && !isNull(parameters)) throw new DerFault('the parameters of the algorithm are not NULL')
    return { name: 'RSASSA-PKCS1-v1_5', hash }
  }

/** There are no parameters (RFC 5758 3.2, RFC 8410 3). */
const bare =
  (scheme: SignatureScheme): Reader =>
  (parameters) => {
    if (parameters !== undefined) throw new DerFault('the algorithm has parameters')
    return scheme
  }

/** What is not here is not accepted: MD5, SHA-1 and DSA among others. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['1.2.840.113549.1.1.11', rsa('SHA-256')],
  ['1.2.840.113549.1.1.12', rsa('SHA-384')],
  ['1.2.840.113549.1.1.13', rsa('SHA-512')],
  ['1.2.840.113549.1.1.10', (parameters) => ({ name: 'RSA-PSS', ...readPssParameters(parameters) })],
  ['1.2.840.10045.4.3.2', bare({ name: 'ECDSA', hash: 'SHA-256' })],
  ['1.2.840.10045.4.3.3', bare({ name: 'ECDSA', hash: 'SHA-384' })],
  ['1.2.840.10045.4.3.4', bare({ name: 'ECDSA', hash: 'SHA-512' })],
  ['1.3.101.112', bare({ name: 'Ed25519' })],
])

/** The scheme an algorithm identifier means, or `undefined` for one that is not accepted. Throws `DerFault`. */
export function readSignatureScheme({ algorithm, parameters }: AlgorithmIdentifier): SignatureScheme | undefined {
  return readers.get(algorithm)?.(parameters)
}

export const isNull = (parameters: Uint8Array) => parameters.length === 2 && parameters[0] === 0x05 && parameters[1] === 0x00
