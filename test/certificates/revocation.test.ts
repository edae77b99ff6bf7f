import { CertificatePathError, type Encoded, validateCertificatePath } from '@software-statement/certificates'
import { describe, expect, test } from 'vitest'
import * as der from '../support/certificates/der.js'
import { critical, rawExtension, unknownExtension } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, nameOf, toBase64, toPem } from '../support/certificates/issue.js'
import {
  distributionPoints,
  issueList,
  issuingDistributionPoint,
  type ListParts,
  listNumber,
  noRevAvail,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { newEcKeys, newRsaKeys, pss, signings } from '../support/certificates/keys.js'
import { codeOf, outcomeOf } from '../support/certificates/outcome.js'

const root = issueRoot()
const authority = issueAuthority(root, { serialNumber: 17 })
const leaf = issue(authority, { serialNumber: 4711 })
const rootList = issueList(root)

type List = Pick<Issued, 'der'>

/** What becomes of the leaf with these lists; that of the root is always there. */
const withLists = (lists: readonly List[], of: Issued = leaf, others: readonly Issued[] = []) =>
  codeOf(of, [authority, ...others], [root], { crls: [rootList, ...lists].map((list) => list.der) })

const june = new Date('2035-06-01')
const good = issueList(authority)
const bad = issueList(authority, { revoked: [[4711]] })
/** A list that is newer than these by some hours. */
const newest = (parts: ListParts) => issueList(authority, { thisUpdate: new Date('2035-06-01T06:00:00Z'), ...parts })
const past = { nextUpdate: new Date('2035-06-01T11:00:00Z') }
const authoritiesOnly = issuingDistributionPoint({ only: 'authority' })

describe('a certificate is looked up in the list of its issuer (RFC 5280 6.3)', () => {
  test.each<[string, readonly List[], string]>([
    ['it is not on it', [good], 'valid'],
    ['others are on it', [issueList(authority, { revoked: [[1], [4712, reasonCode('keyCompromise')]] })], 'valid'],
    ['it is on it', [bad], 'REVOKED'],
    ['it is on it with a reason', [issueList(authority, { revoked: [[4711, reasonCode('keyCompromise')]] })], 'REVOKED'],
    ['it is on hold', [issueList(authority, { revoked: [[4711, reasonCode('certificateHold')]] })], 'REVOKED'],
    ['there is no list', [], 'CRL_MISSING'],
    ['there is that of somebody else', [issueList(issueRoot({ name: 'Other' }))], 'CRL_MISSING'],
    ['its signature is not that of the issuer', [tamper(good)], 'CRL_UNUSABLE'],
    ['it is signed by another key', [issueList({ ...authority, keys: newEcKeys() })], 'CRL_UNUSABLE'],
    ['its issuer has another name', [issueList(authority, { issuerName: nameOf(['CN', 'Other']) })], 'CRL_MISSING'],
    ['a good one and one with another name', [issueList(authority, { issuerName: nameOf(['CN', 'Other']) }), good], 'valid'],
    ['its signature is not of whole bytes', [cutBits(good)], 'CRL_UNUSABLE'],
    ['a good one and one with a signature not of whole bytes', [cutBits(good), good], 'valid'],
    ['a good one and one with a bad signature', [tamper(good), good], 'valid'],
    ['one it is on, and one with a bad signature', [tamper(good), bad], 'REVOKED'],
    [
      'it has an unknown critical extension',
      [issueList(authority, { extensions: [critical(unknownExtension())] })],
      'CRL_UNUSABLE',
    ],
    ['it has an unknown extension', [issueList(authority, { extensions: [unknownExtension()] })], 'valid'],
    [
      'an entry has an unknown critical extension',
      [issueList(authority, { revoked: [[1, critical(unknownExtension())]] })],
      'CRL_UNUSABLE',
    ],
    ['an entry has an unknown extension', [issueList(authority, { revoked: [[1, unknownExtension()]] })], 'valid'],
    ['its next update has passed', [issueList(authority, { nextUpdate: new Date('2035-06-01T11:59:59Z') })], 'CRL_STALE'],
    ['its next update is now', [issueList(authority, { nextUpdate: at })], 'valid'],
    [
      'its next update was before 2000',
      [issueList(authority, { thisUpdate: new Date('1998-01-01'), nextUpdate: new Date('1999-01-01') })],
      'CRL_STALE',
    ],
    ['its next update is after 2049', [issueList(authority, { nextUpdate: new Date('2050-01-01') })], 'valid'],
    ['it does not say when the next one comes', [issueList(authority, { nextUpdate: null })], 'CRL_STALE'],
    ['it is of the future', [issueList(authority, { thisUpdate: new Date('2035-06-02') })], 'CRL_STALE'],
    ['it is of this second', [issueList(authority, { thisUpdate: at })], 'valid'],
    ['it has no number', [issueList(authority, { without: ['2.5.29.20'] })], 'CRL_UNUSABLE'],
    ['its number is critical', [issueList(authority, { extensions: [critical(listNumber(1))] })], 'CRL_UNUSABLE'],
    ['its number is negative', [issueList(authority, { extensions: [listNumber(-1)] })], 'CRL_UNUSABLE'],
    ['its number has 20 octets', [issueList(authority, { extensions: [listNumber(2n ** 159n)] })], 'valid'],
    ['it has no key identifier', [issueList(authority, { without: ['2.5.29.35'] })], 'valid'],
    ['an extension is there twice', [issueList(authority, { extensions: [listNumber(1), listNumber(1)] })], 'CRL_UNUSABLE'],
    ['it is of version 1', [issueList(authority, { version: 1 })], 'CRL_UNUSABLE'],
    [
      'the algorithm that is signed is another one',
      [issueList(authority, { signedAlgorithm: signings.ecdsaSha384.algorithm })],
      'CRL_UNUSABLE',
    ],
    ['it is signed with SHA-1', [issueList(authority, { signing: signings.ecdsaSha1 })], 'CRL_UNUSABLE'],
  ])('%s', async (_, lists, expected) => {
    expect(await withLists(lists)).toBe(expected)
    expect(await withLists(lists.toReversed())).toBe(expected)
  })

  test.each<[string, readonly List[], string]>([
    ['no number', [issueList(authority, { without: ['2.5.29.20'] })], 'valid'],
    ['a critical number', [issueList(authority, { extensions: [critical(listNumber(1))] })], 'valid'],
    ['version 1', [issueList(authority, { version: 1 })], 'valid'],
    ['no next update', [issueList(authority, { nextUpdate: null })], 'CRL_STALE'],
  ])('in the profile compatible, a list with %s', async (_, lists, expected) => {
    const crls = [rootList, ...lists].map((list) => list.der)
    expect(await codeOf(leaf, [authority], [root], { crls, profile: 'compatible' })).toBe(expected)
  })

  test('the newest of several lists counts', async () => {
    const older = { thisUpdate: new Date('2035-05-20') }
    const onHold = [[4711, reasonCode('certificateHold')]] as const
    expect(await withLists([issueList(authority, { ...older, revoked: onHold }), good])).toBe('valid')
    expect(await withLists([issueList(authority, older), bad])).toBe('REVOKED')
  })

  test.each<[string, readonly List[], string]>([
    ['is not current and has it', [newest({ ...past, revoked: [[4711]] }), good], 'CRL_STALE'],
    ['is not current', [newest(past), good], 'CRL_STALE'],
    ['does not say until when it is current', [newest({ nextUpdate: null }), good], 'CRL_STALE'],
    ['has an unknown critical extension', [newest({ extensions: [critical(unknownExtension())] }), good], 'CRL_UNUSABLE'],
    ['has an entry that cannot be read', [newest({ revoked: [[1, critical(unknownExtension())]] }), good], 'CRL_UNUSABLE'],
    [
      'is as new, and cannot be used',
      [issueList(authority, { extensions: [critical(unknownExtension())] }), good],
      'CRL_UNUSABLE',
    ],
    ['is there with a later end', [issueList(authority, past), good], 'valid'],
    ['is about others and cannot be used', [newest({ ...past, extensions: [authoritiesOnly] }), good], 'valid'],
    ['is of the future', [newest({ thisUpdate: new Date('2035-06-02'), revoked: [[4711]] }), good], 'valid'],
    ['has a bad signature', [tamper(newest({ revoked: [[4711]] })), good], 'valid'],
    ['is not current and has a bad signature', [tamper(newest({ ...past, revoked: [[4711]] })), good], 'valid'],
  ])('the newest signed list about a certificate counts, or none: the newest %s', async (_, lists, expected) => {
    expect(await withLists(lists)).toBe(expected)
    expect(await withLists(lists.toReversed())).toBe(expected)
  })

  test('of two lists of one time the one with the higher number counts, and of two with one number both', async () => {
    const second = { extensions: [listNumber(2)] }
    for (const turn of [(lists: readonly List[]) => lists, (lists: readonly List[]) => lists.toReversed()]) {
      expect(await withLists(turn([bad, issueList(authority, second)]))).toBe('valid')
      expect(await withLists(turn([good, issueList(authority, { ...second, revoked: [[4711]] })]))).toBe('REVOKED')
      expect(await withLists(turn([good, bad]))).toBe('REVOKED')
    }
  })

  test.each<[string, bigint, bigint, string]>([
    ['a negative one that is on it', -1n, -1n, 'REVOKED'],
    ['a negative one, and its other spelling on it', -1n, 255n, 'valid'],
    ['a positive one, and a negative one on it', 255n, -1n, 'valid'],
    ['one of 20 octets that is on it', 2n ** 159n - 1n, 2n ** 159n - 1n, 'REVOKED'],
    ['one of 20 octets, and one that differs in the last on it', 2n ** 159n - 1n, 2n ** 159n - 2n, 'valid'],
    ['one of 20 octets, and one that differs in the first on it', 2n ** 158n + 5n, 2n ** 157n + 5n, 'valid'],
  ])('serial numbers are compared as they stand: %s', async (_, serialNumber, revoked, expected) => {
    const list = issueList(authority, { revoked: [[revoked]] })
    expect(await withLists([list], issue(authority, { serialNumber }))).toBe(expected)
  })

  test('an authority that is revoked makes the path invalid, whatever its own list says', async () => {
    const crls = [issueList(root, { revoked: [[17]] }), good].map((list) => list.der)
    await expect(
      validateCertificatePath(leaf.der, { intermediates: [authority.der], anchors: [root.der], at, crls }),
    ).rejects.toMatchObject({
      code: 'ERR_CERTIFICATE_REVOKED',
      clause: 'RFC 5280 6.3.3 (j)',
      certificate: { list: 'intermediates', index: 0 },
      message: expect.stringContaining('2035-05-01T00:00:00.000Z'),
    })
  })

  test('an authority without a list makes the path invalid', async () => {
    expect(await codeOf(leaf, [authority], [root], { crls: [good.der] })).toBe('CRL_MISSING')
  })

  test('another path is taken where a certificate of the first one is revoked', async () => {
    const keys = newEcKeys()
    const [one, two] = [18, 19].map((serialNumber) => issueAuthority(root, { name: 'Twice', keys, serialNumber }))
    if (one === undefined || two === undefined) throw new Error('there are two')
    const end = issue(one)
    const crls = [issueList(root, { revoked: [[18]] }), issueList(one)].map((list) => list.der)
    const { certificates } = await validateCertificatePath(end.der, {
      ...{ intermediates: [one.der, two.der], anchors: [root.der], at, crls },
    })
    expect(certificates[1]?.serialNumber).toBe('13')
  })
})

describe('who may sign a list (RFC 5280 6.3.3 (f))', () => {
  const signOnly = ['keyCertSign']
  const listKeys = newEcKeys()
  const certificateIssuer = issueAuthority(root, { name: 'Split', keyUsage: signOnly })
  const listIssuer = issueAuthority(root, { name: 'Split', keys: listKeys, keyUsage: ['cRLSign'], serialNumber: 23 })
  const end = issue(certificateIssuer, { serialNumber: 31 })
  const list = issueList(listIssuer)

  test.each<[string, readonly Issued[], readonly List[], string]>([
    ['another certificate of the issuer', [certificateIssuer, listIssuer], [rootList, list], 'valid'],
    [
      'another certificate of the issuer, and it is on it',
      [certificateIssuer, listIssuer],
      [rootList, issueList(listIssuer, { revoked: [[31]] })],
      'REVOKED',
    ],
    [
      'another certificate of the issuer, which is revoked',
      [certificateIssuer, listIssuer],
      [issueList(root, { revoked: [[23]] }), list],
      'CRL_UNUSABLE',
    ],
    ['nobody who is known', [certificateIssuer], [rootList, list], 'CRL_UNUSABLE'],
    ['a key that is not for lists', [certificateIssuer], [rootList, issueList(certificateIssuer)], 'CRL_UNUSABLE'],
    [
      'an issuer that is not valid any more',
      [certificateIssuer, issueAuthority(root, { name: 'Split', keys: listKeys, notAfter: june, keyUsage: ['cRLSign'] })],
      [rootList, list],
      'CRL_UNUSABLE',
    ],
    [
      'an end entity of the same name with a key for lists',
      [certificateIssuer, issue(root, { name: 'Split', keys: listKeys, keyUsage: ['cRLSign'] })],
      [rootList, list],
      'valid',
    ],
  ])('%s', async (_, intermediates, lists, expected) => {
    const crls = lists.map(({ der: bytes }) => bytes)
    expect(await codeOf(end, intermediates, [root], { crls })).toBe(expected)
    expect(await codeOf(end, intermediates.toReversed(), [root], { crls: crls.toReversed() })).toBe(expected)
  })

  test('one below another trust anchor may not', async () => {
    const other = issueRoot({ name: 'Other' })
    const foreign = issueAuthority(other, { name: 'Split', keys: listKeys, keyUsage: ['cRLSign'] })
    const crls = [rootList, issueList(other), list].map((one) => one.der)
    expect(await codeOf(end, [certificateIssuer, foreign], [root, other], { crls })).toBe('CRL_UNUSABLE')
  })

  test('an issuer without key usages may', async () => {
    const plain = issueAuthority(root, { name: 'Plain', without: ['2.5.29.15'] })
    const crls = [rootList, issueList(plain)].map((one) => one.der)
    expect(await codeOf(issue(plain), [plain], [root], { crls })).toBe('valid')
  })

  test('what the caller wants of the leaf is not asked of the issuer of a list', async () => {
    const options = { crls: [rootList.der, list.der], keyUsage: ['digitalSignature'] as const, maxPathLength: 1 }
    expect(await codeOf(end, [certificateIssuer, listIssuer], [root], options)).toBe('valid')
  })

  test('a self-issued certificate with the key for lists may, and no list of its own makes it good', async () => {
    const old = issueAuthority(root, { name: 'Rollover', serialNumber: 40 })
    const keys = newEcKeys()
    const selfIssued = issueAuthority(old, { name: 'Rollover', keys, serialNumber: 41 })
    const below = issue({ ...selfIssued }, {})
    const lists = (revoked: readonly [number][]) =>
      [rootList, issueList(selfIssued), issueList(old, { revoked })].map((one) => one.der)
    expect(await codeOf(below, [old, selfIssued], [root], { crls: lists([]) })).toBe('valid')
    expect(await codeOf(below, [old, selfIssued], [root], { crls: lists([[41]]) })).toBe('REVOKED')
  })

  test('RSA keys may, with either padding', async () => {
    const issuer = issueAuthority(root, { keys: newRsaKeys(2048) })
    for (const signing of [signings.rsaSha256, pss('sha256', 32)]) {
      const crls = [rootList, issueList(issuer, { signing })].map((one) => one.der)
      expect(await codeOf(issue(issuer, { signing }), [issuer], [root], { crls })).toBe('valid')
    }
  })
})

describe('the option revocation', () => {
  const options = { intermediates: [authority.der], anchors: [root.der], at }
  const unlisted = issue(authority, { extensions: [noRevAvail] })
  const unlistedAuthority = issueAuthority(root, { extensions: [noRevAvail], name: 'Unlisted' })
  const contradiction = issue(authority, {
    extensions: [noRevAvail, distributionPoints({ name: { full: [der.implicit(6, der.text('https://crl.example/'))] } })],
  })

  test.each<[string, Issued, readonly Issued[], readonly List[] | undefined, 'require' | 'check' | 'off' | undefined, string]>([
    ['off by default without lists', leaf, [authority], undefined, undefined, 'valid'],
    ['check by default with lists', leaf, [authority], [], undefined, 'CRL_MISSING'],
    ['off with lists', leaf, [authority], [rootList, bad], 'off', 'valid'],
    ['check without lists', leaf, [authority], undefined, 'check', 'CRL_MISSING'],
    ['require without lists', leaf, [authority], undefined, 'require', 'CRL_MISSING'],
    ['require with lists', leaf, [authority], [rootList, good], 'require', 'valid'],
    ['require with a list it is on', leaf, [authority], [rootList, bad], 'require', 'REVOKED'],
    ['check: nobody tells its status', unlisted, [authority], [rootList], 'check', 'valid'],
    ['require: nobody tells its status', unlisted, [authority], [rootList], 'require', 'CRL_MISSING'],
    [
      'check: nobody tells the status of an authority',
      issue(unlistedAuthority),
      [unlistedAuthority],
      [issueList(unlistedAuthority)],
      'check',
      'CRL_MISSING',
    ],
    ['check: nobody tells its status, and it says where', contradiction, [authority], [rootList], 'check', 'CRL_MISSING'],
  ])('%s', async (_, end, intermediates, lists, revocation, expected) => {
    const given = { ...(lists && { crls: lists.map((list) => list.der) }), ...(revocation && { revocation }) }
    expect(await codeOf(end, intermediates, [root], given)).toBe(expected)
  })

  test.each<[string, Issued, readonly List[] | undefined, readonly boolean[]]>([
    ['off', leaf, undefined, [false, false, false]],
    ['check', leaf, [rootList, good], [true, true, false]],
    ['check where nobody tells the status of the leaf', unlisted, [rootList], [false, true, false]],
  ])('%s: the path says what was looked up', async (_, end, lists, expected) => {
    const crls = lists && { crls: lists.map((list) => list.der) }
    const { certificates } = await validateCertificatePath(end.der, { ...options, ...crls })
    expect(certificates.map(({ revocationChecked }) => revocationChecked)).toEqual(expected)
  })

  test.each([
    [{ revocation: 'soft' }, 'revocation'],
    [{ revocation: true }, 'revocation'],
    [{ crls: 'list' }, 'crls'],
    [{ crls: [1] }, 'crls[0]'],
  ])('of a wrong form is refused by its name: %j', async (wrong, name) => {
    const given = { ...options, ...wrong } as Parameters<typeof validateCertificatePath>[1] // as callers without types do
    const refused = validateCertificatePath(leaf.der, given)
    await expect(refused).rejects.toThrow(TypeError)
    await expect(refused).rejects.toThrow(name)
  })

  test('lists are PEM, base64 or DER', async () => {
    const forms: ((list: List) => Encoded)[] = [(list) => toPem(list, 'X509 CRL'), (list) => toBase64(list), (list) => list.der]
    for (const write of forms) {
      await expect(
        validateCertificatePath(leaf.der, { ...options, crls: [rootList, good].map((list) => write(list)) }),
      ).resolves.toBeDefined()
    }
  })

  test('a valid path tells until when its lists are current', async () => {
    const early = issueList(authority, { nextUpdate: new Date('2035-06-15') })
    const until = async (crls: readonly List[]) =>
      (await validateCertificatePath(leaf.der, { ...options, ...(crls.length > 0 && { crls: crls.map((list) => list.der) }) }))
        .validUntil
    expect(await until([rootList, early])).toEqual(new Date('2035-06-15'))
    expect(await until([rootList, good])).toEqual(new Date('2035-07-01'))
    expect(await until([])).toEqual(new Date('2040-01-01'))
  })
})

describe('a list that cannot be read is told by its position', () => {
  const { der: bytes } = good
  test.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['no base64', '????'],
    ['a certificate in PEM', toPem(leaf)],
    ['a certificate', leaf.der],
    ['one that is cut off', bytes.slice(0, -1)],
    ['one with something behind its end', der.concat(bytes, der.none)],
    ['one of version 3', issueVersion(3)],
    ['one of version 1 with extensions', issueVersion(1)],
  ])('%s', async (_, list) => {
    const refused = validateCertificatePath(leaf.der, {
      ...{ intermediates: [authority.der], anchors: [root.der], at, crls: [rootList.der, list] },
    })
    await expect(refused).rejects.toBeInstanceOf(CertificatePathError)
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_CERTIFICATE_CRL_MALFORMED',
      certificate: { list: 'crls', index: 1 },
    })
  })

  test.each<[string, der.Der]>([
    ['the reason has no name', der.element(0x0a, Uint8Array.of(7))],
    ['the reason is no ENUMERATED', der.integer(1)],
    ['the reason has two bytes', der.element(0x0a, Uint8Array.of(1, 1))],
  ])('an entry that cannot be read makes the list useless: %s', async (_, value) => {
    expect(await withLists([issueList(authority, { revoked: [[1, rawExtension('2.5.29.21', value)]] })])).toBe('CRL_UNUSABLE')
  })

  test('an entry of one of its extensions twice makes the list useless', async () => {
    const twice = issueList(authority, { revoked: [[1, reasonCode('unspecified'), reasonCode('keyCompromise')]] })
    expect(await withLists([twice])).toBe('CRL_UNUSABLE')
  })
})

