import type { Certificate } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { equalBytes } from '../der/equal-bytes.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import type { Budget } from '../path/budget.js'
import { joinEcdsaSignature } from './ecdsa-signature.js'
import { type IssuerKey, readIssuerKey } from './issuer-key.js'
import { readSignatureScheme, type SignatureScheme } from './signature-scheme.js'

/** What is signed, and how: a certificate, or a list of revoked ones. */
export type Signed = Pick<Certificate, 'reference' | 'tbs' | 'signature' | 'signatureAlgorithm' | 'signedAlgorithm'>

type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/**
 * Verifies signatures with the keys of certificates (RFC 5280 6.1.3 (a)(1)), for one validation: each signature is looked at once per key,
 * whatever certificates the key is in, and each key is read once.
 */
export class SignatureVerifier {
  readonly #budget: Budget
  readonly #outcomes = new Map<Signed, Map<string, Promise<void>>>()
  readonly #keys = new Map<string, IssuerKey>()

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Resolves if the key of the issuer verifies the signature, else rejects with a `CertificatePathError`. */
  verify(signed: Signed, issuer: Certificate): Promise<void> {
    const outcomes = this.#outcomes.get(signed) ?? new Map<string, Promise<void>>()
    this.#outcomes.set(signed, outcomes)
    const name = issuer.publicKey.comparable
    const outcome = outcomes.get(name) ?? this.#verify(signed, issuer)
    outcomes.set(name, outcome)
    return outcome
  }

  async #verify(signed: Signed, issuer: Certificate): Promise<void> {
    const scheme = signatureSchemeOf(signed)
    const key = this.#keyOf(issuer)
    if (!fits(key, scheme)) throw unsuitable(issuer, `a key for ${key.type} does not make signatures of ${scheme.name}`)
    this.#budget.spend('signatures', 1)
    const signature = signatureFor(key, signed.signature)
    if (signature === undefined) throw invalid(signed)
    const imported = await importKey(key, scheme).catch((cause: unknown) => {
      throw unsuitable(issuer, 'the key cannot be imported', cause)
    })
    // Platforms throw for what cannot be a signature of the key, such as one with more salt than it has room for.
    const isSigned = await crypto.subtle.verify(scheme, imported, signature, signed.tbs).catch(() => false)
    if (!isSigned) throw invalid(signed)
  }

  #keyOf(issuer: Certificate): IssuerKey {
    try {
      const name = issuer.publicKey.comparable
      const key = this.#keys.get(name) ?? readIssuerKey(issuer.publicKey)
      this.#keys.set(name, key)
      return key
    } catch (error) {
      if (!(error instanceof DerFault)) throw error
      throw unsuitable(issuer, `the key must not be used: ${error.message}`, error)
    }
  }
}

/**
 * The signature algorithm, which stands beside the signature and among what is signed, the same in both places (RFC 5280 4.1.1.2).
 *
 * Throws `CertificatePathError`.
 */
function signatureSchemeOf({
  reference,
  signatureAlgorithm,
  signedAlgorithm,
}: Omit<Signed, 'tbs' | 'signature'>): SignatureScheme {
  if (!equalBytes(signatureAlgorithm.der, signedAlgorithm.der)) {
    throw new CertificatePathError(
      'ERR_CERTIFICATE_ALGORITHM_MISMATCH',
      'the signature algorithm is not the one that is signed',
      {
        certificate: reference,
      },
    )
  }
  try {
    const scheme = readSignatureScheme(signatureAlgorithm)
    if (scheme === undefined) throw new DerFault(`${signatureAlgorithm.algorithm} is not accepted`)
    return scheme
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    throw new CertificatePathError('ERR_CERTIFICATE_ALGORITHM_UNSUPPORTED', `the signature algorithm: ${error.message}`, {
      certificate: reference,
    })
  }
}

/** Whether a key may make signatures of the scheme; a key for RSASSA-PSS may say with which hash and salt (RFC 4055 3.3). */
function fits(key: IssuerKey, scheme: SignatureScheme): boolean {
  switch (scheme.name) {
    case 'RSASSA-PKCS1-v1_5':
      return key.type === 'RSA' && key.pss === undefined
    case 'RSA-PSS': {
      if (key.type !== 'RSA') return false
      const isLimited = key.pss !== undefined && key.pss !== 'any'
      return !isLimited || (key.pss.hash === scheme.hash && scheme.saltLength >= key.pss.saltLength)
    }
    case 'ECDSA':
      return key.type === 'EC'
    case 'Ed25519':
      return key.type === 'Ed25519'
  }
}

/** The signature as WebCrypto takes it, or `undefined` for what is none of this key. */
function signatureFor(key: IssuerKey, signature: Uint8Array): Uint8Array | undefined {
  if (key.type === 'Ed25519') return signature
  if (key.type === 'RSA') return signature.length === key.bytes ? signature : undefined
  try {
    return joinEcdsaSignature(signature, key.bytes)
  } catch (error) {
    if (error instanceof DerFault) return undefined
    throw error
  }
}

function importKey(key: IssuerKey, scheme: SignatureScheme): Promise<ImportedKey> {
  switch (key.type) {
    case 'RSA':
      return crypto.subtle.importKey('jwk', key.jwk, scheme, false, ['verify'])
    case 'EC':
      return crypto.subtle.importKey('raw', key.point, { name: 'ECDSA', namedCurve: key.namedCurve }, false, ['verify'])
    case 'Ed25519':
      return crypto.subtle.importKey('raw', key.point, 'Ed25519', false, ['verify'])
  }
}

function invalid({ reference }: Signed): CertificatePathError {
  return new CertificatePathError('ERR_CERTIFICATE_SIGNATURE_INVALID', 'the key of the issuer does not verify the signature', {
    certificate: reference,
  })
}

function unsuitable({ reference }: Certificate, message: string, cause?: unknown): CertificatePathError {
  return new CertificatePathError('ERR_CERTIFICATE_KEY_UNSUITABLE', message, { certificate: reference, cause })
}
