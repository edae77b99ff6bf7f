import { type CertificateChain, type ChainSubject, encodeBase64, type Jwk, minimalKey, toAscii } from '@software-statement/core'
import type { Certificate } from '../certificate/certificate.js'
import type { Encoded } from '../certificate/read-bytes.js'
import { checkOptions } from '../check-options.js'
import { DerFault } from '../der/der-fault.js'
import { type IssuerFrom, isCertificateOf, issuerFromRule } from '../trust/issuer-names.js'
import { isForSignatures, readLeafKey } from '../trust/leaf-key.js'
import { findOrderFaults } from './chain-faults.js'
import { readEncodedChain } from './read-encoded-chain.js'

/** As many as verifiers accept. */
const mostCertificates = 5

/** How the issuer of a statement follows from its certificate. */
export interface CertificateChainOptions {
  /** Default: `san-uri`, a URI of subjectAltName. */
  readonly issuerFrom?: IssuerFrom
}

/**
 * Makes the `x5c` option of a signer: the certificates for the header of a statement, checked against it before it is signed. The leaf comes
 * first, is for the key that signs, its algorithm and digital signatures, and names the issuer; each certificate is signed by the next one; the anchor is
 * left out, for whoever trusts it has it; all are valid as long as the statement. PEM text with all of them, or one by one as PEM, base64 or
 * DER.
 *
 * Throws `TypeError` for malformed options and certificates that cannot be read, and rejects with `TypeError` for those that do not fit.
 *
 * @example
 * ```ts
 * const x5c = certificateChain([leafCertificate, intermediateCertificate])
 * const certificates = await x5c({
 *   ...{ issuer: 'https://publisher.example', alg: 'ES256', publicKey: leafKey },
 *   ...{ validFrom: Date.UTC(2030, 5) / 1000, validUntil: Date.UTC(2030, 8) / 1000 },
 * })
 * certificates.length // 2
 * ```
 */
export function certificateChain(chain: string | readonly Encoded[], options: CertificateChainOptions = {}): CertificateChain {
  checkOptions(options, { issuerFrom: issuerFromRule })
  const { issuerFrom = 'san-uri' } = options
  const certificates = readEncodedChain(chain)
  if (certificates.length > mostCertificates) throw new TypeError(`a chain must have at most ${mostCertificates} certificates`)
  const [leaf] = certificates
  const encoded = certificates.map(({ der }) => encodeBase64(der))
  return async (subject) => {
    checkLeaf(leaf, subject, issuerFrom)
    const faults = await findOrderFaults(certificates)
    for (const [index, certificate] of certificates.entries()) {
      const [fault] = faults[index] ?? []
      if (fault !== undefined) throw refuse(index, fault.message)
      checkValidity(certificate, index, subject)
    }
    return encoded
  }
}

function checkLeaf(leaf: Certificate, { issuer, alg, publicKey }: ChainSubject, issuerFrom: IssuerFrom): void {
  if (publicKey === undefined) throw new TypeError('a symmetric key has no certificate')
  const own = readKeys(leaf).filter((jwk) => isSameKey(jwk, publicKey))
  if (own.length === 0) throw refuse(0, 'it is not for the key that signs')
  const fits = own.some((jwk) => jwk.alg === undefined || jwk.alg === alg)
  if (!fits) throw refuse(0, `its key is for ${own.map((jwk) => jwk.alg).join(', ')}, not for ${alg}`)
  if (!isCertificateOf(issuer, leaf, issuerFrom)) {
    const where = issuerFrom === 'san-uri' ? ' among the URIs of its subjectAltName' : ''
    throw refuse(0, `it does not name the issuer "${toAscii(issuer)}"${where}`)
  }
  if (!isForSignatures(leaf)) throw refuse(0, 'its key is not for digital signatures')
}

function readKeys(leaf: Certificate): readonly Jwk[] {
  try {
    return readLeafKey(leaf.publicKey).keys
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    throw refuse(0, `its key must not be used: ${error.message}`)
  }
}

function isSameKey(one: Jwk, other: Jwk): boolean {
  const [first, second] = [minimalKey(one), minimalKey(other)]
  return (['kty', 'crv', 'x', 'y', 'n', 'e'] as const).every((member) => first[member] === second[member])
}

function checkValidity({ notBefore, notAfter }: Certificate, index: number, { validFrom, validUntil }: ChainSubject): void {
  if (validFrom < notBefore) throw refuse(index, 'it is not valid yet when the statement is')
  if (validUntil > notAfter) throw refuse(index, 'it ends before the statement')
}

const refuse = (index: number, message: string) => new TypeError(`x5c: certificate ${index + 1}: ${message}`)