test('clauses tell what is wrong with a status', async () => {
  const outcome = (list: List) => outcomeOf(leaf, [authority], [root], { crls: [rootList.der, list.der] })
  expect(await outcome(issueList(authority, { nextUpdate: new Date('2035-06-01T01:00:00Z') }))).toBe('CRL_STALE 5.1.2.5')
  expect(await outcome(issueList(authority, { thisUpdate: new Date('2035-06-02') }))).toBe('CRL_STALE 5.1.2.4')
  expect(await outcome(rootList)).toBe('CRL_MISSING 6.3.3')
  expect(await outcome(tamper(good))).toBe('CRL_UNUSABLE 6.3.3')
})

/** The same list with another signature. */
function tamper({ der: bytes }: List): List {
  const changed = Uint8Array.from(bytes)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  return { der: changed }
}

/** The same list with a signature of which one bit does not count. */
function cutBits({ der: bytes }: List): List {
  const [tbs = der.none, algorithm = der.none, signature = der.none] = split(readContent(bytes))
  const changed = Uint8Array.from(readContent(signature))
  changed[0] = 1
  return { der: der.sequence(tbs, algorithm, der.element(0x03, changed)) }
}

function readContent(bytes: Uint8Array): Uint8Array {
  const first = bytes[1] ?? 0
  return bytes.slice(2 + (first < 0x80 ? 0 : first & 0x7f))
}

/** A list of which the version says something else. */
function issueVersion(version: 1 | 3): Uint8Array {
  const { der: bytes } = good
  const at = Buffer.from(bytes).indexOf(Buffer.from([0x02, 0x01, 0x01]))
  if (version === 3) return Uint8Array.from(bytes, (byte, index) => (index === at + 2 ? 2 : byte))
  const tbs = bytes.slice(at + 3, bytes.length)
  const [signed, ...others] = split(tbs)
  return der.sequence(der.sequence(signed ?? der.none, ...others.slice(0, 4)), ...others.slice(4))
}

function split(bytes: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const first = bytes[start + 1] ?? 0
    const more = first < 0x80 ? 0 : first & 0x7f
    const length = more === 0 ? first : [...bytes.slice(start + 2, start + 2 + more)].reduce((sum, byte) => sum * 256 + byte, 0)
    const end = start + 2 + more + length
    parts.push(bytes.slice(start, end))
    start = end
  }
  return parts
}
