import { describe, expect, test } from 'vitest'
import * as der from '../support/certificates/der.js'
import { type Issued, issue, issueAuthority, issueRoot, type Parts } from '../support/certificates/issue.js'
import {
  type Keys,
  newDsaKeys,
  newEcKeys,
  newEd25519Keys,
  newRsaKeys,
  newRsaPssKeys,
  pss,
  readKeys,
  type Signing,
  signings,
} from '../support/certificates/keys.js'
import { outcomeOf } from '../support/certificates/outcome.js'

const rsa = readKeys('rsa-2048')
const shortRsa = readKeys('rsa-1024')
const pssOnly = newRsaPssKeys()
const pssSha256 = newRsaPssKeys('sha256')
const p256 = newEcKeys()
const p384 = newEcKeys('P-384')
const p521 = newEcKeys('P-521')
const ed25519 = newEd25519Keys()

const root = issueRoot()

/** What becomes of a leaf that an authority with these keys has signed like this. */
const outcomeWith = (keys: Keys, signing: Signing, parts: Parts = {}) => {
  const authority = issueAuthority(root, { keys })
  return outcomeOf(issue(authority, { signing, ...parts }), [authority], [root])
}

describe('signatures that are accepted', () => {
  test.each<[string, Keys, Signing]>([
    ['RSA with SHA-256', rsa, signings.rsaSha256],
    ['RSA with SHA-384', rsa, signings.rsaSha384],
    ['RSA with SHA-512', rsa, signings.rsaSha512],
    ['RSA whose parameters are left out', rsa, signings.rsaSha256WithoutParameters],
    ['RSASSA-PSS with SHA-256', rsa, pss('sha256', 32)],
    ['RSASSA-PSS with SHA-384', rsa, pss('sha384', 48)],
    ['RSASSA-PSS with SHA-512', rsa, pss('sha512', 64)],
    ['RSASSA-PSS without salt', rsa, pss('sha256', 0)],
    ['RSASSA-PSS whose trailer is spelled out', rsa, pss('sha256', 32, 'sha256', der.explicit(3, der.integer(1)))],
    ['RSASSA-PSS with a key for nothing else', pssOnly, pss('sha384', 48)],
    ['RSASSA-PSS with a key for that hash only', pssSha256, pss('sha256', 32)],
    ['P-256 with SHA-256', p256, signings.ecdsaSha256],
    ['P-256 with SHA-512', p256, signings.ecdsaSha512],
    ['P-384 with SHA-384', p384, signings.ecdsaSha384],
    ['P-521 with SHA-512', p521, signings.ecdsaSha512],
    ['Ed25519', ed25519, signings.ed25519],
  ])('%s', async (_, keys, signing) => {
    expect(await outcomeWith(keys, signing)).toBe('valid')
  })
})

