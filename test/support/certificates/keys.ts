import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workspace.js'
import * as der from './der.js'

/** A key pair with the identifier of its public half. */
export interface Keys {
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo. */
  readonly publicKey: der.Der
  readonly identifier: der.Der
}

function toKeys({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Keys {
  const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }))
  return { privateKey, publicKey: spki, identifier: Uint8Array.from(createHash('sha256').update(spki).digest().subarray(0, 20)) }
}

export const newEcKeys = (namedCurve: 'P-256' | 'P-384' | 'P-521' | 'secp256k1' = 'P-256') =>
  toKeys(generateKeyPairSync('ec', { namedCurve }))
export const newEd25519Keys = () => toKeys(generateKeyPairSync('ed25519'))
export const newRsaKeys = (modulusLength: number, publicExponent = 65_537) =>
  toKeys(generateKeyPairSync('rsa', { modulusLength, publicExponent }))

/** A key pair of the fixtures: making RSA keys takes long. */
export function readKeys(name: string): Keys {
  const key = JSON.parse(readFileSync(join(root, 'fixtures', 'keys', `${name}.json`), 'utf8'))
  return toKeys({ privateKey: createPrivateKey({ key, format: 'jwk' }), publicKey: createPublicKey({ key, format: 'jwk' }) })
}
/** For RSASSA-PSS only; with a hash also for that only. */
export const newRsaPssKeys = (hash?: string) =>
  toKeys(
    generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      ...(hash === undefined ? {} : { hashAlgorithm: hash, mgf1HashAlgorithm: hash }),
    }),
  )
export const newDsaKeys = () => toKeys(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }))

/** How a certificate is signed: its AlgorithmIdentifier, and what makes the signature. */
export interface Signing {
  readonly algorithm: der.Der
  readonly sign: (bytes: Uint8Array, key: KeyObject) => Uint8Array
}

const algorithm = (identifier: string, ...parameters: readonly der.Der[]) =>
  der.sequence(der.objectIdentifier(identifier), ...parameters)

const withHash = (identifier: string, hash: string | null, ...parameters: readonly der.Der[]): Signing => ({
  algorithm: algorithm(identifier, ...parameters),
  sign: (bytes, key) => sign(hash, bytes, key),
})

const hashIdentifiers = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

export type HashName = keyof typeof hashIdentifiers

/** The parameters of RSASSA-PSS; `mask` is the hash of the mask where it is another one. */
export function pss(hash: HashName, saltLength: number, mask: HashName = hash, ...more: readonly der.Der[]): Signing {
  const hashAlgorithm = (name: HashName) => algorithm(hashIdentifiers[name], der.none)
  const parameters = der.sequence(
    der.explicit(0, hashAlgorithm(hash)),
    der.explicit(1, algorithm('1.2.840.113549.1.1.8', hashAlgorithm(mask))),
    der.explicit(2, der.integer(saltLength)),
    ...more,
  )
  return {
    algorithm: algorithm('1.2.840.113549.1.1.10', parameters),
    // 6 is RSA_PKCS1_PSS_PADDING.
    sign: (bytes, key) => sign(hash, bytes, { key, padding: 6, saltLength }),
  }
}

/** Signature algorithms by the names that tests use. */
export const signings = {
  rsaSha256: withHash('1.2.840.113549.1.1.11', 'sha256', der.none),
  rsaSha384: withHash('1.2.840.113549.1.1.12', 'sha384', der.none),
  rsaSha512: withHash('1.2.840.113549.1.1.13', 'sha512', der.none),
  rsaSha256WithoutParameters: withHash('1.2.840.113549.1.1.11', 'sha256'),
  rsaSha256WithOtherParameters: withHash('1.2.840.113549.1.1.11', 'sha256', der.integer(1)),
  rsaSha1: withHash('1.2.840.113549.1.1.5', 'sha1', der.none),
  rsaMd5: withHash('1.2.840.113549.1.1.4', 'md5', der.none),
  rsaSha224: withHash('1.2.840.113549.1.1.14', 'sha224', der.none),
  ecdsaSha256: withHash('1.2.840.10045.4.3.2', 'sha256'),
  ecdsaSha384: withHash('1.2.840.10045.4.3.3', 'sha384'),
  ecdsaSha512: withHash('1.2.840.10045.4.3.4', 'sha512'),
  ecdsaSha256WithParameters: withHash('1.2.840.10045.4.3.2', 'sha256', der.none),
  ecdsaSha1: withHash('1.2.840.10045.4.1', 'sha1'),
  ed25519: withHash('1.3.101.112', null),
  ed25519WithParameters: withHash('1.3.101.112', null, der.none),
  dsaSha256: withHash('2.16.840.1.101.3.4.3.2', 'sha256'),
} as const satisfies Readonly<Record<string, Signing>>
