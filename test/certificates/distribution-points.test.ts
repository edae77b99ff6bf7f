import { describe, expect, test } from 'vitest'
import * as der from '../support/certificates/der.js'
import { directory, dns, rawExtension, uri } from '../support/certificates/extensions.js'
import { type Issued, issue, issueAuthority, issueRoot, nameOf, relativeName } from '../support/certificates/issue.js'
import {
  certificateIssuer,
  distributionPoints,
  type Entry,
  everyReason,
  issueList,
  issuingDistributionPoint,
  type PointParts,
  reasonCode,
  type ScopeParts,
} from '../support/certificates/issue-list.js'
import { newEcKeys } from '../support/certificates/keys.js'
import { codeOf } from '../support/certificates/outcome.js'

const root = issueRoot()
const authority = issueAuthority(root, { name: nameOf(['O', 'Test'], ['CN', 'Authority']) })
const rootList = issueList(root)
const serialNumber = 4711

type List = Pick<Issued, 'der'>

const relative = (commonName: string) => ({ relative: relativeName(['CN', commonName]) })
/** The same as a full name, below the name of the authority. */
const below = (commonName: string) => ({ full: [directory(nameOf(['O', 'Test'], ['CN', 'Authority'], ['CN', commonName]))] })
const at = (...addresses: readonly string[]) => ({ full: addresses.map(uri) })

const scopedList = (scope: ScopeParts, revoked: readonly Entry[] = []) =>
  issueList(authority, { revoked, extensions: [issuingDistributionPoint(scope)] })

const leafWith = (...points: readonly PointParts[]) =>
  issue(authority, { serialNumber, ...(points.length > 0 && { extensions: [distributionPoints(...points)] }) })

const outcome = (leaf: Issued, lists: readonly List[], intermediates: readonly Issued[] = [authority]) =>
  codeOf(leaf, intermediates, [root], { crls: [rootList, ...lists].map((list) => list.der) })

describe('names of distribution points (RFC 5280 6.3.3 (b)(2)(i))', () => {
  test.each<[string, PointParts | undefined, ScopeParts | undefined, string]>([
    ['full and full', { name: below('A') }, { name: below('A') }, 'valid'],
    ['full and another full', { name: below('A') }, { name: below('B') }, 'CRL_MISSING'],
    ['relative and full', { name: relative('A') }, { name: below('A') }, 'valid'],
    ['full and relative', { name: below('A') }, { name: relative('A') }, 'valid'],
    ['relative and relative', { name: relative('A') }, { name: relative('A') }, 'valid'],
    ['relative and another relative', { name: relative('A') }, { name: relative('B') }, 'CRL_MISSING'],
    ['relative and another full', { name: relative('A') }, { name: below('B') }, 'CRL_MISSING'],
    ['names that differ in case', { name: below('A') }, { name: below('a') }, 'valid'],
    ['an address', { name: at('https://crl.example/a') }, { name: at('https://crl.example/a') }, 'valid'],
    [
      'an address in another spelling',
      { name: at('https://crl.example/a') },
      { name: at('https://CRL.example/a') },
      'CRL_MISSING',
    ],
    ['one of several', { name: at('https://a.example/', 'https://b.example/') }, { name: at('https://b.example/') }, 'valid'],
    ['an address and a host name', { name: { full: [dns('a.example')] } }, { name: at('a.example') }, 'CRL_MISSING'],
    ['none in the list', { name: below('A') }, {}, 'valid'],
    ['no scope in the list', { name: below('A') }, undefined, 'valid'],
    ['none in the certificate', undefined, { name: below('A') }, 'CRL_MISSING'],
    ['the name of the issuer', undefined, { name: { full: [directory(authority.name)] } }, 'valid'],
  ])('%s', async (_, point, scope, expected) => {
    const leaf = point === undefined ? leafWith() : leafWith(point)
    const make = (revoked: readonly Entry[]) =>
      scope === undefined ? issueList(authority, { revoked }) : scopedList(scope, revoked)
    expect(await outcome(leaf, [make([])])).toBe(expected)
    expect(await outcome(leaf, [make([[serialNumber]])])).toBe(expected === 'valid' ? 'REVOKED' : expected)
  })

  test('a list of another distribution point tells the status of no certificate of this one', async () => {
    const lists = [scopedList({ name: below('A') }), scopedList({ name: below('B') }, [[serialNumber]])]
    expect(await outcome(leafWith({ name: below('A') }), lists)).toBe('valid')
    expect(await outcome(leafWith({ name: below('B') }), lists)).toBe('REVOKED')
  })

  test('another name of the issuer is a name of its lists', async () => {
    const issuerAltName = rawExtension('2.5.29.18', der.sequence(uri('https://issuer.example/')))
    const leaf = issue(authority, { serialNumber, extensions: [issuerAltName] })
    expect(await outcome(leaf, [scopedList({ name: at('https://issuer.example/') })])).toBe('valid')
  })

  test.each([
    ['an empty list of points', der.sequence()],
    ['a point with nothing but reasons', der.sequence(der.sequence(der.implicit(1, Uint8Array.of(0, 0x40))))],
    ['a name of an unknown form', der.sequence(der.sequence(der.explicit(0, der.explicit(2, uri('https://a.example/')))))],
  ])('an extension that is not of its form makes the certificate invalid: %s', async (_, value) => {
    const leaf = issue(authority, { extensions: [rawExtension('2.5.29.31', value)] })
    expect(await outcome(leaf, [issueList(authority)])).toBe('EXTENSION_MALFORMED')
  })
})

