import { createHash, sign as signWithNode } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { type AsymmetricAlgorithm, type Jwk, parseJws, StatementError, TrustUnavailableError } from '@software-statement/core'
import { prepareSoftwareStatement, publicJwks, type RemoteKey, signSoftwareStatement } from '@software-statement/signer'
import { verifyJws } from '@software-statement/verifier'
import fc from 'fast-check'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, test } from 'vitest'
import { isSignatureOf } from '../../packages/signer/src/keys/sign-bytes.js'
import { recoverKey, toBytes, toNumber } from '../support/curve.js'
import { publicHalf, keys as testKeys } from '../support/keys.js'
import { leadingZero, withoutLeadingZero } from '../support/leading-zero.js'
import { signBytes } from '../support/make-jws.js'
import { asymmetric, headerOf, keyFor, keys, mail, sound, symmetric, toKeyObject, verifyWithNode } from './support.js'

type Sign = RemoteKey['sign']

/** A key store: it has the private key, whoever uses it the public one. */
const remote = (alg: AsymmetricAlgorithm, sign?: Sign, others: Partial<RemoteKey> = {}): RemoteKey => ({
  alg,
  publicJwk: publicHalf(keyFor(alg)),
  sign: sign ?? (async (data) => signBytes(alg, keyFor(alg), Buffer.from(data).toString())),
  ...others,
})

const der =
  (alg: AsymmetricAlgorithm): Sign =>
  async (data) =>
    signWithNode(`sha${alg.slice(2)}`, data, { key: toKeyObject(keyFor(alg)), dsaEncoding: 'der' })

const signing = (key: unknown, more: object = {}) => signSoftwareStatement(mail, { ...sound, key: key as RemoteKey, ...more })
const ecdsa = ['ES256', 'ES384', 'ES512'] as const