describe('signatures that are refused', () => {
  test.each<[string, Keys, Signing, string]>([
    ['RSA with SHA-1', rsa, signings.rsaSha1, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['RSA with MD5', rsa, signings.rsaMd5, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['RSA with SHA-224', rsa, signings.rsaSha224, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['RSA with parameters that are not NULL', rsa, signings.rsaSha256WithOtherParameters, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['RSASSA-PSS with SHA-1', rsa, pss('sha1', 20), 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['RSASSA-PSS with another hash for the mask', rsa, pss('sha256', 32, 'sha512'), 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    [
      'RSASSA-PSS with another trailer',
      rsa,
      pss('sha256', 32, 'sha256', der.explicit(3, der.integer(2))),
      'ALGORITHM_UNSUPPORTED 4.1.1.2',
    ],
    [
      'RSASSA-PSS without parameters',
      rsa,
      { ...pss('sha256', 32), algorithm: der.sequence(der.objectIdentifier('1.2.840.113549.1.1.10')) },
      'ALGORITHM_UNSUPPORTED 4.1.1.2',
    ],
    [
      'RSASSA-PSS with a key for another hash',
      pssSha256,
      { ...pss('sha384', 48), sign: pss('sha256', 48).sign },
      'KEY_UNSUITABLE 4.1.2.7',
    ],
    [
      'RSASSA-PSS with a salt shorter than the key wants',
      pssSha256,
      { ...pss('sha256', 8), sign: pss('sha256', 32).sign },
      'KEY_UNSUITABLE 4.1.2.7',
    ],
    [
      'RSA 1.5 with a key for RSASSA-PSS only',
      pssOnly,
      { ...signings.rsaSha256, sign: pss('sha256', 32).sign },
      'KEY_UNSUITABLE 4.1.2.7',
    ],
    ['RSA of 1024 bits', shortRsa, signings.rsaSha256, 'KEY_UNSUITABLE 4.1.2.7'],
    ['ECDSA with SHA-1', p256, signings.ecdsaSha1, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['ECDSA with parameters', p256, signings.ecdsaSha256WithParameters, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['ECDSA on another curve', newEcKeys('secp256k1'), signings.ecdsaSha256, 'KEY_UNSUITABLE 4.1.2.7'],
    [
      'RSASSA-PSS with a salt that no number holds',
      rsa,
      { algorithm: pss('sha256', 2 ** 52).algorithm, sign: pss('sha256', 32).sign },
      'ALGORITHM_UNSUPPORTED 4.1.1.2',
    ],
    [
      'RSASSA-PSS with a salt longer than the signature',
      rsa,
      { algorithm: pss('sha256', 900).algorithm, sign: pss('sha256', 32).sign },
      'SIGNATURE_INVALID 6.1.3 (a)(1)',
    ],
    ['Ed25519 with parameters', ed25519, signings.ed25519WithParameters, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    ['DSA', newDsaKeys(), signings.dsaSha256, 'ALGORITHM_UNSUPPORTED 4.1.1.2'],
    [
      'an algorithm of another kind of key',
      p256,
      { ...signings.rsaSha256, sign: signings.ecdsaSha256.sign },
      'KEY_UNSUITABLE 4.1.2.7',
    ],
  ])('%s', async (_, keys, signing, outcome) => {
    expect(await outcomeWith(keys, signing)).toBe(outcome)
  })

  test.each<[string, Keys, Signing, (signature: Uint8Array) => Uint8Array]>([
    ['an RSA signature without its last byte', rsa, signings.rsaSha256, (signature) => signature.subarray(0, -1)],
    ['an RSA signature with a zero in front', rsa, signings.rsaSha256, (signature) => der.concat(Uint8Array.of(0), signature)],
    ['an ECDSA signature with more behind it', p256, signings.ecdsaSha256, (signature) => der.concat(signature, der.none)],
    ['an ECDSA signature of zeros', p256, signings.ecdsaSha256, () => der.sequence(der.integer(0), der.integer(0))],
    ['an ECDSA signature of negative numbers', p256, signings.ecdsaSha256, () => der.sequence(der.integer(-1), der.integer(-1))],
    [
      'an ECDSA signature of numbers too long',
      p256,
      signings.ecdsaSha256,
      () => der.sequence(der.integer(1n << 300n), der.integer(1)),
    ],
    ['an ECDSA signature as two plain numbers', p256, signings.ecdsaSha256, () => new Uint8Array(64).fill(1)],
    ['an Ed25519 signature cut off', ed25519, signings.ed25519, (signature) => signature.subarray(0, 63)],
    ['no signature', ed25519, signings.ed25519, () => new Uint8Array()],
  ])('%s', async (_, keys, signing, change) => {
    const changed: Signing = { ...signing, sign: (bytes, key) => change(signing.sign(bytes, key)) }
    expect(await outcomeWith(keys, changed)).toBe('SIGNATURE_INVALID 6.1.3 (a)(1)')
  })

  test('an algorithm that is not the one that is signed', async () => {
    const other = { signedAlgorithm: signings.ecdsaSha384.algorithm }
    expect(await outcomeWith(p256, signings.ecdsaSha256, other)).toBe('ALGORITHM_MISMATCH 4.1.1.2')
  })

  test('an algorithm whose parameters are not those that are signed', async () => {
    const other = { signedAlgorithm: signings.rsaSha256WithoutParameters.algorithm }
    expect(await outcomeWith(rsa, signings.rsaSha256, other)).toBe('ALGORITHM_MISMATCH 4.1.1.2')
  })

  test('a signature by another key of the same name', async () => {
    const [authority, impostor] = [issueAuthority(root), issueAuthority(root)]
    const leaf = issue(impostor)
    expect(await outcomeOf(leaf, [authority], [root])).toBe('SIGNATURE_INVALID 6.1.3 (a)(1)')
  })
})

describe('keys of issuers', () => {
  const spki = (algorithm: der.Der, key: der.Der) => der.sequence(algorithm, der.bitString(key))
  const ecAlgorithm = (...parameters: readonly der.Der[]) =>
    der.sequence(der.objectIdentifier('1.2.840.10045.2.1'), ...parameters)
  const rsaAlgorithm = der.sequence(der.objectIdentifier('1.2.840.113549.1.1.1'), der.none)
  const p256Name = der.objectIdentifier('1.2.840.10045.3.1.7')
  const point = p256.publicKey.subarray(-65)
  const rsaKey = (modulus: bigint, exponent: bigint) =>
    spki(rsaAlgorithm, der.sequence(der.integer(modulus), der.integer(exponent)))
  const modulus = (1n << 2047n) + 1n

  test.each<[string, der.Der, Signing]>([
    ['a point that is not on the curve', spki(ecAlgorithm(p256Name), Uint8Array.from(point).fill(9, 40)), signings.ecdsaSha256],
    [
      'a compressed point',
      spki(ecAlgorithm(p256Name), der.concat(Uint8Array.of(2), point.subarray(1, 33))),
      signings.ecdsaSha256,
    ],
    ['a point of another length', spki(ecAlgorithm(p256Name), point.subarray(0, 64)), signings.ecdsaSha256],
    ['a curve without a name', spki(ecAlgorithm(), point), signings.ecdsaSha256],
    ['a curve that is written out', spki(ecAlgorithm(der.sequence(der.integer(1))), point), signings.ecdsaSha256],
    [
      'an Ed25519 key that is too short',
      spki(der.sequence(der.objectIdentifier('1.3.101.112')), new Uint8Array(31)),
      signings.ed25519,
    ],
    [
      'an Ed25519 key of small order',
      spki(der.sequence(der.objectIdentifier('1.3.101.112')), Uint8Array.of(1, ...new Uint8Array(31))),
      signings.ed25519,
    ],
    ['an RSA exponent of 1', rsaKey(modulus, 1n), signings.rsaSha256],
    ['an even RSA exponent', rsaKey(modulus, 65_536n), signings.rsaSha256],
    ['an RSA exponent as long as the modulus', rsaKey(modulus, modulus - 2n), signings.rsaSha256],
    ['an RSA modulus of 16384 bits', rsaKey((1n << 16_383n) + 1n, 65_537n), signings.rsaSha256],
    ['an even RSA modulus', rsaKey(1n << 2047n, 65_537n), signings.rsaSha256],
    ['a negative RSA modulus', rsaKey(-modulus, 65_537n), signings.rsaSha256],
    ['an RSA key of garbage', spki(rsaAlgorithm, Uint8Array.of(1, 2, 3)), signings.rsaSha256],
  ])('%s is refused', async (_, publicKey, signing) => {
    const keys = { ...(signing === signings.rsaSha256 ? rsa : signing === signings.ed25519 ? ed25519 : p256), publicKey }
    expect(await outcomeWith(keys, signing)).toBe('KEY_UNSUITABLE 4.1.2.7')
  })

  test('an RSA key of 3072 bits is accepted, and the key of a leaf is not looked at', async () => {
    const long = newRsaKeys(3072)
    const weak: Issued = issueAuthority(root, { keys: long })
    expect(await outcomeOf(issue(weak, { keys: shortRsa, signing: signings.rsaSha256 }), [weak], [root])).toBe('valid')
  })
})
