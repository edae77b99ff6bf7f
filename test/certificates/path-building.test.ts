import {
  CertificatePathError,
  type CertificatePathOptions,
  pathLimits,
  validateCertificatePath,
} from '@software-statement/certificates'
import { describe, expect, test } from 'vitest'
import { authorityKeyIdentifier } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, type Parts } from '../support/certificates/issue.js'
import { newEcKeys } from '../support/certificates/keys.js'
import { codeOf, outcomeOf } from '../support/certificates/outcome.js'

const subjectKeyIdentifier = '2.5.29.14'
const expired = { notBefore: new Date('2031-01-01'), notAfter: new Date('2032-01-01') }

const toDer = (issued: readonly Issued[]) => issued.map(({ der }) => der)

/** The path that was built, by the names of the certificates. */
async function build(
  leaf: Issued,
  intermediates: readonly Issued[],
  anchors: readonly Issued[],
  options: Partial<CertificatePathOptions> = {},
) {
  return validateCertificatePath(leaf.der, { intermediates: toDer(intermediates), anchors: toDer(anchors), at, ...options })
}

/** Several certificates of one authority: one name, one key. */
function crossSign(issuers: readonly Issued[], parts: Parts = {}): readonly Issued[] {
  const keys = newEcKeys()
  return issuers.map((issuer) => issueAuthority(issuer, { name: 'Cross', keys, ...parts }))
}

describe('a path', () => {
  const root = issueRoot()
  const upper = issueAuthority(root, { name: 'Upper' })
  const lower = issueAuthority(upper, { name: 'Lower' })
  const leaf = issue(lower, { serialNumber: -2 })

  test('is told from leaf to anchor, with why each certificate was chosen', async () => {
    const { certificates, policies } = await build(leaf, [upper, lower], [issueRoot({ name: 'Other' }), root])
    expect(certificates.map(({ subject, list, index, reasons }) => ({ subject, list, index, reasons }))).toEqual([
      { subject: 'CN=Leaf', list: 'leaf', index: 0, reasons: ['given'] },
      { subject: 'CN=Lower', list: 'intermediates', index: 1, reasons: ['issuerName', 'keyIdentifier', 'signature'] },
      { subject: 'CN=Upper', list: 'intermediates', index: 0, reasons: ['issuerName', 'keyIdentifier', 'signature'] },
      { subject: 'CN=Root', list: 'anchors', index: 1, reasons: ['issuerName', 'keyIdentifier', 'signature', 'trusted'] },
    ])
    expect(certificates.map(({ der }) => Buffer.from(der).toString('hex'))).toEqual(
      [leaf, lower, upper, root].map(({ der }) => Buffer.from(der).toString('hex')),
    )
    expect(certificates[0]).toMatchObject({
      issuer: 'CN=Lower',
      serialNumber: 'fe',
      notBefore: new Date('2030-01-01'),
      notAfter: new Date('2040-01-01'),
      publicKey: leaf.keys.publicKey,
    })
    expect(policies).toEqual([])
  })

  test('is found without key identifiers', async () => {
    const without = { without: [subjectKeyIdentifier, '2.5.29.35'] }
    const authority = issueAuthority(root, without)
    const { certificates } = await build(issue(authority, without), [authority], [root], { profile: 'compatible' })
    expect(certificates[1]?.reasons).toEqual(['issuerName', 'signature'])
  })

  test('is found although the key identifiers do not agree: they are a hint', async () => {
    const authority = issueAuthority(root, { extensions: [authorityKeyIdentifier(Uint8Array.of(1))] })
    const { certificates } = await build(issue(authority), [authority], [root])
    expect(certificates[2]?.reasons).toEqual(['issuerName', 'signature', 'trusted'])
  })

  test.each([
    ['the one above the leaf', [upper], 'CN=Leaf'],
    ['the one below the anchor', [lower], 'CN=Lower'],
    ['all', [], 'CN=Leaf'],
  ])('lacks intermediates: %s', async (_, intermediates, subject) => {
    const error = await build(leaf, intermediates, [root]).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(CertificatePathError)
    expect(error).toMatchObject({ code: 'ERR_CERTIFICATE_ISSUER_NOT_FOUND', clause: 'RFC 5280 6.1', certificate: { subject } })
  })

  test('ends at an anchor, not at any root', async () => {
    expect(await codeOf(leaf, [upper, lower, root], [issueRoot({ name: 'Other' })])).toBe('ISSUER_NOT_FOUND')
  })

  test('is not trusted for the name of its anchor alone', async () => {
    expect(await codeOf(leaf, [upper, lower], [issueRoot()])).toBe('SIGNATURE_INVALID')
  })

  test('does not consist of an anchor alone', async () => {
    expect(await codeOf(root, [], [root])).toBe('ISSUER_NOT_FOUND')
  })

  test('may have a leaf with the name and the key of its anchor, if it is another certificate', async () => {
    const renewed = issueAuthority(root, { name: root.name, keys: root.keys })
    expect(await codeOf(renewed, [], [root])).toBe('valid')
    expect(await codeOf(renewed, [renewed], [renewed])).toBe('ISSUER_NOT_FOUND')
  })

  test('is built although the leaf stands among the intermediates as well', async () => {
    const { certificates } = await build(leaf, [leaf, lower, upper, root], [root])
    expect(certificates).toHaveLength(4)
  })

  test('takes the short way where an intermediate is an anchor as well', async () => {
    const { certificates } = await build(leaf, [upper, lower, root], [root, upper])
    expect(certificates.map(({ subject }) => subject)).toEqual(['CN=Leaf', 'CN=Lower', 'CN=Upper'])
  })
})

