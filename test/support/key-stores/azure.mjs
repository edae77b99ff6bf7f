// Stands in for @azure/keyvault-keys: one EC-HSM key, whose numbers are bytes and whose signatures are r and s side by side.
import { strict as assert } from 'node:assert'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { DefaultAzureCredential } from '@azure/identity'
import { signDigest } from './sign-digest.js'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export class KeyClient {
  constructor(url, credential) {
    assert.equal(new URL(url).hostname, 'my-vault.vault.azure.net')
    assert.ok(credential instanceof DefaultAzureCredential)
  }

  async getKey(name) {
    assert.equal(name, 'software-statements')
    const { x, y } = publicKey.export({ format: 'jwk' })
    const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64url'))
    return {
      name,
      id: `https://my-vault.vault.azure.net/keys/${name}/1`,
      key: { kty: 'EC-HSM', crv: 'P-256', x: bytes(x), y: bytes(y) },
    }
  }
}

export class CryptographyClient {
  constructor(key, credential) {
    assert.equal(key.key.kty, 'EC-HSM')
    assert.ok(credential instanceof DefaultAzureCredential)
  }

  async signData(algorithm, data) {
    assert.equal(algorithm, 'ES256')
    return { algorithm, result: signDigest(privateKey, createHash('sha256').update(data).digest()).raw }
  }
}
