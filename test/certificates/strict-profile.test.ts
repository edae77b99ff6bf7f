import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../packages/certificates/src/certificate/parse-certificate.js'
import { checkStrictRules, strictRules } from '../../packages/certificates/src/profile/strict-rules.js'
import * as der from '../support/certificates/der.js'
import {
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  critical,
  directory,
  dns,
  email,
  inhibitAnyPolicy,
  ip,
  nameConstraints,
  notCritical,
  otherName,
  policyConstraints,
  rawExtension,
  registeredId,
  subjectAltName,
  subjectKeyIdentifier,
  uri,
} from '../support/certificates/extensions.js'
import { type Issued, issue, issueAuthority, issueRoot, nameOf, type Parts } from '../support/certificates/issue.js'
import { freshestList } from '../support/certificates/issue-list.js'
import { newEcKeys, newRsaKeys, readKeys, signings } from '../support/certificates/keys.js'
import { outcomeOf } from '../support/certificates/outcome.js'

const empty = der.sequence()
const root = issueRoot()
const authority = issueAuthority(root)

type Position = 'leaf' | 'intermediate' | 'anchor'

/** A path in which the certificate at a position is made with the given parts: certificates from leaf to anchor. */
function pathWith(position: Position, parts: Parts): readonly [leaf: Issued, intermediates: readonly Issued[], anchor: Issued] {
  if (position === 'leaf') return [issue(authority, parts), [authority], root]
  if (position === 'intermediate') {
    const changed = issueAuthority(root, parts)
    return [issue(changed), [changed], root]
  }
  const changed = issueRoot(parts)
  return [issue(changed), [], changed]
}

async function outcomes(position: Position, parts: Parts) {
  const [leaf, intermediates, anchor] = pathWith(position, parts)
  const strict = await outcomeOf(leaf, intermediates, [anchor])
  const compatible = await outcomeOf(leaf, intermediates, [anchor], { profile: 'compatible' })
  return { strict, compatible }
}

const all: readonly Position[] = ['leaf', 'intermediate', 'anchor']
const issuers: readonly Position[] = ['intermediate', 'anchor']
const keyIdentifier = Uint8Array.of(1, 2, 3)
const someConstraints = { permitted: [directory(nameOf())] }

const breaches: readonly (readonly [clause: string, what: string, positions: readonly Position[], parts: Parts])[] = [
  ['4.1.2.2', 'a serial number of zero', all, { serialNumber: 0 }],
  ['4.1.2.2', 'a serial number of 21 octets', all, { serialNumber: 1n << 160n }],
  [
    '4.1.2.6',
    'an authority without a subject',
    ['intermediate'],
    { name: empty, extensions: [critical(subjectAltName(dns('a.example')))] },
  ],
  ['4.1.2.6', 'an empty subject without subjectAltName', ['leaf'], { name: empty }],
  [
    '4.1.2.6',
    'an empty subject with a subjectAltName that is not critical',
    ['leaf'],
    { name: empty, extensions: [subjectAltName(dns('a.example'))] },
  ],
  [
    '4.2.1.1',
    'a critical authorityKeyIdentifier',
    ['leaf', 'intermediate'],
    { extensions: [critical(authorityKeyIdentifier(keyIdentifier))] },
  ],
  ['4.2.1.1', 'no authorityKeyIdentifier', ['leaf', 'intermediate'], { without: ['2.5.29.35'] }],
  [
    '4.2.1.1',
    'an authorityKeyIdentifier without a key identifier',
    ['leaf', 'intermediate'],
    { extensions: [rawExtension('2.5.29.35', empty)] },
  ],
  ['4.2.1.2', 'a critical subjectKeyIdentifier', all, { extensions: [critical(subjectKeyIdentifier(keyIdentifier))] }],
  ['4.2.1.2', 'an authority without subjectKeyIdentifier', issuers, { without: ['2.5.29.14'] }],
  ...(
    [
      ['an empty dNSName', dns('')],
      ['a blank dNSName', dns(' ')],
      ['an empty rfc822Name', email('')],
      ['an empty URI', uri('')],
      ['a relative URI', uri('a/b:c')],
      ['a URI of nothing but a scheme', uri('https:')],
      ['a URI with nothing where its host belongs', uri('https:///a')],
      ['an empty directoryName', directory(der.sequence())],
      ['an empty iPAddress', ip()],
      ['an iPAddress of 5 bytes', ip(192, 0, 2, 1, 0)],
    ] as const
  ).map(([what, name]) => ['4.2.1.6', what, all, { extensions: [subjectAltName(dns('a.example'), name)] }] as const),
  ['4.2.1.9', 'keyCertSign in a leaf that is no authority', ['leaf'], { keyUsage: ['keyCertSign'] }],
  [
    '4.2.1.9',
    'basicConstraints that is not critical in an anchor',
    ['anchor'],
    { extensions: [notCritical(basicConstraints({ ca: true }))] },
  ],
  ['4.2.1.10', 'nameConstraints that is not critical', issuers, { extensions: [notCritical(nameConstraints(someConstraints))] }],
  ['4.2.1.10', 'nameConstraints in a leaf that is no authority', ['leaf'], { extensions: [nameConstraints(someConstraints)] }],
  [
    '4.2.1.11',
    'policyConstraints that is not critical, without policies',
    all,
    { extensions: [notCritical(policyConstraints({ inhibitPolicyMapping: 0 }))] },
  ],
  ['4.2.1.14', 'inhibitAnyPolicy that is not critical', all, { extensions: [notCritical(inhibitAnyPolicy(0))] }],
  [
    '4.2.1.15',
    'a critical freshestCRL',
    all,
    { extensions: [critical(freshestList({ name: { full: [uri('https://crl.example/')] } }))] },
  ],
]

