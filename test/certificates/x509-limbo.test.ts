import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CertificatePathError, type KeyUsage, validateCertificatePath } from '@software-statement/certificates'
import { describe, expect, test } from 'vitest'
import { root } from '../support/workspace.js'

// A public suite, which no checkout of this project has: https://github.com/C2SP/x509-limbo.
const file = join(root, '..', 'shared', 'vectors', 'x509-limbo.json')

interface Case {
  readonly id: string
  readonly scope: 'core' | 'nc' | 'strict'
  readonly anchors: readonly string[]
  readonly intermediates: readonly string[]
  readonly leaf: string
  readonly crls: readonly string[]
  readonly at: string | null
  readonly extendedKeyUsage: readonly string[]
  readonly keyUsage: readonly KeyUsage[]
  readonly maxPathLength: number | null
  readonly expect: 'accept' | 'refuse'
}

const cases: readonly Case[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testcases : []
async function decide(given: Case, profile: 'strict' | 'compatible'): Promise<'accept' | 'refuse'> {
  const { leaf, intermediates, anchors, crls, at, extendedKeyUsage, keyUsage, maxPathLength } = given
  try {
    await validateCertificatePath(leaf, {
      ...{ intermediates, anchors, extendedKeyUsage, keyUsage, profile },
      at: at === null ? new Date('2026-01-01T00:00:00Z') : new Date(at),
      ...(maxPathLength === null ? {} : { maxPathLength }),
      ...(crls.length === 0 ? {} : { crls }),
    })
    return 'accept'
  } catch (error) {
    if (error instanceof CertificatePathError) return 'refuse'
    throw error
  }
}

describe.skipIf(cases.length === 0)('x509-limbo (skipped where the suite is not there)', () => {
  test.each(cases)('$id: $expect', { timeout: 5_000 }, async (given) => {
    expect(await decide(given, 'strict')).toBe(given.expect)
  })

  test('there is no wrong acceptance, and no wrong refusal', async () => {
    const decided = await Promise.all(cases.map(async (given) => ({ ...given, decision: await decide(given, 'strict') })))
    const wrong = decided.filter(({ decision, expect: expected }) => decision !== expected)
    expect(decided.length).toBeGreaterThanOrEqual(133)
    expect(wrong.filter(({ decision }) => decision === 'accept').map(({ id }) => id)).toEqual([])
    expect(wrong.filter(({ decision }) => decision === 'refuse').map(({ id }) => id)).toEqual([])
  })

  /** What RFC 5280 asks of authorities only, and one constraint that real ones write. */
  const leftOut = new Set([
    'rfc5280::nc::permitted-dns-match-noncritical',
    'rfc5280::nc::not-allowed-in-ee-noncritical',
    'rfc5280::nc::not-allowed-in-ee-critical',
    'rfc5280::nc::invalid-dnsname-leading-period',
  ])

  test.each(cases.filter(({ scope, id }) => scope !== 'strict' && !leftOut.has(id)))(
    '$id in the profile compatible: $expect',
    { timeout: 5_000 },
    async (given) => {
      expect(await decide(given, 'compatible')).toBe(given.expect)
    },
  )
})
