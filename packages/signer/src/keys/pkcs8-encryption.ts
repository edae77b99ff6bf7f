import { contentOf, derTags, readDer, readObjectIdentifier, readPositiveInteger, readSequence } from './der.js'

const pbes2 = '1.2.840.113549.1.5.13'
const pbkdf2 = '1.2.840.113549.1.5.12'

/** A few seconds of one core, and more than ten times what is recommended. */
const mostIterations = 10_000_000

/**
 * Looks at how a PKCS#8 key is encrypted before anything is derived from a passphrase: the work is chosen by whoever wrote the
 * file. Only PBES2 with PBKDF2 passes (RFC 8018 6.2), with at most 10 million iterations.
 *
 * Throws `TypeError`.
 */
export function checkEncryption(der: Uint8Array): void {
  const [info, ...behind] = readDer(der)
  const [algorithm, data] = readSequence(info)
  contentOf(data, derTags.octetString)
  if (behind.length > 0) throw new TypeError('there are bytes behind the encrypted key')

  const [scheme, parameters] = readSequence(algorithm)
  if (readObjectIdentifier(scheme) !== pbes2) throw unsupported('with PBES2')
  const [derivation] = readSequence(parameters)
  const [method, derivationParameters] = readSequence(derivation)
  if (readObjectIdentifier(method) !== pbkdf2) throw unsupported('with PBKDF2')

  const [salt, iterations] = readSequence(derivationParameters)
  contentOf(salt, derTags.octetString)
  const count = readPositiveInteger(iterations)
  if (count === undefined || count > mostIterations) {
    throw new TypeError(`the key is encrypted with an iteration count that is not within 1 and ${mostIterations}`)
  }
}

function unsupported(scheme: string) {
  const hint = 'convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in key.pem -out pkcs8.pem'
  return new TypeError(`the key is not encrypted ${scheme}; ${hint}`)
}
