import { CertificatePathError, validateCertificatePath } from '@software-statement/certificates'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { directory } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot } from '../support/certificates/issue.js'
import {
  certificateIssuer,
  type Entry,
  issueList,
  issuingDistributionPoint,
  reasonCode,
} from '../support/certificates/issue-list.js'

const root = issueRoot()
const authority = issueAuthority(root)
const serialNumber = 4711
const leaf = issue(authority, { serialNumber })
const rootList = issueList(root)

async function outcomeOf(crls: readonly Uint8Array[], certificate: Issued = leaf): Promise<string> {
  try {
    await validateCertificatePath(certificate.der, { intermediates: [authority.der], anchors: [root.der], at, crls })
    return 'valid'
  } catch (error) {
    if (error instanceof CertificatePathError) return error.code
    throw error
  }
}

const reasons = ['unspecified', 'keyCompromise', 'cACompromise', 'certificateHold'] as const
const entry = fc
  .tuple(fc.bigInt({ min: 1n, max: 10_000n }), fc.option(fc.constantFrom(...reasons)))
  .map(([serial, reason]): Entry => (reason === null ? [serial] : [serial, reasonCode(reason)]))

describe('a list of revoked certificates', () => {
  test('with any bit changed tells that nothing is good', async () => {
    const list = issueList(authority, { revoked: [[1], [2, reasonCode('keyCompromise')]] }).der
    const bit = fc.integer({ min: 0, max: list.length * 8 - 1 })
    await fc.assert(
      fc.asyncProperty(bit, async (position) => {
        const changed = list.slice()
        changed[position >> 3] = (changed[position >> 3] ?? 0) ^ (1 << (position & 7))
        expect(await outcomeOf([rootList.der, changed])).toMatch(/^ERR_CERTIFICATE_CRL_/)
      }),
      { numRuns: 300 },
    )
  })

  test('cut off anywhere, or any bytes, is told to be none', async () => {
    const list = issueList(authority).der
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 0, max: list.length - 1 }).map((end) => list.slice(0, end)),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (given) => {
        expect(await outcomeOf([rootList.der, given])).toBe('ERR_CERTIFICATE_CRL_MALFORMED')
      }),
    )
  })

  test('revokes exactly the certificates of its issuer that are on it, in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 30 }), fc.boolean(), async (entries, isOn) => {
        const others = entries.filter(([serial]) => serial !== BigInt(serialNumber))
        const revoked = isOn ? [...others, [serialNumber] as const] : others
        const lists = [rootList.der, issueList(authority, { revoked: revoked.toReversed() }).der]
        for (const crls of [lists, lists.toReversed()]) {
          expect(await outcomeOf(crls)).toBe(isOn ? 'ERR_CERTIFICATE_REVOKED' : 'valid')
        }
      }),
      { numRuns: 40 },
    )
  })

  test('that is indirect revokes by the issuer that was named last', async () => {
    const names = [undefined, authority, root] as const
    const step = fc.tuple(fc.constantFrom(...names), fc.boolean())
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        let current = authority
        let isRevoked = false
        const revoked = steps.map(([named, isOurs]): Entry => {
          current = named ?? current
          isRevoked ||= isOurs && current === authority
          const serial = isOurs ? serialNumber : 1
          return named === undefined ? [serial] : [serial, certificateIssuer(directory(named.name))]
        })
        const list = issueList(authority, { revoked, extensions: [issuingDistributionPoint({ indirect: true })] })
        expect(await outcomeOf([rootList.der, list.der])).toBe(isRevoked ? 'ERR_CERTIFICATE_REVOKED' : 'valid')
      }),
      { numRuns: 60 },
    )
  })
})
