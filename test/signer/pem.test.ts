import { generateKeyPairSync } from 'node:crypto'
import { generateSigningKey, signSoftwareStatement } from '@software-statement/signer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDer, readObjectIdentifier, readPositiveInteger } from '../../packages/signer/src/keys/der.js'
import { checkEncryption } from '../../packages/signer/src/keys/pkcs8-encryption.js'
import { keys, mail, sound, toKeyObject, toPem } from './support.js'

const passphrase = 'correct horse'
const pem = toPem(keys.ES256)
const encrypted = toPem(keys.ES256, { cipher: 'aes-256-cbc', passphrase })

const sign = (key: string, given?: string) =>
  signSoftwareStatement(mail, { ...sound, key, ...(given === undefined ? {} : { passphrase: given }) })

/** Builds DER: [tag, contents...]. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents)
const octets = (bytes: Uint8Array) => der(0x04, bytes)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const integer = (hex: string) => der(0x02, Buffer.from(hex, 'hex'))

const pbes2 = oid('2a864886f70d01050d')
const pbkdf2 = oid('2a864886f70d01050c')
const aes = sequence(oid('60864801650304012a'), octets(Buffer.alloc(16)))

const protect = (derivation: Uint8Array) => sequence(sequence(pbes2, sequence(derivation, aes)), octets(Buffer.alloc(48)))
const iterate = (count: Uint8Array) => protect(sequence(pbkdf2, sequence(octets(Buffer.alloc(16)), count)))

const toBlock = (label: string, bytes: Uint8Array) =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`

describe('PEM', () => {
  test.each([
    ['as OpenSSL writes it', pem],
    ['with Windows line ends', pem.replaceAll('\n', '\r\n')],
    ['without a line end behind', pem.trimEnd()],
    ['on one line', toBlock('PRIVATE KEY', toKeyObject(keys.ES256).export({ type: 'pkcs8', format: 'der' }))],
  ])('%s is read', async (_, text) => {
    await expect(sign(text)).resolves.toBeTypeOf('string')
  })

  test.each([
    ['white space before', ` ${pem}`],
    ['a byte order mark before', `\ufeff${pem}`],
    ['text before', `Bag Attributes\n${pem}`],
    ['text behind', `${pem}more`],
    ['a second block', pem + pem],
    ['a certificate behind', `${pem}-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n`],
    ['another label at its end', pem.replace('END PRIVATE', 'END PUBLIC')],
    ['no end', pem.slice(0, -30)],
    ['headers', pem.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\n\n')],
    ['spaces in its base64', pem.replace('M', ' M')],
    ['base64url', toBlock('PRIVATE KEY', Buffer.from('ff', 'hex')).replace('/', '_')],
    ['no padding', toPem(keys.ES384).replace(/=+/, '')],
    ['padding that is too long', toPem(keys.ES384).replace(/=+/, '==')],
    ['padding in the middle', toBlock('PRIVATE KEY', Buffer.alloc(4)).replace('AAA', 'A=A')],
    ['base64 that is not canonical', toBlock('PRIVATE KEY', Buffer.alloc(4)).replace('A==', 'B==')],
    ['nothing in it', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'],
    ['an unknown label', toBlock('TOP SECRET', Buffer.alloc(4))],
    ['an encrypted key under the label of a plain one', encrypted.replaceAll('ENCRYPTED ', '')],
    ['a plain key under the label of an encrypted one', pem.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')],
  ])('with %s is refused', async (_, text) => {
    await expect(sign(text, passphrase)).rejects.toThrow(TypeError)
  })

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  test.each([
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }), /openssl pkcs8 -topk8/],
    ['SEC 1', toKeyObject(keys.ES256).export({ type: 'sec1', format: 'pem' }), /openssl pkcs8 -topk8/],
    ['SEC 1 behind its parameters', toBlock('EC PARAMETERS', Buffer.alloc(4)) + pem, /openssl pkcs8 -topk8/],
    ['OpenSSH', toBlock('OPENSSH PRIVATE KEY', Buffer.alloc(9)), /ssh-keygen -p -m PKCS8/],
    ['SPKI', toBlock('PUBLIC KEY', Buffer.alloc(9)), /public key/],
    ['X.509', toBlock('CERTIFICATE', Buffer.alloc(9)), /certificate/],
  ])('in the format %s is refused with a hint', async (_, text, hint) => {
    await expect(sign(String(text))).rejects.toThrow(hint)
    await expect(sign(String(text))).rejects.toThrow(TypeError)
  })

  test.each([
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
    ['X25519', generateKeyPairSync('x25519').privateKey],
    ['Ed448', generateKeyPairSync('ed448').privateKey],
    ['RSA of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
    ['RSASSA-PSS only', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey],
  ])('with a key that is %s is refused, as is its KeyObject', async (_, key) => {
    await expect(sign(key.export({ type: 'pkcs8', format: 'pem' }).toString())).rejects.toThrow(TypeError)
    await expect(signSoftwareStatement(mail, { ...sound, key })).rejects.toThrow(TypeError)
  })

  test.each([
    ['bytes behind the key', Buffer.concat([toKeyObject(keys.ES256).export({ type: 'pkcs8', format: 'der' }), Buffer.alloc(1)])],
    [
      'an element behind the key',
      Buffer.concat([toKeyObject(keys.ES256).export({ type: 'pkcs8', format: 'der' }), Buffer.from([5, 0])]),
    ],
    ['a key that is cut short', toKeyObject(keys.ES256).export({ type: 'pkcs8', format: 'der' }).subarray(0, -1)],
    ['no algorithm', sequence(integer('00'))],
    ['a damaged key', sequence(integer('00'), sequence(oid('2b6570')), octets(Buffer.alloc(3)))],
  ])('with %s is refused', async (_, bytes) => {
    await expect(sign(toBlock('PRIVATE KEY', bytes))).rejects.toThrow(TypeError)
  })
})

describe('encrypted PEM', () => {
  test.each(['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'])('under %s is opened', async (cipher) => {
    await expect(sign(toPem(keys.ES256, { cipher, passphrase }), passphrase)).resolves.toBeTypeOf('string')
  })

  test.each([
    ['no passphrase', undefined],
    ['a wrong passphrase', 'wrong'],
    ['an empty passphrase', ''],
  ])('with %s is refused', async (_, given) => {
    await expect(sign(encrypted, given)).rejects.toThrow(TypeError)
  })

  test('holds iterations that take hours: refused before anything is derived', async () => {
    const started = performance.now()
    await expect(sign(toBlock('ENCRYPTED PRIVATE KEY', iterate(integer('7fffffff'))), passphrase)).rejects.toThrow(/iteration/)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test.each([
    ['one iteration', iterate(integer('01'))],
    ['ten million iterations', iterate(integer('00989680'))],
    [
      'a key length and a hash',
      protect(
        sequence(pbkdf2, sequence(octets(Buffer.alloc(16)), integer('0800'), integer('20'), sequence(oid('2a864886f70d0209')))),
      ),
    ],
  ])('%s pass the examination', (_, bytes) => {
    expect(() => checkEncryption(bytes)).not.toThrow()
  })

  test.each([
    ['no iterations', iterate(integer('00'))],
    ['one iteration more than ten million', iterate(integer('00989681'))],
    ['a negative number of iterations', iterate(integer('ff'))],
    ['a number of iterations that no integer is long enough for', iterate(der(0x02, Buffer.alloc(7, 1)))],
    ['an empty number of iterations', iterate(der(0x02))],
    ['iterations that are not a number', iterate(octets(Buffer.from([1])))],
    ['no iteration count', protect(sequence(pbkdf2, sequence(octets(Buffer.alloc(16)))))],
    ['a salt from elsewhere', protect(sequence(pbkdf2, sequence(sequence(), integer('0800'))))],
    [
      'scrypt',
      protect(
        sequence(oid('2b06010401da47040b'), sequence(octets(Buffer.alloc(16)), integer('4000'), integer('08'), integer('01'))),
      ),
    ],
    [
      'PBES1',
      sequence(sequence(oid('2a864886f70d010503'), sequence(octets(Buffer.alloc(8)), integer('0800'))), octets(Buffer.alloc(48))),
    ],
    [
      'the scheme of PKCS#12',
      sequence(
        sequence(oid('2a864886f70d010c0103'), sequence(octets(Buffer.alloc(8)), integer('0800'))),
        octets(Buffer.alloc(48)),
      ),
    ],
    ['no parameters', sequence(sequence(pbes2), octets(Buffer.alloc(48)))],
    ['bytes behind', Buffer.concat([iterate(integer('0800')), Buffer.alloc(1)])],
    ['no data', sequence(sequence(pbes2, sequence(sequence(pbkdf2, sequence(octets(Buffer.alloc(16)), integer('0800'))), aes)))],
    ['nothing', Buffer.alloc(0)],
  ])('with %s is refused', async (_, bytes) => {
    expect(() => checkEncryption(bytes)).toThrow(TypeError)
    await expect(sign(toBlock('ENCRYPTED PRIVATE KEY', bytes), passphrase)).rejects.toThrow(TypeError)
  })
})

describe('DER', () => {
  test.each([
    ['an indefinite length', '3080020100'],
    ['a length that is longer than it needs', '30810102'],
    ['a length with a leading zero', `30820001${'00'}`],
    ['a length of five octets', '30850000000001'],
    ['a length that is not there', '30'],
    ['a length that is cut short', '3082'],
    ['a length beyond the end', '300200'],
  ])('with %s is refused', (_, hex) => {
    expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(TypeError)
  })

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 400 }), (tag, content) => {
        expect(readDer(der(tag, content))).toEqual([{ tag, content: Buffer.from(content) }])
      }),
    )
  })

  test('of any bytes gives elements or a TypeError, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const read of [readDer, checkEncryption]) {
          try {
            read(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
          }
        }
      }),
    )
  })

  test.each([
    ['2a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['2b6570', '1.3.101.112'],
    ['8837', '2.999'],
    ['00', '0.0'],
  ])('object identifier %s is %s', (hex, dotted) => {
    expect(readObjectIdentifier(readDer(oid(hex))[0])).toBe(dotted)
  })

  test.each([
    ['01', 1],
    ['00ff', 255],
    ['7fffffffffff', 2 ** 47 - 1],
    ['00', undefined],
    ['80', undefined],
  ])('integer %s is %s', (hex, value) => {
    expect(readPositiveInteger(readDer(integer(hex))[0])).toBe(value)
  })
})

test('a generated key signs as PEM as well', async () => {
  await expect(sign(toPem(await generateSigningKey('ES384')))).resolves.toBeTypeOf('string')
})
