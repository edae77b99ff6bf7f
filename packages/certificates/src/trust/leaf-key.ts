import { encodeBase64url, type Jwk, type JwkSet } from '@software-statement/core'
import type { Certificate, SubjectPublicKey } from '../certificate/certificate.js'
import { type IssuerKey, readIssuerKey } from '../signature/issuer-key.js'

/** Whether the key of a certificate may sign statements; one without usages is for all (RFC 5280 4.2.1.3). */
export function isForSignatures({ extensions }: Certificate): boolean {
  return extensions.keyUsage?.value.has('digitalSignature') !== false
}

/**
 * The key of a certificate as JWKs, one for each way it may be used: a key for RSASSA-PSS only (RFC 4055 1.2) signs with no other algorithm,
 * and one that names hash and salt with no other than those.
 *
 * Throws `DerFault` for a key that is unknown, weak or of a wrong form.
 */
export function readLeafKey(publicKey: SubjectPublicKey): JwkSet {
  return { keys: toJwks(readIssuerKey(publicKey)) }
}

function toJwks(key: IssuerKey): readonly Jwk[] {
  switch (key.type) {
    case 'RSA':
      return toRsaJwks(key)
    case 'EC': {
      const [x, y] = [key.point.subarray(1, 1 + key.bytes), key.point.subarray(1 + key.bytes)].map(encodeBase64url)
      return x === undefined || y === undefined ? [] : [{ kty: 'EC', crv: key.namedCurve, x, y }]
    }
    case 'Ed25519':
      return [{ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key.point) }]
  }
}

/** Salts of a JWS are as long as its hash (RFC 7518 3.5). */
const pssAlgorithms = [
  { alg: 'PS256', hash: 'SHA-256', saltLength: 32 },
  { alg: 'PS384', hash: 'SHA-384', saltLength: 48 },
  { alg: 'PS512', hash: 'SHA-512', saltLength: 64 },
] as const

function toRsaJwks({ jwk, pss }: Extract<IssuerKey, { type: 'RSA' }>): readonly Jwk[] {
  if (pss === undefined) return [jwk]
  const fitting = pssAlgorithms.filter(
    ({ hash, saltLength }) => pss === 'any' || (pss.hash === hash && saltLength >= pss.saltLength),
  )
  return fitting.map(({ alg }) => ({ ...jwk, alg }))
}
