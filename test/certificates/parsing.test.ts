import { CertificatePathError, type Encoded, validateCertificatePath } from '@software-statement/certificates'
import { describe, expect, test } from 'vitest'
import * as der from '../support/certificates/der.js'
import { at, issue, issueAuthority, issueRoot, nameOf, toBase64, toPem } from '../support/certificates/issue.js'
import { signings } from '../support/certificates/keys.js'
import { codeOf, outcomeOf } from '../support/certificates/outcome.js'

const root = issueRoot()
const authority = issueAuthority(root)
const leaf = issue(authority)

const validate = (encoded: unknown, anchor: unknown = root.der, intermediate: unknown = authority.der) =>
  // What is given may be anything.
  validateCertificatePath(encoded as Encoded, { intermediates: [intermediate as Encoded], anchors: [anchor as Encoded], at })

const codeFor = async (encoded: unknown) =>
  validate(encoded).then(
    () => 'valid',
    (error: unknown) => (error instanceof CertificatePathError ? error.code.replace('ERR_CERTIFICATE_', '') : String(error)),
  )

describe('a certificate may be given as', () => {
  const base64 = toBase64(leaf)
  const buffer = Uint8Array.from([9, ...leaf.der, 9])
  test.each<[string, unknown]>([
    ['DER bytes', leaf.der],
    ['a Buffer', Buffer.from(leaf.der)],
    ['an ArrayBuffer', leaf.der.slice().buffer],
    ['a view of more bytes', buffer.subarray(1, -1)],
    ['base64, as in x5c', base64],
    ['base64 in lines', base64.replaceAll(/.{76}/g, '$&\r\n')],
    ['PEM', toPem(leaf)],
    ['PEM with explanations around', `Subject: Leaf\n${toPem(leaf)}\nissued for a test\n`],
    ['PEM with CRLF', toPem(leaf).replaceAll('\n', '\r\n')],
  ])('%s', async (_, encoded) => {
    expect(await codeFor(encoded)).toBe('valid')
    const { certificates } = await validate(encoded)
    expect(certificates[0]?.der).toEqual(leaf.der)
  })
})

