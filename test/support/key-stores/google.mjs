// Stands in for @google-cloud/kms: one EC_SIGN_P256_SHA256 key, whose answers are arrays and whose signatures are DER.
import { strict as assert } from 'node:assert'
import { generateKeyPairSync } from 'node:crypto'
import { signDigest } from './sign-digest.js'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export class KeyManagementServiceClient {
  cryptoKeyVersionPath(project, location, ring, key, version) {
    return `projects/${project}/locations/${location}/keyRings/${ring}/cryptoKeys/${key}/cryptoKeyVersions/${version}`
  }

  async getPublicKey({ name }) {
    assert.match(name, /^projects\/my-project\/.*\/cryptoKeyVersions\/1$/)
    return [
      { name, pem: publicKey.export({ type: 'spki', format: 'pem' }), algorithm: 'EC_SIGN_P256_SHA256' },
      undefined,
      undefined,
    ]
  }

  async asymmetricSign({ name, digest }) {
    assert.match(name, /\/cryptoKeyVersions\/1$/)
    assert.deepEqual(Object.keys(digest), ['sha256'])
    return [{ name, signature: Buffer.from(signDigest(privateKey, digest.sha256).der) }, undefined, undefined]
  }
}