describe('lists for certificates of one kind (RFC 5280 6.3.3 (b)(2)(ii) to (iv))', () => {
  const subordinate = issueAuthority(authority, { name: 'Subordinate', serialNumber })
  test.each<[string, Issued, ScopeParts, string]>([
    ['user certificates, of one', leafWith(), { only: 'user' }, 'valid'],
    ['user certificates, of an authority', subordinate, { only: 'user' }, 'CRL_MISSING'],
    ['authorities, of one', subordinate, { only: 'authority' }, 'valid'],
    ['authorities, of a user certificate', leafWith(), { only: 'authority' }, 'CRL_MISSING'],
    ['attribute certificates, of a user certificate', leafWith(), { only: 'attribute' }, 'CRL_MISSING'],
    ['attribute certificates, of an authority', subordinate, { only: 'attribute' }, 'CRL_MISSING'],
  ])('%s', async (_, certificate, scope, expected) => {
    expect(await outcome(certificate, [scopedList(scope)])).toBe(expected)
    expect(await outcome(certificate, [scopedList(scope, [[serialNumber]])])).toBe(expected === 'valid' ? 'REVOKED' : expected)
  })

  test('a list for kinds that exclude each other is of no use', async () => {
    const both = rawExtension('2.5.29.28', der.sequence(...[1, 2].map((number) => der.implicit(number, Uint8Array.of(0xff)))))
    expect(await outcome(leafWith(), [issueList(authority, { extensions: [both] })])).toBe('CRL_UNUSABLE')
  })
})

describe('reasons (RFC 5280 6.3.3 (d), (e))', () => {
  const [first, others] = [everyReason.slice(0, 2), everyReason.slice(2)]
  const compromised: Entry = [serialNumber, reasonCode('keyCompromise')]
  const held: Entry = [serialNumber, reasonCode('certificateHold')]

  test.each<[string, readonly PointParts[], readonly List[], string]>([
    ['a list for all of them', [], [scopedList({ reasons: everyReason })], 'valid'],
    ['a list for some of them', [], [scopedList({ reasons: first })], 'CRL_MISSING'],
    ['a list for some of them that it is on', [], [scopedList({ reasons: first }, [compromised])], 'REVOKED'],
    ['two lists for all of them', [], [scopedList({ reasons: first }), scopedList({ reasons: others })], 'valid'],
    ['two lists for the same', [], [scopedList({ reasons: first }), scopedList({ reasons: first })], 'CRL_MISSING'],
    ['two lists, on the first', [], [scopedList({ reasons: first }, [compromised]), scopedList({ reasons: others })], 'REVOKED'],
    ['two lists, on the second', [], [scopedList({ reasons: first }), scopedList({ reasons: others }, [held])], 'REVOKED'],
    [
      'two lists without one reason',
      [],
      [scopedList({ reasons: first }), scopedList({ reasons: others.slice(1) })],
      'CRL_MISSING',
    ],
    ['a bit that stands for no reason', [], [scopedList({ reasons: ['unused', ...others] })], 'CRL_MISSING'],
    [
      'two points with reasons, with a list each',
      [
        { name: below('A'), reasons: first },
        { name: below('B'), reasons: others },
      ],
      [scopedList({ name: below('A') }), scopedList({ name: below('B') })],
      'valid',
    ],
    [
      'two points with reasons, one without a list',
      [
        { name: below('A'), reasons: first },
        { name: below('B'), reasons: others },
      ],
      [scopedList({ name: below('A') })],
      'CRL_MISSING',
    ],
    [
      'two points with reasons, on the list of the second',
      [
        { name: below('A'), reasons: first },
        { name: below('B'), reasons: others },
      ],
      [scopedList({ name: below('A') }), scopedList({ name: below('B') }, [held])],
      'REVOKED',
    ],
    [
      'a point and a list with other reasons',
      [{ name: below('A'), reasons: first }],
      [scopedList({ name: below('A'), reasons: others })],
      'CRL_MISSING',
    ],
    [
      'lists of one point, for all reasons together',
      [{ name: below('A') }],
      [scopedList({ name: below('A'), reasons: first }), scopedList({ name: below('A'), reasons: others })],
      'valid',
    ],
  ])('%s', async (_, points, lists, expected) => {
    expect(await outcome(leafWith(...points), lists)).toBe(expected)
    expect(await outcome(leafWith(...points), lists.toReversed())).toBe(expected)
  })
})

