import { createPublicKey } from 'node:crypto'
import { type CertificateChainOptions, certificateChain, inspectCertificates } from '@software-statement/certificates'
import type { Jwk } from '@software-statement/core'
import { prepareSoftwareStatement, type SignOptions, signSoftwareStatement } from '@software-statement/signer'
import { describe, expect, test } from 'vitest'
import { publisher } from '../support/certificates/chain-statement.js'
import * as der from '../support/certificates/der.js'
import { subjectAltName, uri } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, toBase64, toPem } from '../support/certificates/issue.js'
import { newEcKeys, newEd25519Keys, newRsaPssKeys, pss, readKeys, signings } from '../support/certificates/keys.js'
import { keys } from '../support/keys.js'
import { vouched } from '../support/make-jws.js'

const root = issueRoot()
const authority = issueAuthority(root)
const named = { extensions: [subjectAltName(uri(publisher))] }
const leaf = issue(authority, named)
const chain = [leaf, authority]
/** A new key of the root, as its old one certifies it, and as a root of its own. */
const renewed = issueAuthority(root, { name: root.name })
const newRoot = issueRoot({ keys: renewed.keys })

/** The root with another last byte in its signature. */
const damaged = root.der.with(-1, (root.der.at(-1) ?? 0) ^ 1)

const toDer = (issued: readonly Issued[]) => issued.map(({ der }) => der)
const privateJwk = ({ keys: { privateKey } }: Issued): Jwk => ({ ...privateKey.export({ format: 'jwk' }) })

interface Given {
  readonly key?: SignOptions['key']
  readonly options?: Partial<SignOptions>
  readonly chainOptions?: CertificateChainOptions
}

/** The certificates in the header of what would be signed. */
async function prepare(issued: readonly Issued[], { key, options, chainOptions }: Given = {}) {
  const x5c = certificateChain(toDer(issued), chainOptions)
  const signing = { issuer: publisher, key: key ?? privateJwk(issued[0] ?? leaf), expiresIn: '5 minutes', currentDate: at }
  const { header } = await prepareSoftwareStatement(vouched, { ...signing, x5c, ...options })
  return header.x5c
}

