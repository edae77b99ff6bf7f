import { describeAlgorithm, encodeBase64url } from '@software-statement/core'
import { keyMembers } from './key-members.js'
import type { PlatformCrypto } from './platform-crypto.js'

const encoder = new TextEncoder()

/** Cryptography by WebCrypto. */
export const platformCrypto: PlatformCrypto = {
  async importKey(jwk, alg) {
    const { importParameters, operationParameters } = describeAlgorithm(alg)
    const key = await crypto.subtle.importKey('jwk', keyMembers(jwk), importParameters, false, ['verify'])
    return (signature, bytes) => crypto.subtle.verify(operationParameters, key, signature, bytes)
  },
  async digest(text) {
    return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text))))
  },
}
