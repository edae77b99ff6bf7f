import { CertificatePathError, validateCertificatePath } from '@software-statement/certificates'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dns, subjectAltName } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, type Parts } from '../support/certificates/issue.js'
import { type Keys, newEcKeys, newEd25519Keys, pss, readKeys, type Signing, signings } from '../support/certificates/keys.js'

/** Whether a path is valid; whatever is wrong with one has a code. */
async function isValid(leaf: Uint8Array, intermediates: readonly Uint8Array[], anchors: readonly Uint8Array[]): Promise<boolean> {
  try {
    await validateCertificatePath(leaf, { intermediates, anchors, at })
    return true
  } catch (error) {
    if (error instanceof CertificatePathError) return false
    throw error
  }
}

/** A path of five certificates, each signed in another way, the leaf first. */
function makePath(): readonly Issued[] {
  const signers: readonly (readonly [Keys, Signing])[] = [
    [newEcKeys('P-384'), signings.ecdsaSha384],
    [readKeys('rsa-2048'), signings.rsaSha256],
    [newEd25519Keys(), signings.ed25519],
    [newEcKeys(), signings.ecdsaSha256],
  ]
  const path: Issued[] = []
  for (const [index, [keys, signing]] of signers.entries()) {
    const [issuer] = path
    const parts: Parts = { keys, signing: signers[index - 1]?.[1] ?? signing, name: `Authority ${index}` }
    path.unshift(issuer === undefined ? issueRoot(parts) : issueAuthority(issuer, parts))
  }
  const [issuer = issueRoot()] = path
  return [issue(issuer, { signing: signings.ecdsaSha256, extensions: [subjectAltName(dns('a.example'))] }), ...path]
}

const path = makePath()
const bytes = path.map(({ der }) => der)
const [leaf = new Uint8Array(), ...issuers] = bytes
const anchor = issuers.pop() ?? new Uint8Array()

describe('a valid path', () => {
  test('is valid', async () => {
    expect(await isValid(leaf, issuers, [anchor])).toBe(true)
  })

  test('is not, with any bit of any certificate turned', async () => {
    const turned = fc
      .integer({ min: 0, max: bytes.length - 1 })
      .chain((which) => fc.tuple(fc.constant(which), fc.nat((bytes[which]?.length ?? 1) * 8 - 1)))
    await fc.assert(
      fc.asyncProperty(turned, async ([which, bit]) => {
        const changed = bytes.map((der, index) =>
          index === which ? der.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)) : der,
        )
        const [first = leaf, ...others] = changed
        expect(await isValid(first, others.slice(0, -1), others.slice(-1))).toBe(false)
      }),
      { numRuns: 1_500 },
    )
  })

  test('is not, with any bit of an RSASSA-PSS signature and its parameters turned', async () => {
    const keys = readKeys('rsa-2048')
    const root = issueRoot({ keys, signing: pss('sha256', 32) })
    const { der } = issue(root, { signing: pss('sha256', 32) })
    expect(await isValid(der, [], [root.der])).toBe(true)
    const end = der.length * 8 - 1
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: end - 350 * 8, max: end }), async (bit) => {
        expect(
          await isValid(
            der.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
            [],
            [root.der],
          ),
        ).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('is not, without any one of its intermediates', async () => {
    for (const left of issuers)
      expect(
        await isValid(
          leaf,
          issuers.filter((it) => it !== left),
          [anchor],
        ),
      ).toBe(false)
  })

  test('is not, with any certificate cut off or made longer', async () => {
    const changed = fc.tuple(
      fc.nat(bytes.length - 1),
      fc.integer({ min: -40, max: 40 }).filter((by) => by !== 0),
    )
    await fc.assert(
      fc.asyncProperty(changed, async ([which, by]) => {
        const resize = (der: Uint8Array) =>
          by < 0 ? der.subarray(0, by) : Uint8Array.from([...der, ...new Array<number>(by).fill(0)])
        const [first = leaf, ...others] = bytes.map((der, index) => (index === which ? resize(der) : der))
        expect(await isValid(first, others.slice(0, -1), others.slice(-1))).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  test('is, in whatever order intermediates and others are given, and comes out the same', async () => {
    const [, first, second, third] = path
    const root = path.at(-1) ?? issueRoot()
    const cross = [first, second, third].flatMap((it) =>
      it === undefined ? [] : [issueAuthority(root, { name: it.name, keys: it.keys, signing: signings.ecdsaSha384 }).der],
    )
    const others = [...issuers, ...cross, issueRoot({ name: 'Authority 1' }).der, anchor]
    const expected = await validateCertificatePath(leaf, { intermediates: others, anchors: [anchor], at })
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(others, { minLength: others.length }), async (intermediates) => {
        const { certificates } = await validateCertificatePath(leaf, { intermediates, anchors: [anchor], at })
        expect(certificates.map(({ der }) => der)).toEqual(expected.certificates.map(({ der }) => der))
      }),
      { numRuns: 100 },
    )
  })

  test('whatever bytes are given, the answer is a path or an error with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(2), async (garbage, where) => {
        const given = [leaf, issuers[0] ?? leaf, anchor].map((der, index) => (index === where ? garbage : der))
        expect(await isValid(given[0] ?? leaf, [given[1] ?? leaf], [given[2] ?? anchor])).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