describe('the profile strict refuses what the profile compatible lets pass', () => {
  test.each(
    breaches.flatMap(([clause, what, positions, parts]) => positions.map((position) => ({ clause, what, position, parts }))),
  )('$clause: $what ($position)', async ({ clause, position, parts }) => {
    expect(await outcomes(position, parts)).toEqual({ strict: `PROFILE ${clause}`, compatible: 'valid' })
  })

  test.each(all)('what PKITS has passes: policyConstraints that is not critical, beside policies (%s)', async (position) => {
    const parts = {
      extensions: [notCritical(policyConstraints({ inhibitPolicyMapping: 0 })), certificatePolicies('2.5.29.32.0')],
    }
    expect(await outcomes(position, parts)).toEqual({ strict: 'valid', compatible: 'valid' })
  })

  test.each(all)('what passes: a negative serial number, unique identifiers, and names of every form (%s)', async (position) => {
    const names = [dns('a.example'), email('a@a.example'), uri('urn:a'), ip(192, 0, 2, 1), ip(...new Array<number>(16).fill(0))]
    const others = [directory(nameOf(['CN', 'a'])), otherName('1.2.3', 'a'), registeredId('1.2.3')]
    const uniqueIdentifiers = [1, 2].map((number) => der.implicit(number, Uint8Array.of(0, 1)))
    const parts = { serialNumber: -1, uniqueIdentifiers, extensions: [subjectAltName(...names, ...others)] }
    expect(await outcomes(position, parts)).toEqual({ strict: 'valid', compatible: 'valid' })
  })

  test('4.1.2.4: an issuer without a name', async () => {
    const nameless = issueRoot({ name: empty, extensions: [critical(subjectAltName(dns('a.example')))] })
    const parsed = parseCertificate(issue(nameless).der, { list: 'leaf', index: 0 })
    expect(() => checkStrictRules(parsed, 'leaf')).toThrow(expect.objectContaining({ clause: 'RFC 5280 4.1.2.4' }))
  })

  test('every rule has a clause that is tested here', () => {
    const tested = new Set([...breaches.map(([clause]) => clause), '4.1.2.4'])
    expect([...new Set(strictRules.map(({ clause }) => clause))].filter((clause) => !tested.has(clause))).toEqual([])
  })
})

describe('self-signed anchors', () => {
  const tampered = (issued: Issued): Issued => {
    const changed = Uint8Array.from(issued.der)
    changed.set([(changed.at(-1) ?? 0) ^ 1], changed.length - 1)
    return { ...issued, der: changed }
  }

  test('an anchor whose own signature is broken', async () => {
    const broken = tampered(root)
    const leaf = issue(root)
    expect(await outcomeOf(leaf, [], [broken])).toBe('SIGNATURE_INVALID 6.1.3 (a)(1)')
    expect(await outcomeOf(leaf, [], [broken], { profile: 'compatible' })).toBe('valid')
  })

  test('an anchor signed with SHA-1', async () => {
    const keys = readKeys('rsa-2048')
    const old = issueRoot({ keys, signing: signings.rsaSha1 })
    expect(await outcomeOf(issue(old, { signing: signings.rsaSha256 }), [], [old])).toBe('valid')
  })

  test('an anchor signed by a key that is too weak', async () => {
    const weak = { ...root, keys: newRsaKeys(1024), signing: signings.rsaSha256 }
    const anchor = issueRoot({ keys: weak.keys, signing: signings.rsaSha256 })
    expect(await outcomeOf(issue(anchor), [], [anchor])).toBe('KEY_UNSUITABLE 4.1.2.7')
  })

  test('an anchor with a new key, certified by the old one', async () => {
    const renewed = issue(root, { name: root.name, ca: true })
    expect(await outcomeOf(issue(renewed), [], [renewed])).toBe('valid')
  })

  test('an anchor of another issuer says which key has signed it', async () => {
    const keys = newEcKeys()
    const without = issueAuthority(root, { keys, without: ['2.5.29.35'] })
    expect(await outcomeOf(issue(without), [], [without])).toBe('PROFILE 4.2.1.1')
    expect(await outcomeOf(issue(without), [], [without], { profile: 'compatible' })).toBe('valid')
    expect(await outcomeOf(issue(authority), [], [authority])).toBe('valid')
  })

  test('an anchor of another name that its own key has signed', async () => {
    const odd = issueRoot({ issuerName: nameOf(['CN', 'Other']) })
    expect(await outcomeOf(issue(odd), [], [odd])).toBe('valid')
  })
})