describe('the certificates of a signer', () => {
  test('are in the header of what is signed, in base64, leaf first', async () => {
    expect(await prepare(chain)).toEqual(chain.map(toBase64))
    const signing = { issuer: publisher, key: privateJwk(leaf), expiresIn: '5 minutes', currentDate: at }
    const statement = await signSoftwareStatement(vouched, { ...signing, x5c: certificateChain(toDer(chain)) })
    const header = JSON.parse(Buffer.from(statement.split('.')[0] ?? '', 'base64url').toString('utf8'))
    expect(header).toMatchObject({ alg: 'ES256', x5c: chain.map(toBase64) })
  })

  test('are for the key that signs, however its numbers are written', async () => {
    const seconds = at.getTime() / 1000
    const rsa = issue(authority, { ...named, keys: readKeys('rsa-2048') })
    const { n, e, kty }: Jwk = { ...createPublicKey(rsa.keys.privateKey).export({ format: 'jwk' }) }
    const publicKey = { kty, e, n: Buffer.from([0, ...Buffer.from(String(n), 'base64url')]).toString('base64url') } as Jwk
    const subject = { issuer: publisher, alg: 'RS256', publicKey, validFrom: seconds, validUntil: seconds + 300 } as const
    expect(await certificateChain(toDer([rsa, authority]))(subject)).toEqual([rsa, authority].map(toBase64))
  })

  test('are PEM text with all of them, or one by one', async () => {
    const publicKey: Jwk = { ...createPublicKey(leaf.keys.privateKey).export({ format: 'jwk' }) }
    const seconds = at.getTime() / 1000
    const subject = { issuer: publisher, alg: 'ES256', publicKey, validFrom: seconds, validUntil: seconds + 300 } as const
    const text = chain.map((one) => `Subject: ...\n${toPem(one)}`).join('\n')
    for (const given of [text, chain.map((one) => toPem(one)), chain.map(toBase64), toDer(chain)]) {
      expect(await certificateChain(given)(subject)).toEqual(chain.map(toBase64))
    }
    expect(await certificateChain(toBase64(leaf))(subject)).toEqual([toBase64(leaf)])
  })

  test.each<[string, () => readonly Issued[], Given]>([
    ['without its intermediate, which verifiers may have', () => [leaf], {}],
    ['with an Ed25519 key', () => [issue(authority, { ...named, keys: newEd25519Keys() }), authority], {}],
    [
      'with the subject instead of a URI',
      () => [issue(authority), authority],
      { chainOptions: { issuerFrom: { [publisher]: 'CN=Leaf' } } },
    ],
    ['with a new key of the root, certified by its old one', () => [issue(renewed, named), renewed], {}],
    [
      'with a new key of another kind',
      () => {
        const other = issueAuthority(root, { name: root.name, keys: newEd25519Keys() })
        return [issue(other, { ...named, signing: signings.ed25519 }), other]
      },
      {},
    ],
    ['until the last second', () => chain, { options: { currentDate: new Date('2039-12-31T23:55:00Z') } }],
    ['from the first second', () => chain, { options: { currentDate: new Date('2030-01-01T00:00:00Z') } }],
    [
      'from the first second that counts',
      () => chain,
      { options: { currentDate: new Date('2029-12-31T23:59:00Z'), notBefore: new Date('2030-01-01') } },
    ],
  ])('do %s', async (_, make, given) => {
    const issued = make()
    expect(await prepare(issued, given)).toEqual(issued.map(toBase64))
  })

  const other = issueRoot({ name: 'Other' })
  test.each<[string, () => readonly Issued[], Given, RegExp]>([
    ['for another key', () => chain, { key: privateJwk(issue(authority)) }, /certificate 1: it is not for the key that signs/],
    ['for another kind of key', () => chain, { key: { ...keys.ed25519 } }, /not for the key that signs/],
    ['for a symmetric key', () => chain, { key: { ...keys.oct, kid: 'shared' }, options: { alg: 'HS512' } }, /symmetric/],
    ['that do not name the issuer', () => [issue(authority), authority], {}, /does not name the issuer/],
    ['that name another issuer', () => chain, { options: { issuer: `${publisher}/` } }, /does not name the issuer/],
    [
      'of another subject',
      () => [issue(authority), authority],
      { chainOptions: { issuerFrom: { [publisher]: 'CN=leaf' } } },
      /does not name the issuer/,
    ],
    ['with the intermediate first', () => chain.toReversed(), { key: privateJwk(leaf) }, /not for the key that signs/],
    ['with the anchor', () => [...chain, root], {}, /certificate 3: it is self-signed/],
    [
      'with an anchor that is certified by its old key',
      () => [issue(renewed, named), newRoot, renewed],
      {},
      /certificate 2: it is self-signed/,
    ],
    [
      'with an anchor signed with SHA-1',
      () => {
        const old = issueRoot({ keys: readKeys('rsa-2048'), signing: signings.rsaSha1 })
        return [issue(old, { ...named, signing: signings.rsaSha256 }), old]
      },
      {},
      /certificate 2: it is self-signed/,
    ],
    [
      'with an anchor whose signature is damaged',
      () => [...chain, { ...root, der: damaged }],
      {},
      /certificate 3: it is self-signed/,
    ],
    ['that are self-signed', () => [issueRoot({ ...named, keyUsage: ['digitalSignature'] })], {}, /self-signed/],
    [
      'with one that does not belong there',
      () => [leaf, other, authority],
      {},
      /certificate 1: the certificate after it is not one of its issuer/,
    ],
    ['with one of the same name and another key', () => [leaf, issueAuthority(root)], {}, /certificate 1: the key of the issuer/],
    ['issued by an end entity', () => [issue(leaf, { name: 'Below', ...named }), leaf], {}, /not of an authority/],
    [
      'that end before the statement',
      () => chain,
      { options: { expiresIn: '9 years' } },
      /certificate 1: it ends before the statement/,
    ],
    [
      'of which the second ends before the statement',
      () => {
        const short = issueAuthority(root, { notAfter: new Date('2035-06-01T12:04:59Z') })
        return [issue(short, named), short]
      },
      {},
      /certificate 2: it ends before the statement/,
    ],
    [
      'that begin after the statement',
      () => chain,
      { options: { currentDate: new Date('2029-12-31T23:59:59Z') } },
      /not valid yet/,
    ],
    [
      'for a key that is not for signatures',
      () => [issue(authority, { ...named, keyUsage: ['keyAgreement'] }), authority],
      {},
      /not for digital signatures/,
    ],
    [
      'for a key on another curve',
      () => [issue(authority, { ...named, keys: newEcKeys('secp256k1') }), authority],
      { key: privateJwk(leaf) },
      /key must not be used/,
    ],
  ])('are refused %s', async (_, make, given, says) => {
    const refused = prepare(make(), given)
    await expect(refused).rejects.toThrow(TypeError)
    await expect(refused).rejects.toThrow(says)
  })

  test('with a new key of the root are nothing odd', async () => {
    const inspected = await inspectCertificates([issue(renewed, named), renewed].map(toBase64), { at })
    expect(inspected).toMatchObject([{ findings: [] }, { findings: [] }])
  })

  test('of a key for RSASSA-PSS are for PSS only', async () => {
    const own = issue(authority, { ...named, keys: newRsaPssKeys('sha256') })
    await expect(prepare([own, authority], { key: privateJwk(leaf) })).rejects.toThrow(/not for the key that signs/)
  })

  describe('of an RSA key that its certificate has for RSASSA-PSS only', () => {
    const rsa = readKeys('rsa-2048')
    const pkcs1 = createPublicKey(rsa.privateKey).export({ type: 'pkcs1', format: 'der' })
    const leafFor = (algorithm: der.Der) => {
      const pssKeys = { ...rsa, publicKey: der.sequence(algorithm, der.bitString(pkcs1)) }
      return issue(authority, { ...named, keys: pssKeys, signing: signings.ecdsaSha256 })
    }
    const anyPss = leafFor(der.sequence(der.objectIdentifier('1.2.840.113549.1.1.10')))
    const withSha384 = leafFor(pss('sha384', 48).algorithm)

    test.each([
      ['PS256', anyPss],
      ['PS512', anyPss],
      ['PS384', withSha384],
    ] as const)('may sign %s', async (alg, own) => {
      expect(await prepare([own, authority], { options: { alg } })).toEqual([own, authority].map(toBase64))
    })

    test.each([
      ['RS256', anyPss, /its key is for PS256, PS384, PS512, not for RS256/],
      [undefined, anyPss, /not for RS256/],
      ['PS256', withSha384, /its key is for PS384, not for PS256/],
    ] as const)('must not sign %s, which no verifier would accept', async (alg, own, says) => {
      const refused = prepare([own, authority], { options: alg === undefined ? {} : { alg } })
      await expect(refused).rejects.toThrow(TypeError)
      await expect(refused).rejects.toThrow(says)
    })
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', [], /at least one/],
    ['no chain', undefined, /PEM text or an array/],
    ['a number', [1], /certificate 1 of the chain/],
    ['a text that is no certificate', 'x', /certificate 1 of the chain/],
    ['one that cannot be read behind another', [leaf.der, 'AAAA'], /certificate 2 of the chain/],
    ['PEM text that is cut off', toPem(leaf) + toPem(authority).slice(0, -40), /cut off/],
    ['PEM text with an end that has no beginning', `${toPem(leaf)}${toPem(authority).slice(30)}`, /damaged/],
    ['six', Array.from({ length: 6 }, () => leaf.der), /at most 5/],
  ])('are refused at once where they are %s', (_, given, says) => {
    const make = () => certificateChain(given as string) // as callers without types do
    expect(make).toThrow(TypeError)
    expect(make).toThrow(says)
  })

  test.each<[string, unknown, RegExp]>([
    ['null', null, /^options must be an object$/],
    ['a text', 'san-uri', /^options must be an object$/],
    [
      'a misspelled name',
      { issuerForm: { [publisher]: 'CN=Leaf' } },
      /^"issuerForm" is not an option here: there are issuerFrom$/,
    ],
    [
      'an unknown issuerFrom',
      { issuerFrom: 'san-url' },
      /^the option issuerFrom must be "san-uri" or an object of subjects by iss$/,
    ],
    ['an issuerFrom that is null', { issuerFrom: null }, /^the option issuerFrom must be/],
    ['an empty issuerFrom', { issuerFrom: {} }, /^the option issuerFrom must be/],
  ])('are refused at once with options that are %s', (_, given, says) => {
    const make = () => certificateChain(toDer(chain), given as CertificateChainOptions) // as callers without types do
    expect(make).toThrow(TypeError)
    expect(make).toThrow(says)
  })

  test('are of issuers by their URIs where issuerFrom is undefined', async () => {
    const chainOptions = { issuerFrom: undefined } as unknown as CertificateChainOptions // as callers without types do
    expect(await prepare(chain, { chainOptions })).toEqual(chain.map(toBase64))
  })

  test('are a function for the signer', async () => {
    const options = { issuer: publisher, key: privateJwk(leaf), x5c: chain.map(toBase64) } as unknown as SignOptions // as callers without types do
    await expect(signSoftwareStatement(vouched, options)).rejects.toThrow(/x5c must be a function/)
  })
})