describe('several ways', () => {
  const [one, other] = [issueRoot({ name: 'One' }), issueRoot({ name: 'Other' })]

  test('a cross-signed authority is found under the root that is trusted', async () => {
    const both = crossSign([one, other])
    const leaf = issue(both[0] ?? one)
    for (const anchor of [one, other]) {
      const { certificates } = await build(leaf, both, [anchor])
      expect(certificates.at(-1)?.der).toEqual(anchor.der)
    }
  })

  test.each<[string, Parts]>([
    ['expired', expired],
    ['no authority', { ca: false }],
    ['of a path length that is too short', { pathLength: 0 }],
    ['for other keys to sign', { keyUsage: ['cRLSign'] }],
  ])('a way whose certificate is %s is left for another one', async (_, parts) => {
    const keys = newEcKeys()
    const bad = issueAuthority(one, { name: 'Cross', keys, ...parts })
    const good = issueAuthority(other, { name: 'Cross', keys })
    const between = issueAuthority(good, { name: 'Between' })
    const leaf = issue(between)
    for (const intermediates of [
      [bad, good, between],
      [between, good, bad],
    ]) {
      const { certificates } = await build(leaf, intermediates, [one, other])
      expect(certificates[2]?.der).toEqual(good.der)
    }
  })

  test('an expired root is left for a newer one with the same key', async () => {
    const keys = newEcKeys()
    const [old, renewed] = [issueRoot({ keys, ...expired }), issueRoot({ keys })]
    expect(await codeOf(issue(renewed), [], [old, renewed])).toBe('valid')
    expect(await codeOf(issue(renewed), [], [old])).toBe('EXPIRED')
  })

  test('what is given twice counts once', async () => {
    const authority = issueAuthority(one)
    const twice = Array.from({ length: 300 }, () => authority)
    expect(await codeOf(issue(authority), twice, [one, one])).toBe('valid')
  })

  test('the fault that is told is that of the way that came furthest', async () => {
    const keys = newEcKeys()
    const tooEarly = issueAuthority(one, { name: 'Cross', keys, ...expired })
    const unknownRoot = issueAuthority(issueRoot({ name: 'Unknown' }), { name: 'Cross', keys })
    const leaf = issue(tooEarly)
    const impostor = issueAuthority(other, { name: 'Cross' })
    expect(await outcomeOf(leaf, [unknownRoot, tooEarly, impostor], [one, other])).toBe('EXPIRED 6.1.3 (a)(2)')
    expect(await outcomeOf(leaf, [unknownRoot, impostor], [one, other])).toBe('ISSUER_NOT_FOUND 6.1')
    expect(await outcomeOf(leaf, [impostor], [one, other])).toBe('SIGNATURE_INVALID 6.1.3 (a)(1)')
  })

  test('among faults of whole ways, that nearest to the leaf is told', async () => {
    const keys = newEcKeys()
    const both = [issueAuthority(one, { name: 'Cross', keys, ca: false }), issueAuthority(other, { name: 'Cross', keys })]
    const leaf = issue(both[0] ?? one, expired)
    for (const intermediates of [both, both.toReversed()]) expect(await codeOf(leaf, intermediates, [one, other])).toBe('EXPIRED')
  })
})