describe('indirect lists (RFC 5280 5.2.5, 5.3.3)', () => {
  const issuerOfLists = issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'], serialNumber: 99 })
  const point: PointParts = { name: { full: [directory(issuerOfLists.name)] }, cRLIssuer: [directory(issuerOfLists.name)] }
  const scope = { indirect: true, name: point.name } as const
  const of = (issuer: Issued) => certificateIssuer(directory(issuer.name))
  const indirectList = (revoked: readonly Entry[] = [], parts: ScopeParts = scope, issuer = issuerOfLists) =>
    issueList(issuer, { revoked, extensions: [issuingDistributionPoint(parts)] })
  const leaf = leafWith(point)
  const known = [authority, issuerOfLists]
  const stranger = issueAuthority(root, { name: 'Stranger' })

  test.each<[string, readonly List[], string]>([
    ['it is not on it', [indirectList()], 'valid'],
    ['it is on it', [indirectList([[serialNumber, of(authority)]])], 'REVOKED'],
    ['one of the issuer of lists with its number is on it', [indirectList([[serialNumber]])], 'valid'],
    ['one of another issuer with its number is on it', [indirectList([[serialNumber, of(stranger)]])], 'valid'],
    ['the issuer is that of the entry before', [indirectList([[1, of(authority)], [serialNumber]])], 'REVOKED'],
    ['the issuer is another one again', [indirectList([[1, of(authority)], [2, of(stranger)], [serialNumber]])], 'valid'],
    [
      'the issuer is one of several names',
      [indirectList([[serialNumber, certificateIssuer(uri('https://a.example/'), directory(authority.name))]])],
      'REVOKED',
    ],
    ['its issuer has no directory name', [indirectList([[1, certificateIssuer(uri('https://a.example/'))]])], 'CRL_UNUSABLE'],
    ['the list is not indirect', [indirectList([], { name: point.name })], 'CRL_MISSING'],
    ['the list has another name', [indirectList([], { indirect: true, name: below('A') })], 'CRL_MISSING'],
    ['the list has no name', [indirectList([], { indirect: true })], 'valid'],
    ['the list is of another issuer', [indirectList([], scope, stranger)], 'CRL_MISSING'],
    ['the list is of the issuer of the certificate', [issueList(authority)], 'valid'],
  ])('%s', async (_, lists, expected) => {
    expect(await outcome(leaf, lists, known)).toBe(expected)
  })

  test('a point without a name is found by the name of the issuer of lists', async () => {
    const unnamed = leafWith({ cRLIssuer: [directory(issuerOfLists.name)] })
    expect(await outcome(unnamed, [indirectList()], known)).toBe('valid')
    expect(await outcome(unnamed, [indirectList([], { indirect: true, name: below('A') })], known)).toBe('CRL_MISSING')
    expect(await outcome(unnamed, [indirectList([[serialNumber, of(authority)]])], known)).toBe('REVOKED')
  })

  test('a relative name is below that of the issuer of lists', async () => {
    const named = leafWith({ name: relative('A'), cRLIssuer: [directory(issuerOfLists.name)] })
    const full = { full: [directory(nameOf(['CN', 'Lists'], ['CN', 'A']))] }
    expect(await outcome(named, [indirectList([], { indirect: true, name: full })], known)).toBe('valid')
    expect(await outcome(named, [indirectList([], { indirect: true, name: relative('A') })], known)).toBe('valid')
    expect(await outcome(named, [indirectList([], { indirect: true, name: below('A') })], known)).toBe('CRL_MISSING')
  })

  test('an indirect list of the issuer is a list like any other for its own certificates', async () => {
    const list = (revoked: readonly Entry[]) => indirectList(revoked, { indirect: true }, authority)
    expect(await outcome(leafWith(), [list([[1, of(stranger)]])])).toBe('valid')
    expect(await outcome(leafWith(), [list([[serialNumber]])])).toBe('REVOKED')
    expect(await outcome(leafWith(), [list([[1, of(stranger)], [serialNumber]])])).toBe('valid')
  })

  test.each<[string, readonly Entry[]]>([
    ['of another certificate', [[1, of(stranger)], [serialNumber]]],
    ['that is the issuer of the list', [[1, of(authority)]]],
  ])('a list that is not indirect and names the issuer of an entry is of no use: one %s', async (_, revoked) => {
    expect(await outcome(leafWith(), [issueList(authority, { revoked })])).toBe('CRL_UNUSABLE')
    expect(await outcome(leafWith(), [scopedList({ only: 'user' }, revoked)])).toBe('CRL_UNUSABLE')
  })

  test('an issuer of lists that is revoked is not relied on', async () => {
    const crls = [issueList(root, { revoked: [[99]] }), indirectList()].map((list) => list.der)
    expect(await codeOf(leaf, known, [root], { crls })).toBe('CRL_UNUSABLE')
  })

  test('an issuer of lists that is not there is not relied on', async () => {
    expect(await outcome(leaf, [indirectList()])).toBe('CRL_UNUSABLE')
  })

  describe('of an issuer whose own certificate is looked up in them', () => {
    const keys = newEcKeys()
    const name = nameOf(['CN', 'Own lists'])
    const own: PointParts = { name: { full: [directory(name)] }, cRLIssuer: [directory(name)] }
    const issuer = issue(authority, { name, keys, keyUsage: ['cRLSign'], serialNumber: 5, extensions: [distributionPoints(own)] })
    const list = (revoked: readonly Entry[] = []) => indirectList(revoked, { indirect: true, name: own.name }, issuer)

    test.each<[string, readonly List[], string]>([
      ['neither is on it', [list()], 'valid'],
      ['the certificate is on it', [list([[serialNumber, of(authority)]])], 'REVOKED'],
      ['its own one is on it', [list([[5, of(authority)]])], 'CRL_UNUSABLE'],
      ['its own one is on a list of its issuer', [list(), scopedList({ reasons: ['keyCompromise'] }, [[5]])], 'CRL_UNUSABLE'],
    ])('%s', async (_, lists, expected) => {
      expect(await outcome(leafWith(own), lists, [authority, issuer])).toBe(expected)
    })

    test('two issuers of lists do not make each other good', async () => {
      const names = ['One', 'Two'].map((commonName) => nameOf(['CN', commonName]))
      const pointOf = (at: number): PointParts => ({ cRLIssuer: [directory(names[at] ?? name)] })
      const issuers = names.map((each, index) =>
        issue(authority, { name: each, keyUsage: ['cRLSign'], extensions: [distributionPoints(pointOf(1 - index))] }),
      )
      const lists = issuers.map((each) => indirectList([], { indirect: true }, each))
      expect(await outcome(leafWith(pointOf(0)), lists, [authority, ...issuers])).toBe('CRL_UNUSABLE')
    })
  })
})

