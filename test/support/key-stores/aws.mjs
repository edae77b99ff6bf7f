// Stands in for @aws-sdk/client-kms: one P-256 key, which signs digests in DER as the service does.
import { strict as assert } from 'node:assert'
import { generateKeyPairSync } from 'node:crypto'
import { signDigest } from './sign-digest.js'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

class Command {
  constructor(input) {
    this.input = input
  }
}
export class GetPublicKeyCommand extends Command {}
export class SignCommand extends Command {}

export class KMSClient {
  async send(command) {
    const { KeyId, Message, ...others } = command.input
    assert.equal(KeyId, 'alias/software-statements')
    if (command instanceof GetPublicKeyCommand) {
      return { KeyId, PublicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) }
    }
    assert.ok(command instanceof SignCommand)
    assert.deepEqual(others, { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' })
    return { KeyId, Signature: signDigest(privateKey, Message).der }
  }
}
