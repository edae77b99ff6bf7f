import { constants, createHmac, createPublicKey, createSecretKey, hash, timingSafeEqual, verify } from 'node:crypto'
import { describeAlgorithm, type Jwk, type SignatureAlgorithm } from '@software-statement/core'
import { keyMembers } from './key-members.js'
import type { PlatformCrypto, VerifySignature } from './platform-crypto.js'

/** Cryptography by `node:crypto`, in the thread that asks for it. */
export const platformCrypto: PlatformCrypto = {
  importKey: (jwk, alg) => (jwk.kty === 'oct' ? importSecret(jwk, alg) : importPublicKey(jwk, alg)),
  digest: (text) => hash('sha256', text, 'base64url'),
}

function importPublicKey(jwk: Jwk, alg: SignatureAlgorithm): VerifySignature {
  const key = createPublicKey({ key: keyMembers(jwk), format: 'jwk' })
  const { operationParameters } = describeAlgorithm(alg)
  const digest = hashOf(alg)
  switch (operationParameters.name) {
    case 'ECDSA': {
      const raw = { key, dsaEncoding: 'ieee-p1363' } as const
      return (signature, bytes) => verify(digest, bytes, raw, signature)
    }
    case 'RSA-PSS': {
      const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: operationParameters.saltLength }
      return (signature, bytes) => verify(digest, bytes, pss, signature)
    }
    default:
      return (signature, bytes) => verify(digest, bytes, key, signature)
  }
}

function importSecret({ k = '' }: Jwk, alg: SignatureAlgorithm): VerifySignature {
  const key = createSecretKey(k, 'base64url')
  const digest = hashOf(alg) ?? ''
  return (signature, bytes) => {
    const mac = createHmac(digest, key).update(bytes).digest()
    return mac.length === signature.length && timingSafeEqual(mac, signature)
  }
}

/** The name that OpenSSL has for the hash; none where the algorithm brings its own. */
function hashOf(alg: SignatureAlgorithm): string | undefined {
  const { importParameters, operationParameters } = describeAlgorithm(alg)
  return (importParameters.hash ?? operationParameters.hash)?.replace('-', '').toLowerCase()
}