describe('a remote key signs', () => {
  test.each(asymmetric)('with %s, and everybody can verify it', async (alg) => {
    const statement = await signing(remote(alg))
    expect(headerOf(statement)).toMatchObject({ alg, kid: await calculateJwkThumbprint({ ...publicHalf(keyFor(alg)) } as never) })
    expect(verifyWithNode(statement, keyFor(alg))).toBe(true)
    await expect(verifyJws(statement, publicHalf(keyFor(alg)))).resolves.toHaveProperty('header.alg', alg)
  })

  test.each(ecdsa)('with %s in DER, and the statement has r and s side by side', async (alg) => {
    expect(verifyWithNode(await signing(remote(alg, der(alg))), keyFor(alg))).toBe(true)
  })

  test.each([
    ['a Buffer', (bytes: Uint8Array) => Buffer.from(bytes)],
    ['a Uint8Array of another realm', (bytes: Uint8Array): Uint8Array => runInNewContext('Uint8Array.from(bytes)', { bytes })],
    // What WebCrypto answers with: nothing but the type keeps callers from it.
    ['an ArrayBuffer', (bytes: Uint8Array) => Uint8Array.from(bytes).buffer as unknown as Uint8Array],
    [
      'a Uint8Array in a larger buffer',
      (bytes: Uint8Array) => Buffer.concat([Buffer.alloc(8), bytes, Buffer.alloc(8)]).subarray(8, -8),
    ],
    [
      'a Uint8Array over shared memory',
      (bytes: Uint8Array) => {
        const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
        shared.set(bytes)
        return shared
      },
    ],
  ])('that answers with %s', async (_, wrap) => {
    const statement = await signing(remote('ES256', async (data) => wrap(await remote('ES256').sign(data))))
    expect(verifyWithNode(statement, keys.ES256)).toBe(true)
  })

  test('what it is given to sign is a copy', async () => {
    const statement = await signing(
      remote('ES256', async (data) => {
        const signature = await remote('ES256').sign(data)
        data.fill(0)
        return signature
      }),
    )
    expect(verifyWithNode(statement, keys.ES256)).toBe(true)
  })

  test('once: neither preparing nor checking asks it', async () => {
    let asked = 0
    const key = remote('ES256', async (data) => {
      asked += 1
      return remote('ES256').sign(data)
    })
    await prepareSoftwareStatement(mail, { ...sound, key })
    expect(asked).toBe(0)
    await signSoftwareStatement(mail, { ...sound, key })
    expect(asked).toBe(1)
  })

  test.each<[string, object, object, string]>([
    ['its own kid', { kid: 'own' }, {}, 'own'],
    [
      'its own kid before that of the public key',
      { kid: 'own', publicJwk: { ...publicHalf(keys.ES256), kid: 'public' } },
      {},
      'own',
    ],
    ['the kid of the public key', { publicJwk: { ...publicHalf(keys.ES256), kid: 'public' } }, {}, 'public'],
    ['the kid that is asked for', { kid: 'own' }, { kid: 'asked' }, 'asked'],
  ])('under %s', async (_, own, options, kid) => {
    expect(headerOf(await signing(remote('ES256', undefined, own), options))).toMatchObject({ kid })
  })

  test('the two names of Ed25519 are one algorithm', async () => {
    expect(headerOf(await signing(remote('EdDSA'), { alg: 'Ed25519' }))).toMatchObject({ alg: 'Ed25519' })
  })

  test('any ECDSA signature, raw or DER, comes out the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ecdsa), fc.string(), async (alg, name) => {
        const metadata = { software_id: 'mail', software_version: Buffer.from(name).toString('hex') || '0' }
        const statement = await signSoftwareStatement(metadata, { ...sound, key: remote(alg, der(alg)) })
        expect(verifyWithNode(statement, keyFor(alg))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})

describe('an answer that may be read both ways', () => {
  const options = { ...sound, jti: '1', kid: 'k' }

  /** Makes a key for which `r` and `s` are the signature of the statement that is to be signed, and signs with the bytes given. */
  async function signAs(
    bytes: (r: bigint, s: bigint) => Uint8Array,
    [first, s]: readonly [r: bigint, s: bigint],
  ): Promise<unknown> {
    const { header, claims } = await prepareSoftwareStatement(mail, { ...options, key: remote('ES256') })
    const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const hash = createHash('sha256').update(input).digest()
    let r = first
    let publicJwk: Jwk | undefined
    for (; publicJwk === undefined; r += 1n) publicJwk = recoverKey(r, s, hash)
    const answer = bytes(r - 1n, s)
    expect(answer).toHaveLength(64)
    const key: RemoteKey = { alg: 'ES256', publicJwk, sign: async () => answer }
    const statement = await signSoftwareStatement(mail, { ...options, key })
    await expect(verifyJws(statement, publicJwk)).resolves.toHaveProperty('header.alg', 'ES256')
    return statement.split('.')[2]
  }

  const derOf = (r: bigint, s: bigint) =>
    Buffer.concat([Buffer.from([0x30, 62, 0x02, 29]), toBytes(r, 29), Buffer.from([0x02, 29]), toBytes(s, 29)])
  const rawOf = (r: bigint, s: bigint) => Buffer.concat([toBytes(r, 32), toBytes(s, 32)])

  test('is DER where DER verifies: 64 bytes of it', async () => {
    const [r, s] = [toNumber(Buffer.alloc(29, 0x11)), toNumber(Buffer.alloc(29, 0x22))]
    expect(await signAs(derOf, [r, s])).toMatch(/^AAAA/)
  })

  test('is raw where raw verifies, though it is sound DER as well', async () => {
    const ambiguous = derOf(toNumber(Buffer.alloc(29, 0x11)), toNumber(Buffer.alloc(29, 0x22)))
    const [r, s] = [toNumber(ambiguous.subarray(0, 32)), toNumber(ambiguous.subarray(32))]
    expect(await signAs(rawOf, [r, s])).toMatch(/^MD4CHR/)
  })
})

describe('an answer that is no signature of the declared key is the fault of the configuration', () => {
  const sound64 = async (data: Uint8Array) => new Uint8Array(await remote('ES256').sign(data))
  const change = (sign: Sign, edit: (bytes: Buffer) => Uint8Array): Sign => {
    return async (data) => edit(Buffer.from(await sign(data)))
  }
  const flip = (bytes: Buffer) => {
    bytes[20] = (bytes[20] ?? 0) ^ 1
    return bytes
  }
  const rsa = async (data: Uint8Array) => new Uint8Array(await remote('RS256').sign(data))

  test.each(Object.entries(leadingZero))('%s without its leading zero', async (alg, compact) => {
    const check = (jws: string) => {
      const { signingInput, signature } = parseJws(jws)
      return isSignatureOf(
        publicHalf(testKeys.rsa) as Record<string, string>,
        alg as AsymmetricAlgorithm,
        signingInput,
        signature,
      )
    }
    expect(await check(compact)).toBe(true)
    expect(await check(withoutLeadingZero(compact))).toBe(false)
  })

  test.each<[string, AsymmetricAlgorithm, Sign]>([
    ['a changed raw signature', 'ES256', change(sound64, flip)],
    ['a changed DER signature', 'ES256', change(der('ES256'), flip)],
    ['a signature of other data', 'ES256', async (data) => sound64(data.subarray(1))],
    ['a signature of the hash of the data', 'ES256', async (data) => sound64(createHash('sha256').update(data).digest())],
    [
      'a signature with another hash',
      'ES256',
      async (data) => signWithNode('sha512', data, { key: toKeyObject(keys.ES256), dsaEncoding: 'ieee-p1363' }),
    ],
    ['a signature of another key', 'EdDSA', async (data) => signWithNode(null, data, otherKey)],
    ['RSA with PSS for PKCS #1', 'RS256', async (data) => remote('PS256').sign(data)],
    ['RSA with PKCS #1 for PSS', 'PS256', rsa],
    ['zeros', 'ES256', async () => new Uint8Array(64)],
    ['a raw signature cut short', 'ES256', change(sound64, (bytes) => bytes.subarray(1))],
    ['a raw signature with a byte behind it', 'ES256', change(sound64, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
    ['DER with a byte behind it', 'ES256', change(der('ES256'), (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
    ['DER cut short', 'ES256', change(der('ES256'), (bytes) => bytes.subarray(0, -1))],
    ['DER with one integer', 'ES256', async () => Buffer.from('30030201ff', 'hex')],
    ['DER with three integers', 'ES256', async () => Buffer.from('3009020101020101020101', 'hex')],
    ['DER with a negative integer', 'ES256', async () => Buffer.from('3006020181020101', 'hex')],
    ['DER with an empty integer', 'ES256', async () => Buffer.from('30050200020101', 'hex')],
    ['DER with an integer of needless zeros', 'ES256', async () => Buffer.from('300702020001020101', 'hex')],
    [
      'DER with an integer that is too long',
      'ES256',
      async () => Buffer.concat([Buffer.from('302602210', 'hex'), Buffer.alloc(40, 1)]),
    ],
    ['DER of texts', 'ES256', async () => Buffer.from('3006040101040101', 'hex')],
    ['DER for RSA', 'RS256', der('ES256')],
    ['DER for Ed25519', 'EdDSA', der('ES256')],
    ['an RSA signature without its first byte', 'RS256', change(rsa, (bytes) => bytes.subarray(1))],
    ['the signature of another curve', 'ES384', sound64],
    ['nothing at all', 'ES256', async () => new Uint8Array()],
    ['base64 text', 'ES256', async (data) => Buffer.from(await sound64(data)).toString('base64') as never],
    ['an array', 'ES256', async (data) => [...(await sound64(data))] as never],
    ['the answer of a client around the signature', 'ES256', async (data) => ({ signature: await sound64(data) }) as never],
    ['undefined', 'ES256', async () => undefined as never],
    ['null', 'ES256', async () => null as never],
  ])('%s', async (_, alg, sign) => {
    const failed = await signing(remote(alg, sign)).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(TypeError)
    expect(String(failed)).toMatch(/remote key/)
  })

  test('any other bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...asymmetric), fc.uint8Array({ maxLength: 300 }), async (alg, bytes) => {
        await expect(signing(remote(alg, async () => bytes))).rejects.toThrow(TypeError)
      }),
    )
  })
})

const otherKey = toKeyObject(testKeys.other)

describe('a signer that cannot be asked', () => {
  const cause = new Error('secret detail of the client')

  test.each<[string, Sign]>([
    ['rejects', async () => Promise.reject(cause)],
    [
      'throws',
      () => {
        throw cause
      },
    ],
    ['rejects with what is no error', async () => Promise.reject('secret detail')],
    ['is a network that fails', async () => Promise.reject(new TypeError('fetch failed'))],
  ])('%s: an outage, which says nothing of its cause', async (_, sign) => {
    const failed = await signing(remote('ES256', sign)).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(TrustUnavailableError)
    expect(failed).toMatchObject({ code: 'ERR_SIGNER_UNAVAILABLE', message: expect.not.stringContaining('secret') })
    expect(failed).toHaveProperty('cause')
  })

  test('may say itself when to come back', async () => {
    const busy = new TrustUnavailableError('ERR_SIGNER_UNAVAILABLE', 'busy', { retryAfter: 5 })
    await expect(signing(remote('ES256', async () => Promise.reject(busy)))).rejects.toBe(busy)
    expect(busy).toBeInstanceOf(StatementError)
  })
})

describe('a declaration is refused before anybody is asked', () => {
  const { d: _d, ...point } = keys.ES256
  test.each<[string, object]>([
    ['with a private publicJwk', { publicJwk: keys.ES256 }],
    ['with a private RSA publicJwk', { alg: 'RS256', publicJwk: keys.RSA }],
    ['with a symmetric publicJwk', { alg: 'HS256', publicJwk: { ...keys.oct, alg: 'HS256' } }],
    ['without a publicJwk', { publicJwk: undefined }],
    ['with a text for a publicJwk', { publicJwk: 'key.json' }],
    ['with a publicJwk that is null', { publicJwk: null }],
    ['with a publicJwk of no kind', { publicJwk: {} }],
    ['with the alg of another curve', { alg: 'ES384' }],
    ['with the alg of another kind of key', { alg: 'RS256' }],
    ['with an alg that nobody knows', { alg: 'ES256K' }],
    ['with an alg named like a property of every object', { alg: 'toString' }],
    ['without an alg', { alg: undefined }],
    ['with an alg other than its publicJwk names', { alg: 'RS256', publicJwk: { ...publicHalf(keys.RSA), alg: 'PS256' } }],
    ['with a publicJwk for encryption', { publicJwk: { ...point, use: 'enc' } }],
    ['with a publicJwk that does not verify', { publicJwk: { ...point, key_ops: ['sign'] } }],
    ['with a weak publicJwk', { alg: 'RS256', publicJwk: { ...publicHalf(keys.RSA), e: 'AQ' } }],
    ['with a publicJwk without its point', { publicJwk: { kty: 'EC', crv: 'P-256' } }],
    ['with a publicJwk off its curve', { publicJwk: { ...point, x: point.y } }],
    ['with a kid that is not printable', { kid: 'a\nb' }],
    ['with a kid that is no text', { kid: 7 }],
    ['with a sign that is no function', { sign: 'sign' }],
  ])('%s', async (_, change) => {
    let asked = false
    const sign: Sign = async () => {
      asked = true
      return new Uint8Array(64)
    }
    await expect(signing({ ...remote('ES256', sign), ...change })).rejects.toThrow(TypeError)
    expect(asked).toBe(false)
  })

  test.each([...symmetric, 'ES384', 'RS256', 'Ed25519'] as const)('or where %s is asked for', async (alg) => {
    await expect(signing(remote('ES256'), { alg })).rejects.toThrow(TypeError)
  })
})

describe('the published key set takes a remote key', () => {
  test.each(asymmetric)('for %s: its public half, its kid and its alg, and nobody is asked', async (alg) => {
    const key = remote(alg, async () => Promise.reject(new Error('asked')), { kid: 'k' })
    const { kty, crv, x, y, n, e } = publicHalf(keyFor(alg))
    expect((await publicJwks([key])).keys).toEqual([
      JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, kid: 'k', use: 'sig', alg })),
    ])
  })

  test('and knows it for the key it is', async () => {
    await expect(publicJwks([remote('ES256'), keys.ES256])).rejects.toThrow(TypeError)
  })
})