describe('work is bounded (pathLimits)', () => {
  const issuerOfLists = issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'] })
  const many = (count: number, name: (at: number) => der.Der) => Array.from({ length: count }, (_, index) => name(index))
  const address = (index: number) => uri(`https://a.example/${index}`)

  test('an issuer of lists that is named many times is asked once', async () => {
    const leaf = leafWith({ cRLIssuer: many(10_000, () => directory(issuerOfLists.name)) })
    const list = issueList(issuerOfLists, { extensions: [issuingDistributionPoint({ indirect: true })] })
    expect(await outcome(leaf, [list], [authority, issuerOfLists])).toBe('valid')
  })

  test('many distribution points are looked at for a list with few names', async () => {
    const points = many(5_000, address).map((name): PointParts => ({ name: { full: [name] } }))
    expect(await outcome(leafWith(...points), [scopedList({ name: { full: [address(4_999)] } })])).toBe('valid')
  })

  test.each<[string, readonly PointParts[]]>([
    ['many points and a list with many names', many(2_000, address).map((name) => ({ name: { full: [name] } }))],
    ['a point with many names and a list with many', [{ name: { full: many(2_000, address) } }]],
  ])('%s are too much', async (_, points) => {
    const list = scopedList({ name: { full: many(1_000, (index) => uri(`https://b.example/${index}`)) } })
    expect(await outcome(leafWith(...points), [list])).toBe('LIMIT')
  })

  test('a list that says it is another one is looked up once, however many points lead to both', async () => {
    const points = many(2_000, address).map((name): PointParts => ({ name: { full: [name] } }))
    expect(await outcome(leafWith(...points), [issueList(authority), issueList(authority, { revoked: [[1]] })])).toBe('valid')
  })
})
