import { type AsymmetricAlgorithm, asymmetricAlgorithms, describeAlgorithm, type Jwk } from '@software-statement/core'
import { keygenOptions, validateOptions } from '../option-rules.js'
import { pickMembers, thumbprintOf } from './public-half.js'

/** A private signing key as a JWK: `kid` is its RFC 7638 thumbprint. */
export type PrivateJwk = Jwk & { readonly kid: string; readonly alg: AsymmetricAlgorithm; readonly use: 'sig' }

const keyMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const

/** As strong as P-256 (NIST SP 800-57 part 1, table 2); verifiers refuse less than 2048. */
const defaultModulusLength = 3072

/**
 * Generates a private signing key.
 *
 * Throws `TypeError` for anything but an asymmetric signature algorithm (a symmetric key has no half to publish), and for a modulus
 * outside of 2048 to 8192 bits, and for an option that is not known.
 *
 * @example
 * ```ts
 * const key = await generateSigningKey('ES256')
 * console.log(key.kid)
 * ```
 */
export async function generateSigningKey(
  alg: AsymmetricAlgorithm = 'ES256',
  options: {
    /** Bits of an RSA modulus, in whole bytes; default: 3072. */
    readonly modulusLength?: number
  } = {},
): Promise<PrivateJwk> {
  validateOptions(options, keygenOptions)
  if (!asymmetricAlgorithms.includes(alg)) throw new TypeError(`a key is generated for one of ${asymmetricAlgorithms.join(', ')}`)
  const { kty, importParameters } = describeAlgorithm(alg)
  const size = kty === 'RSA' ? readModulusLength(options) : undefined
  const modulus = size === undefined ? {} : { modulusLength: size, publicExponent: new Uint8Array([1, 0, 1]) }
  const generated = await crypto.subtle.generateKey({ ...importParameters, ...modulus }, true, ['sign', 'verify'])
  if (!('privateKey' in generated)) throw new TypeError(`${alg} does not have key pairs`)
  const jwk = pickMembers({ ...(await crypto.subtle.exportKey('jwk', generated.privateKey)) }, keyMembers)
  return { kid: await thumbprintOf(jwk), use: 'sig', alg, ...jwk }
}

function readModulusLength({ modulusLength = defaultModulusLength }: { readonly modulusLength?: number }): number {
  const isFit = Number.isSafeInteger(modulusLength) && modulusLength >= 2048 && modulusLength <= 8192 && modulusLength % 8 === 0
  if (!isFit) throw new TypeError('modulusLength must be 2048 to 8192 bits in whole bytes')
  return modulusLength
}
