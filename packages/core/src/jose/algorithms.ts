/** The signature algorithms of this project (RFC 7518 3.1, RFC 8037 3.1, RFC 9864 2.2): a closed list, and never `none`. */
export type SignatureAlgorithm = AsymmetricAlgorithm | SymmetricAlgorithm

export type AsymmetricAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'EdDSA'
  | 'Ed25519'

/** MACed statements are legal (RFC 7591 2.3); they need an explicit symmetric key. */
export type SymmetricAlgorithm = 'HS256' | 'HS384' | 'HS512'

/** What an algorithm needs of its keys and of WebCrypto. */
export interface AlgorithmDescription {
  readonly kty: 'EC' | 'RSA' | 'OKP' | 'oct'
  readonly crv?: string
  /** Bytes a symmetric key needs at least: those of the hash (RFC 7518 3.2). */
  readonly minimumKeyBytes?: number
  /** What WebCrypto is told when a key is imported, and when it signs or verifies. */
  readonly importParameters: { readonly name: string; readonly hash?: string; readonly namedCurve?: string }
  readonly operationParameters: { readonly name: string; readonly hash?: string; readonly saltLength?: number }
}

const ecdsa = (crv: string, bits: number): AlgorithmDescription => ({
  kty: 'EC',
  crv,
  importParameters: { name: 'ECDSA', namedCurve: crv },
  operationParameters: { name: 'ECDSA', hash: `SHA-${bits}` },
})

const pss = (bits: number): AlgorithmDescription => ({
  kty: 'RSA',
  importParameters: { name: 'RSA-PSS', hash: `SHA-${bits}` },
  operationParameters: { name: 'RSA-PSS', saltLength: bits / 8 },
})

const pkcs1 = (bits: number): AlgorithmDescription => ({
  kty: 'RSA',
  importParameters: { name: 'RSASSA-PKCS1-v1_5', hash: `SHA-${bits}` },
  operationParameters: { name: 'RSASSA-PKCS1-v1_5' },
})

const hmac = (bits: number): AlgorithmDescription => ({
  kty: 'oct',
  minimumKeyBytes: bits / 8,
  importParameters: { name: 'HMAC', hash: `SHA-${bits}` },
  operationParameters: { name: 'HMAC' },
})

const ed25519: AlgorithmDescription = {
  kty: 'OKP',
  crv: 'Ed25519',
  importParameters: { name: 'Ed25519' },
  operationParameters: { name: 'Ed25519' },
}

const descriptions: Readonly<Record<SignatureAlgorithm, AlgorithmDescription>> = {
  ES256: ecdsa('P-256', 256),
  ES384: ecdsa('P-384', 384),
  ES512: ecdsa('P-521', 512),
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  RS256: pkcs1(256),
  RS384: pkcs1(384),
  RS512: pkcs1(512),
  EdDSA: ed25519,
  Ed25519: ed25519,
  HS256: hmac(256),
  HS384: hmac(384),
  HS512: hmac(512),
}

/** Every supported signature algorithm. */
export const signatureAlgorithms = Object.keys(descriptions) as readonly SignatureAlgorithm[] // the keys of the record above

/** The asymmetric ones: what an issuer may use by default. */
export const asymmetricAlgorithms = signatureAlgorithms.filter((alg): alg is AsymmetricAlgorithm => !alg.startsWith('HS'))

/** Whether a text names a supported signature algorithm, exactly. */
export function isSignatureAlgorithm(alg: unknown): alg is SignatureAlgorithm {
  return typeof alg === 'string' && Object.hasOwn(descriptions, alg)
}

/** Key type, curve and WebCrypto parameters of an algorithm. */
export function describeAlgorithm(alg: SignatureAlgorithm): AlgorithmDescription {
  return descriptions[alg]
}
