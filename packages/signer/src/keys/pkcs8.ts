import { describeAlgorithm, type Jwk, type SignatureAlgorithm } from '@software-statement/core'
import { readDer, readObjectIdentifier, readSequence } from './der.js'
import { decryptPkcs8 } from './node-crypto.js'
import { checkEncryption } from './pkcs8-encryption.js'

const rsa = '1.2.840.113549.1.1.1'
const rsaPss = '1.2.840.113549.1.1.10'
const ec = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

/** For each kind of key an algorithm that WebCrypto can import it for; which it will sign with is decided later. */
const importAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [rsa, 'RS256'],
  [`${ec} 1.2.840.10045.3.1.7`, 'ES256'],
  [`${ec} 1.3.132.0.34`, 'ES384'],
  [`${ec} 1.3.132.0.35`, 'ES512'],
  [ed25519, 'EdDSA'],
])

/** Reads an unencrypted PKCS#8 key (RFC 5958 2) as a private JWK. Throws `TypeError`. */
export async function readPkcs8(der: Uint8Array<ArrayBuffer>): Promise<Jwk> {
  const alg = importAlgorithms.get(readKind(der))
  if (alg === undefined) throw new TypeError('the key is not RSA, P-256, P-384, P-521 or Ed25519')
  try {
    const key = await crypto.subtle.importKey('pkcs8', der, describeAlgorithm(alg).importParameters, true, ['sign'])
    const { alg: _alg, key_ops: _operations, ...jwk } = await crypto.subtle.exportKey('jwk', key)
    return jwk
  } catch {
    throw new TypeError('the PKCS#8 key cannot be imported')
  }
}

/** Reads an encrypted PKCS#8 key (RFC 5958 3) as a private JWK. Throws `TypeError`. */
export async function readEncryptedPkcs8(der: Uint8Array<ArrayBuffer>, passphrase: string | undefined): Promise<Jwk> {
  checkEncryption(der)
  if (passphrase === undefined) throw new TypeError('the key is encrypted and there is no passphrase')
  return decryptPkcs8(der, passphrase)
}

/** The algorithm of a key, and its curve for one of an elliptic curve. */
function readKind(der: Uint8Array): string {
  const [info, ...behind] = readDer(der)
  if (behind.length > 0) throw new TypeError('there are bytes behind the key')
  const [, algorithm] = readSequence(info)
  const [identifier, parameters] = readSequence(algorithm)
  const kind = readObjectIdentifier(identifier)
  if (kind === rsaPss) throw new TypeError('the key is for RSASSA-PSS only; make it a plain RSA key, which signs with PSS too')
  return kind === ec ? `${ec} ${readObjectIdentifier(parameters)}` : kind
}