describe('sets of certificates that are made to take long', () => {
  const root = issueRoot()
  const elsewhere = issueRoot({ name: 'Elsewhere' })
  // By its name it could be the root: only signatures tell.
  const impostor = issueRoot()

  test('authorities that certify each other end', async () => {
    const [a, b] = [newEcKeys(), newEcKeys()]
    const topA = issueRoot({ name: 'A', keys: a })
    const topB = issueRoot({ name: 'B', keys: b })
    const circle = [issueAuthority(topB, { name: 'A', keys: a }), issueAuthority(topA, { name: 'B', keys: b })]
    expect(await codeOf(issue(topA), circle, [root])).toBe('ISSUER_NOT_FOUND')
    expect(await codeOf(issue(topA), [...circle, issueAuthority(root, { name: 'B', keys: b })], [root])).toBe('valid')
  })

  test('authorities of one name and key end', async () => {
    const many = crossSign(
      Array.from({ length: 150 }, () => elsewhere),
      {},
    )
    const own = many[0] ?? elsewhere
    const loops = Array.from({ length: 50 }, () => issueAuthority(own, { name: own.name, keys: own.keys }))
    expect(await codeOf(issue(own), [...many, ...loops], [root])).toBe('ISSUER_NOT_FOUND')
  })

  test('no more signatures are checked than the limit says', async () => {
    const keys = Array.from({ length: pathLimits.signatures + 20 }, () => newEcKeys())
    const many = keys.map((own) => issueAuthority(impostor, { name: 'Same', keys: own, without: [subjectKeyIdentifier] }))
    const leaf = issue(issueAuthority(impostor, { name: 'Same' }))
    expect(await outcomeOf(leaf, many, [root])).toBe('LIMIT 6.1')
  })

  test('no more candidates are looked at than the limit says', async () => {
    // Two certificates on each of many levels: the number of ways doubles with every level, and none leads to an anchor.
    let above: readonly Issued[] = crossSign([impostor, impostor])
    const all = [...above]
    for (let level = 0; level < 12; level++) {
      const keys = newEcKeys()
      above = above.map((issuer) => issueAuthority(issuer, { name: `Level ${level}`, keys }))
      all.push(...above)
    }
    expect(await codeOf(issue(above[0] ?? impostor), all, [root])).toBe('LIMIT')
  })

  test('no more issuers are left out of paths that have them than the limit says', async () => {
    // Thirteen times thirteen ways lead from an authority of the name of the root to the root, and there are many of its name and key.
    const ways = 13
    const [upper, lower] = [newEcKeys(), newEcKeys()]
    const uppers = Array.from({ length: ways }, () => issueAuthority(root, { name: 'Upper', keys: upper }))
    const lowers = Array.from({ length: ways }, () => issueAuthority(uppers[0] ?? root, { name: 'Lower', keys: lower }))
    const same = issueAuthority(lowers[0] ?? root, { name: root.name, notBefore: new Date('2031-01-01') })
    const leaf = issue(same, { notAfter: new Date('2032-01-01') })
    const loops = Array.from({ length: Math.ceil(pathLimits.loops / ways ** 2) }, () =>
      issueAuthority(elsewhere, { name: same.name, keys: same.keys }),
    )
    const all = [...uppers, ...lowers, same]
    expect(await codeOf(leaf, [...all, ...loops.slice(20)], [root])).toBe('EXPIRED')
    expect(await codeOf(leaf, [...all, ...loops], [root])).toBe('LIMIT')
  })

  test('what no names lead to an anchor from costs nothing', async () => {
    const many = Array.from({ length: 3 * pathLimits.signatures }, (_, at) =>
      issueAuthority(elsewhere, { name: 'Same', keys: at % 2 === 0 ? elsewhere.keys : root.keys }),
    )
    const leaf = issue(issueAuthority(elsewhere, { name: 'Same' }))
    expect(await outcomeOf(leaf, many, [root])).toBe('ISSUER_NOT_FOUND 6.1')
  })

  test('a long path is built as long as it is within the limits', async () => {
    let issuer = root
    const all: Issued[] = []
    for (let level = 0; level < 40; level++) {
      issuer = issueAuthority(issuer, { name: `Level ${level}` })
      all.push(issuer)
    }
    expect(await codeOf(issue(issuer), all, [root])).toBe('valid')
  })
})
