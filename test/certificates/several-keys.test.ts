import { describe, expect, test } from 'vitest'
import { publisher } from '../support/certificates/chain-statement.js'
import {
  critical,
  directory,
  type ExtensionPart,
  subjectAltName,
  unknownExtension,
  uri,
} from '../support/certificates/extensions.js'
import { type Issued, issue, issueAuthority, issueRoot } from '../support/certificates/issue.js'
import {
  certificateIssuer,
  deltaTo,
  distributionPoints,
  everyReason,
  freshestList,
  issueList,
  issuingDistributionPoint,
  type ListParts,
  listNumber,
  type PointParts,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { newEcKeys } from '../support/certificates/keys.js'
import { type List, type ListAnswer, later, trustServer } from '../support/certificates/list-server.js'
import { codeOf } from '../support/certificates/outcome.js'

const root = issueRoot()
const authority = issueAuthority(root, { serialNumber: 17 })
const leaf = issue(authority, { serialNumber: 4711 })
const rootList = issueList(root)
const hours = (count: number) => later(-count * 3600)

const withLists = (lists: readonly List[], of: Issued = leaf, others: readonly Issued[] = []) =>
  codeOf(of, [authority, ...others], [root], { crls: [rootList, ...lists].map((list) => list.der) })

describe('of an authority with two keys under one name, lists of either are consulted', () => {
  const second = issueAuthority(root, { serialNumber: 18 })
  const both = [authority, second]
  const unnamed = { without: ['2.5.29.35'] }
  const onIt = { revoked: [[4711]] } as const
  /** A list of the key that has signed the certificate, and one of the other key, which is newer. */
  const own = (parts: ListParts = {}) => issueList(authority, { thisUpdate: hours(3), ...parts })
  const other = (parts: ListParts = {}) => issueList(second, { thisUpdate: hours(2), ...parts })
  const older = { thisUpdate: hours(5) }
  const stale = { nextUpdate: hours(1) }
  const unknown = { extensions: [critical(unknownExtension())] }
  const scoped = { extensions: [issuingDistributionPoint({ only: 'user' })] }

  test.each<[string, readonly List[], readonly Issued[], string]>([
    ['it is on neither', [own(), other()], both, 'valid'],
    ['it is on that of its own key, and the other one is not known', [own(onIt), other()], [authority], 'REVOKED'],
    ['it is on that of its own key', [own(onIt), other()], both, 'REVOKED'],
    ['it is on that of its own key, and neither names a key', [own({ ...onIt, ...unnamed }), other(unnamed)], both, 'REVOKED'],
    ['it is on that of its own key, which is about users only', [own({ ...onIt, ...scoped }), other()], both, 'REVOKED'],
    ['it is on that of the other key', [own(), other(onIt)], both, 'REVOKED'],
    ['it is on that of the other key, which is older', [own(), other({ ...onIt, ...older })], both, 'REVOKED'],
    ['it is on an older one of its own key', [own({ ...onIt, ...older }), own(), other()], both, 'valid'],
    ['it is on an older one of the other key', [own(), other({ ...onIt, ...older }), other()], both, 'valid'],
    [
      'it is on an older one of its own key, and none names a key',
      [own({ ...onIt, ...older, ...unnamed }), own(unnamed), other(unnamed)],
      both,
      'valid',
    ],
    ['that of its own key is stale', [own(stale), other()], both, 'CRL_STALE'],
    ['that of its own key is stale and newer', [own({ ...stale, thisUpdate: hours(1.5) }), other()], both, 'CRL_STALE'],
    ['that of its own key cannot be used', [own(unknown), other()], both, 'CRL_UNUSABLE'],
    ['an older one of its own key is stale', [own({ ...older, ...stale }), own(), other()], both, 'valid'],
    ['that of the other key is stale', [own(), other(stale)], both, 'valid'],
    ['that of the other key is stale, and neither names a key', [own(unnamed), other({ ...stale, ...unnamed })], both, 'valid'],
    ['that of the other key cannot be used', [own(), other(unknown)], both, 'valid'],
    ['there is none of its own key', [other()], both, 'valid'],
    ['there is none of its own key, and it is on the other one', [other(onIt)], both, 'REVOKED'],
    ['there is none of its own key, and the other one is stale', [other(stale)], both, 'CRL_STALE'],
  ])('%s', async (_, lists, intermediates, expected) => {
    for (const crls of [lists, lists.toReversed()].map((turn) => [rootList, ...turn].map((list) => list.der))) {
      expect(await codeOf(leaf, intermediates, [root], { crls })).toBe(expected)
      expect(await codeOf(leaf, intermediates.toReversed(), [root], { crls })).toBe(expected)
    }
  })
})

test.each<[string, ListParts]>([
  ['the same key identifier', {}],
  ['no name for a key', { extensions: [{ identifier: '2.5.29.35', critical: false, value: Uint8Array.of(0x30, 0) }] }],
])('two keys whose lists have %s are two keys', async (_, parts) => {
  const other = issueAuthority(root, { keys: { ...newEcKeys(), identifier: authority.keys.identifier } })
  const lists = [
    issueList(authority, { thisUpdate: hours(2), revoked: [[4711]], ...parts }),
    issueList(other, { thisUpdate: hours(1), ...parts }),
  ]
  expect(await withLists(lists, leaf, [other])).toBe('REVOKED')
  expect(await withLists(lists)).toBe('REVOKED')
})

test.each<[string, ListParts, string]>([
  ['stale', { nextUpdate: hours(1) }, 'CRL_STALE'],
  ['of no use', { extensions: [critical(unknownExtension())] }, 'CRL_UNUSABLE'],
])('a list of the own key that is %s is seen, also behind one of another key with its identifier', async (_, parts, expected) => {
  const other = issueAuthority(root, { keys: { ...newEcKeys(), identifier: authority.keys.identifier } })
  const lists = [issueList(authority, { thisUpdate: hours(3), ...parts }), issueList(other, { thisUpdate: hours(2) })]
  expect(await withLists(lists, leaf, [other])).toBe(expected)
})

describe('lists of another key that are given do not stand in for those of distribution points', () => {
  const other = issueAuthority(root, { serialNumber: 21 })
  const [address, second] = ['https://crl.publisher.example/a.crl', 'https://crl.publisher.example/b.crl']
  const own = issueList(authority, { revoked: [[4711]] })
  const endWith = (...points: readonly PointParts[]) =>
    issue(authority, { serialNumber: 4711, extensions: [subjectAltName(uri(publisher)), distributionPoints(...points)] })
  const pointAt = (where: string) => ({ name: { full: [uri(where)] } })
  const end = endWith(pointAt(address))
  const tampered = { der: Uint8Array.from(own.der, (byte, index) => (index === own.der.length - 1 ? byte ^ 1 : byte)) }
  const lists = issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'] })

  const serve = (answer: (address: string) => ListAnswer) =>
    trustServer(answer, {
      ...{ anchors: [root.der], intermediates: [lists.der], crls: [rootList.der, issueList(other).der] },
      ...{ distributionPoints: [address, second] },
    })

  test.each<[string, ListAnswer, string]>([
    ['the list of its own key with it', own, '400 REVOKED'],
    ['the list of its own key without it', issueList(authority), 'trusted'],
    ['nothing', 500, '503 CRL_UNAVAILABLE'],
    ['the list of somebody else', rootList, '503 CRL_UNUSABLE'],
    ['a list of its own key with a bad signature', tampered, '503 CRL_UNUSABLE'],
    ['a list of its own key that is of the future', issueList(authority, { thisUpdate: later(60) }), '503 CRL_STALE'],
    [
      'a list of its own key for authorities',
      issueList(authority, { extensions: [issuingDistributionPoint({ only: 'authority' })] }),
      '503 CRL_UNUSABLE',
    ],
    ['a delta', issueList(authority, { extensions: [listNumber(8), deltaTo(1)] }), '503 CRL_UNUSABLE'],
  ])('its point has %s', async (_, answer, expected) => {
    for (const chain of [
      [end, authority],
      [end, authority, other],
    ])
      expect(await serve(() => answer).judge(chain)).toBe(expected)
  })

  test('its point has the list of the other key', async () => {
    expect(await serve(() => issueList(other)).judge([end, authority, other])).toBe('trusted')
    expect(await serve(() => issueList(other)).judge([end, authority])).toBe('503 CRL_UNUSABLE')
  })

  test('its point had the list of somebody else, and has none any more', async () => {
    let answer: ListAnswer = rootList
    const { judge, clock } = serve(() => answer)
    expect(await judge([end, authority, other])).toBe('503 CRL_UNUSABLE')
    answer = 500
    clock.now = later(60)
    expect(await judge([end, authority, other])).toBe('503 CRL_UNAVAILABLE')
  })

  test('one of two points for some reasons each has nothing', async () => {
    const some = ['keyCompromise', 'cACompromise'] as const
    const reasons = { [address]: some, [second]: everyReason.filter((reason) => reason !== some[0] && reason !== some[1]) }
    const split = endWith(...Object.entries(reasons).map(([where, of]) => ({ ...pointAt(where), reasons: of })))
    const make = (where: string, parts: ListParts = {}) =>
      issueList(authority, {
        ...parts,
        extensions: [issuingDistributionPoint({ ...pointAt(where), reasons: reasons[where] ?? [] })],
      })
    const revoking = make(address, { revoked: [[4711, reasonCode('keyCompromise')]] })
    const judge = (first: ListAnswer) =>
      serve((asked) => (asked === address ? first : make(second))).judge([split, authority, other])
    expect(await judge(revoking)).toBe('400 REVOKED')
    expect(await judge(make(address))).toBe('trusted')
    expect(await judge(500)).toBe('503 CRL_UNAVAILABLE')
  })

  const indirect = (parts: ListParts = {}) =>
    issueList(lists, { ...parts, extensions: [issuingDistributionPoint({ indirect: true })] })
  test.each<[string, ListAnswer, string]>([
    ['has it', indirect({ revoked: [[4711, certificateIssuer(directory(authority.name))]] }), '400 REVOKED'],
    ['does not have it', indirect(), 'trusted'],
    ['cannot be had', 500, '503 CRL_UNAVAILABLE'],
    ['is stale', indirect({ nextUpdate: later(-1) }), '503 CRL_STALE'],
  ])('its point names an issuer of lists, whose list %s', async (_, answer, expected) => {
    const named = endWith({ ...pointAt(address), cRLIssuer: [directory(lists.name)] })
    for (const chain of [
      [named, authority],
      [named, authority, other],
    ])
      expect(await serve(() => answer).judge(chain)).toBe(expected)
  })

  test('nothing is wrong anywhere, and no point may be asked', async () => {
    const elsewhere = endWith(pointAt('https://elsewhere.example/'))
    expect(await serve(() => 500).judge([elsewhere, authority, other])).toBe('trusted')
  })

  test('its own key is certified twice, once not for lists', async () => {
    const unsigning = issueAuthority(root, { keys: authority.keys, keyUsage: ['keyCertSign'] })
    for (const twice of [[authority], [unsigning], [unsigning, authority]])
      expect(await serve(() => own).judge([end, ...twice, other])).not.toBe('trusted')
  })

  test('its own key has a list that is given and of the future', async () => {
    const future = issueList(authority, { thisUpdate: later(60) })
    expect(await withLists([future, issueList(other)], leaf, [other])).toBe('CRL_STALE')
  })
})

describe('of several issuers of lists with one name none is good because another one is not known', () => {
  const [first, second] = [51, 52].map((serialNumber) =>
    issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'], serialNumber }),
  )
  if (first === undefined || second === undefined) throw new Error('there are two')
  const indirect = (issuer: Issued, parts: ListParts = {}) =>
    issueList(issuer, { ...parts, extensions: [issuingDistributionPoint({ indirect: true })] })
  const revoking = indirect(first, { revoked: [[4711, certificateIssuer(directory(authority.name))]] })
  const named = issue(authority, { serialNumber: 4711, extensions: [distributionPoints({ cRLIssuer: [directory(first.name)] })] })
  const unsigning = issueAuthority(root, { keyUsage: ['keyCertSign'] })
  const below = issue(unsigning, { serialNumber: 4711 })
  const [former, next] = [61, 62].map((serialNumber) => issueAuthority(root, { keyUsage: ['cRLSign'], serialNumber }))
  if (former === undefined || next === undefined) throw new Error('there are two')

  test.each<[string, readonly Issued[], string]>([
    ['both are known', [first, second], 'REVOKED'],
    ['the one whose list has it is known', [first], 'REVOKED'],
    ['the other one is known', [second], 'CRL_UNUSABLE'],
  ])('named by its point: %s', async (_, known, expected) => {
    for (const thisUpdate of [hours(12), hours(1)])
      expect(await withLists([revoking, indirect(second, { thisUpdate })], named, known)).toBe(expected)
    expect(await withLists([indirect(second)], named, known.includes(second) ? known : [second])).toBe('valid')
  })

  test.each<[string, readonly Issued[], string]>([
    ['both are known', [former, next], 'REVOKED'],
    ['the one whose list has it is known', [next], 'REVOKED'],
    ['the other one is known', [former], 'CRL_UNUSABLE'],
  ])('with the name of the authority, whose own key is not for lists: %s', async (_, known, expected) => {
    const judge = (lists: readonly List[], of: readonly Issued[]) =>
      codeOf(below, [unsigning, ...of], [root], { crls: [rootList, ...lists].map((list) => list.der) })
    for (const thisUpdate of [hours(12), hours(1)])
      expect(await judge([issueList(former, { thisUpdate }), issueList(next, { revoked: [[4711]] })], known)).toBe(expected)
    expect(await judge([issueList(former)], [former])).toBe('valid')
  })
})

test('what issuers of lists say of each other depends on no order', async () => {
  const top = issueRoot({ name: 'Top', keyUsage: ['keyCertSign'] })
  const [first, second] = [22, 33].map((serialNumber) => issue(top, { name: 'Top', keyUsage: ['cRLSign'], serialNumber }))
  if (first === undefined || second === undefined) throw new Error('there are two')
  const below = issueAuthority(top, { name: 'Below' })
  const end = issue(below)
  const onUsers = issueList(first, {
    ...{ thisUpdate: hours(2), revoked: [[33, reasonCode('keyCompromise')]] },
    extensions: [issuingDistributionPoint({ only: 'user' })],
  })
  const reasons = ['keyCompromise', 'cACompromise'] as const
  for (const thisUpdate of [later(-60), hours(3)]) {
    const some = issueList(first, { thisUpdate, extensions: [issuingDistributionPoint({ reasons })] })
    const crls = [onUsers, some, issueList(second, { thisUpdate: hours(1) }), issueList(below)].map((list) => list.der)
    expect(await codeOf(end, [below, first, second], [top], { crls })).toBe('CRL_UNUSABLE')
  }
})

describe('of an authority with many lists', () => {
  const renewed = issueAuthority(root, { serialNumber: 19 })
  const nameless = { without: ['2.5.29.35'] } as const
  /** One for every hour, the newest first; none says of which key it is. */
  const manyOf = (issuer: Issued, count = 120, first = 1, extensions: readonly ExtensionPart[] = []) =>
    Array.from({ length: count }, (_, index) => issueList(issuer, { thisUpdate: hours(first + index), ...nameless, extensions }))
  const onIt = { revoked: [[4711]] } as const
  const strange = issueAuthority(root, { serialNumber: 20 })
  const latest = { thisUpdate: hours(0.5) }
  const scoped = { extensions: [issuingDistributionPoint({ only: 'user' })] }

  test.each<[string, readonly List[], readonly Issued[], string]>([
    ['the newest of its own key counts', manyOf(authority), [], 'valid'],
    [
      'the newest of its own key counts, and it is on it',
      [issueList(authority, { ...latest, ...onIt }), ...manyOf(authority)],
      [],
      'REVOKED',
    ],
    [
      'the newest of its own key counts, and it is on an older one',
      [...manyOf(authority), issueList(authority, { thisUpdate: hours(30.5), ...onIt, ...nameless })],
      [],
      'valid',
    ],
    [
      'one of another key that has it counts, however old it is',
      [...manyOf(authority), issueList(renewed, { thisUpdate: hours(300), ...onIt, ...nameless })],
      [renewed],
      'REVOKED',
    ],
    [
      'a delta of another key that has it counts, however old its list is',
      [
        ...manyOf(authority, 20),
        issueList(renewed, { thisUpdate: hours(300), ...nameless }),
        issueList(renewed, { ...onIt, ...nameless, extensions: [listNumber(9), deltaTo(1)] }),
      ],
      [renewed],
      'REVOKED',
    ],
    [
      'one of another key about users that has it counts',
      [...manyOf(authority), issueList(renewed, { thisUpdate: hours(300), ...onIt, ...nameless, ...scoped })],
      [renewed],
      'REVOKED',
    ],
    ['those of a former key, which nobody knows, do not count', [issueList(authority, latest), ...manyOf(strange)], [], 'valid'],
    ['those of a former key do not count', [issueList(authority, latest), ...manyOf(renewed)], [renewed], 'valid'],
  ])('%s', async (_, lists, others, expected) => {
    expect(await withLists(lists, leaf, others)).toBe(expected)
    expect(await withLists(lists.toReversed(), leaf, others)).toBe(expected)
  })

  test('deltas to lists of later tell that there are such, however many', async () => {
    const deltas = Array.from({ length: 110 }, (_, index) =>
      issueList(authority, { extensions: [listNumber(200 + index), deltaTo(100)] }),
    )
    expect(await withLists([issueList(authority), ...deltas])).toBe('CRL_STALE')
  })

  test('deltas beside an archive do not matter', async () => {
    const delta = issueList(authority, { extensions: [listNumber(2), deltaTo(1)] })
    expect(await withLists([...manyOf(authority), delta])).toBe('valid')
    const refreshed = manyOf(authority, 120, 1, [freshestList({ name: { full: [uri('https://a.example/')] } })])
    expect(await withLists(refreshed)).toBe('valid')
  })

  test('more of unknown keys than there are signature checks are too much', async () => {
    expect(await withLists([...manyOf(strange), issueList(authority, { thisUpdate: hours(300) })])).toBe('LIMIT')
  })
})