describe('a certificate must not be given as', () => {
  const base64 = toBase64(leaf)
  test.each<[string, unknown]>([
    ['an empty text', ''],
    ['no bytes', new Uint8Array()],
    ['base64url', Buffer.concat([leaf.der, Buffer.from([0xfb, 0xff, 0xbf])]).toString('base64url')],
    ['base64 without padding', `${base64.replace(/=+$/, '')}A`],
    ['base64 with more behind', `${base64}!`],
    ['PEM of another label', toPem(leaf, 'X509 CRL')],
    ['PEM that ends with another label', toPem(leaf).replace('END CERTIFICATE', 'END X509 CRL')],
    ['two PEM blocks', toPem(leaf) + toPem(root)],
    ['a PEM block and one that is cut off', toPem(leaf) + toPem(root).slice(0, 200)],
    ['a PEM block and the end of one', `${toPem(root).slice(-200)}${toPem(leaf)}`],
    ['PEM without an end', toPem(leaf).replace(/-----END.*/s, '')],
    ['PEM with attributes inside', toPem(leaf).replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')],
    ['bytes cut off', leaf.der.subarray(0, -1)],
    ['bytes with more behind', der.concat(leaf.der, Uint8Array.of(0))],
    ['another element', der.none],
    ['more bytes than any certificate has', der.sequence(new Uint8Array(1_100_000))],
    ['a text longer than any certificate', 'A'.repeat(2_000_004)],
  ])('%s', async (_, encoded) => {
    expect(await codeFor(encoded)).toBe('MALFORMED')
  })

  test.each([[null], [7], [{}], [[]]])('%j: that is a mistake of the caller, not of the certificate', async (encoded) => {
    expect(await codeFor(encoded)).toBe('TypeError: leaf must be PEM or base64 text, or DER bytes')
    await expect(validate(leaf.der, encoded)).rejects.toThrow(
      new TypeError('anchors[0] must be PEM or base64 text, or DER bytes'),
    )
    await expect(validate(leaf.der, root.der, encoded)).rejects.toThrow(/^intermediates\[0\] must/)
  })

  test('the fault tells which one it is', async () => {
    const garbage = Uint8Array.of(1, 2, 3)
    await expect(validate(leaf.der, root.der, garbage)).rejects.toMatchObject({
      certificate: { list: 'intermediates', index: 0 },
    })
    await expect(validate(leaf.der, garbage)).rejects.toMatchObject({ certificate: { list: 'anchors', index: 0 } })
    await expect(validate(garbage)).rejects.toMatchObject({ certificate: { list: 'leaf', index: 0 }, clause: 'RFC 5280 4.1' })
  })
})

describe('strict DER', () => {
  /** A certificate signed by the authority, whose parts are written as they are given. */
  function assemble(
    parts: Partial<
      Record<'version' | 'serial' | 'algorithm' | 'issuer' | 'validity' | 'subject' | 'extensions' | 'more', der.Der>
    >,
  ): der.Der {
    const nothing = new Uint8Array()
    const times = der.sequence(der.time(new Date('2030-01-01')), der.time(new Date('2040-01-01')))
    const tbs = der.sequence(
      parts.version ?? der.explicit(0, der.integer(2)),
      parts.serial ?? der.integer(5),
      parts.algorithm ?? signings.ecdsaSha256.algorithm,
      parts.issuer ?? authority.name,
      parts.validity ?? times,
      parts.subject ?? nameOf(['CN', 'Leaf']),
      leaf.keys.publicKey,
      parts.extensions ?? nothing,
      parts.more ?? nothing,
    )
    const signature = signings.ecdsaSha256.sign(tbs, authority.keys.privateKey)
    return der.sequence(tbs, signings.ecdsaSha256.algorithm, der.bitString(signature))
  }
  const assembled = (parts: Parameters<typeof assemble>[0]) =>
    codeOf({ der: assemble(parts) }, [authority], [root], { profile: 'compatible' })

  test('what is assembled as it should be is valid', async () => {
    expect(await assembled({})).toBe('valid')
  })

  const extensionOf = (...content: readonly der.Der[]) => der.explicit(3, der.sequence(der.sequence(...content)))
  const identifier = der.objectIdentifier('1.2.3')
  test.each<[string, Parameters<typeof assemble>[0]]>([
    ['an INTEGER that is empty', { serial: der.element(0x02) }],
    ['an INTEGER with a zero too many', { serial: der.element(0x02, Uint8Array.of(0, 5)) }],
    ['a negative INTEGER with ones too many', { serial: der.element(0x02, Uint8Array.of(0xff, 0xfe)) }],
    ['a length that could be shorter', { serial: Uint8Array.of(0x02, 0x81, 0x01, 0x05) }],
    ['a length with a zero in front', { serial: Uint8Array.of(0x02, 0x82, 0x00, 0x01, 0x05) }],
    ['an indefinite length', { subject: Uint8Array.of(0x30, 0x80, 0x00, 0x00) }],
    ['a length of more than four bytes', { subject: Uint8Array.of(0x30, 0x85, 0, 0, 0, 0, 0) }],
    ['a length beyond the end', { more: Uint8Array.of(0xa3, 0x20, 0x30) }],
    ['a tag of two bytes', { subject: Uint8Array.of(0x3f, 0x30, 0x00) }],
    ['a version that is spelled out as 1', { version: der.explicit(0, der.integer(0)) }],
    ['a version that there is not', { version: der.explicit(0, der.integer(3)) }],
    ['a version with more behind', { version: der.explicit(0, der.integer(2), der.integer(2)) }],
    ['extensions in version 1', { version: new Uint8Array(), extensions: extensionOf(identifier, der.octetString()) }],
    ['unique identifiers in version 1', { version: new Uint8Array(), more: der.implicit(1, Uint8Array.of(0)) }],
    ['no extensions in their list', { extensions: der.explicit(3, der.sequence()) }],
    [
      'more behind the list of extensions',
      { extensions: der.explicit(3, der.sequence(der.sequence(identifier, der.octetString())), der.none) },
    ],
    ['an extension with more inside', { extensions: extensionOf(identifier, der.octetString(), der.none) }],
    [
      'an extension that is critical like in BER',
      { extensions: extensionOf(identifier, der.element(0x01, Uint8Array.of(1)), der.octetString()) },
    ],
    ['more behind the extensions', { more: der.none }],
    ['three times', { validity: der.sequence(...[2030, 2040, 2050].map((year) => der.time(new Date(Date.UTC(year, 1))))) }],
    ['one time', { validity: der.sequence(der.time(new Date('2030-01-01'))) }],
    ['an empty set in a name', { subject: der.sequence(der.set()) }],
    ['an attribute without a value', { subject: der.sequence(der.set(der.sequence(identifier))) }],
    ['an attribute with two values', { subject: der.sequence(der.set(der.sequence(identifier, der.none, der.none))) }],
    ['an OBJECT IDENTIFIER that is empty', { algorithm: der.sequence(der.element(0x06)) }],
    ['an OBJECT IDENTIFIER that is cut off', { algorithm: der.sequence(der.element(0x06, Uint8Array.of(0x2a, 0x86))) }],
    [
      'an OBJECT IDENTIFIER with a zero in front of a number',
      { algorithm: der.sequence(der.element(0x06, Uint8Array.of(0x2a, 0x80, 0x01))) },
    ],
    ['an OBJECT IDENTIFIER that never ends', { algorithm: der.sequence(der.element(0x06, new Uint8Array(200).fill(1))) }],
    ['an algorithm with more inside', { algorithm: der.sequence(identifier, der.none, der.none) }],
  ])('%s is refused', async (_, parts) => {
    expect(await assembled(parts)).toBe('MALFORMED')
  })

  test.each<[string, (signature: Uint8Array) => der.Der, string?]>([
    [
      'whose bits are not whole bytes',
      (signature) =>
        der.bitString(
          signature.map((byte, at) => (at === signature.length - 1 ? byte & 0xfe : byte)),
          1,
        ),
      // It can be read; that no key verifies it matters to a path it is in, and to no other.
      'SIGNATURE_INVALID 6.1.3 (a)(1)',
    ],
    ['with eight bits that do not count', (signature) => der.bitString(signature, 8)],
    ['that is empty', () => der.element(0x03)],
    ['that is an OCTET STRING', (signature) => der.octetString(signature)],
  ])('a signature %s is refused', async (_, write, expected = 'MALFORMED 4.1') => {
    const tbs = leaf.der.subarray(4, 4 + 4 + (leaf.der[6] ?? 0) * 256 + (leaf.der[7] ?? 0))
    const signature = signings.ecdsaSha256.sign(tbs, authority.keys.privateKey)
    const changed = der.sequence(tbs, signings.ecdsaSha256.algorithm, write(signature))
    expect(await outcomeOf({ der: changed }, [authority], [root])).toBe(expected)
    expect(
      await outcomeOf({ der: der.sequence(tbs, signings.ecdsaSha256.algorithm, der.bitString(signature)) }, [authority], [root]),
    ).toBe('valid')
  })

  test('object identifiers of any size are told apart', async () => {
    const large = (last: number) => der.element(0x06, Uint8Array.of(0x2a, ...new Array<number>(12).fill(0xff), last))
    const extensions = der.explicit(3, der.sequence(...[1, 2].map((last) => der.sequence(large(last), der.octetString()))))
    expect(await assembled({ extensions })).toBe('valid')
  })
})

test('bytes that are changed afterwards change nothing', async () => {
  const bytes = leaf.der.slice()
  const pending = validateCertificatePath(bytes, { intermediates: [authority.der], anchors: [root.der], at })
  bytes.fill(0)
  const { certificates } = await pending
  expect(certificates[0]?.der).toEqual(leaf.der)
})
