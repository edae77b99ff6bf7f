import { describe, expect, test } from 'vitest'
import { publisher } from '../support/certificates/chain-statement.js'
import { critical, directory, subjectAltName, unknownExtension, uri } from '../support/certificates/extensions.js'
import { type Issued, issue, issueAuthority } from '../support/certificates/issue.js'
import {
  certificateIssuer,
  deltaTo,
  distributionPoints,
  type Entry,
  issueList,
  issuingDistributionPoint,
  type ListParts,
  listNumber,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { daysLater, type List, type ListAnswer, later, trustServer } from '../support/certificates/list-server.js'
import { address, authority, point, root, rootList, serialNumber } from '../support/certificates/published-lists.js'

/** The certificates were accepted forty days ago, and have ended ten days ago. */
const accepted = daysLater(-40)
const ended = daysLater(-10)

const listed = distributionPoints(point(address))
const leaf = issue(authority, { serialNumber, notAfter: ended, extensions: [subjectAltName(uri(publisher)), listed] })

const complete = (revoked: readonly Entry[] = [], parts: ListParts = {}, issuer = authority) =>
  issueList(issuer, { revoked, ...parts, extensions: [listNumber(5), ...(parts.extensions ?? [])] })
const delta = (revoked: readonly Entry[] = [], parts: ListParts = {}, number = 8) =>
  issueList(authority, { revoked, ...parts, extensions: [listNumber(number), deltaTo(5), ...(parts.extensions ?? [])] })

const revoked: Entry = [serialNumber, reasonCode('keyCompromise')]
const held: Entry = [serialNumber, reasonCode('certificateHold')]
const removed: Entry = [serialNumber, reasonCode('removeFromCRL')]
const stale = { thisUpdate: daysLater(-20), nextUpdate: daysLater(-12) }
const unknown = { extensions: [critical(unknownExtension())] }

const serverOf = (answer: () => ListAnswer, lists: readonly List[], intermediates: readonly Issued[] = []) =>
  trustServer(answer, {
    ...{ anchors: [root.der], intermediates: intermediates.map((one) => one.der) },
    ...{ crls: [rootList, ...lists].map((list) => list.der), distributionPoints: [address] },
  })

const withLists = (lists: readonly List[], end = leaf, intermediates: readonly Issued[] = []) =>
  serverOf(() => 500, lists, intermediates).judge([end, authority], accepted)

describe('a certificate that has ended since it was accepted is refused where a list names it, and only there', () => {
  test.each<[string, readonly List[], string]>([
    ['there is no list', [], 'trusted'],
    ['it is on none', [complete(), delta()], 'trusted'],
    ['it is on the list', [complete([revoked])], '400 REVOKED'],
    ['it is on hold', [complete([held])], '400 REVOKED'],
    ['it is on a list that is stale', [complete([revoked], stale)], '400 REVOKED'],
    ['it is on a list that does not tell until when it is current', [complete([revoked], { nextUpdate: null })], '400 REVOKED'],
    ['it is on a list that ended before it began', [complete([revoked], { nextUpdate: daysLater(-2) })], '400 REVOKED'],
    ['it is on an older list', [complete([revoked], stale), complete()], 'trusted'],
    [
      'it is on an older list than one that cannot be relied on',
      [complete([revoked], stale), complete([], unknown)],
      '400 REVOKED',
    ],
    ['it is on a list that cannot be relied on', [complete([revoked], unknown)], 'trusted'],
    ['it is on the delta', [complete(), delta([revoked])], '400 REVOKED'],
    ['it is on a delta that is stale', [complete(), delta([revoked], stale)], '400 REVOKED'],
    [
      'it is on an older delta than one that cannot be relied on',
      [complete(), delta([revoked], {}, 7), delta([], unknown)],
      '400 REVOKED',
    ],
    ['it is on a delta that cannot be relied on', [complete(), delta([revoked], unknown)], 'trusted'],
    ['it was revoked, and taken from the list when it ended', [complete([revoked]), delta([removed])], '400 REVOKED'],
    ['it was revoked, and is not on the next complete list any more', [complete()], 'trusted'],
    ['it was on hold, and is not any more', [complete([held]), delta([removed])], 'trusted'],
    [
      'it was on hold, and a delta that is stale takes it from the list',
      [complete([held]), delta([removed], stale)],
      '400 REVOKED',
    ],
    ['it was on hold, and is revoked', [complete([held]), delta([revoked])], '400 REVOKED'],
    ['of two deltas of one number one takes it from the list', [complete([held]), delta([removed]), delta()], '400 REVOKED'],
  ])('%s', async (_, lists, expected) => {
    expect(await withLists(lists)).toBe(expected)
    expect(await withLists(lists.toReversed())).toBe(expected)
  })

  const lists = { name: 'Lists', keyUsage: ['cRLSign'] } as const
  const indirect = [issuingDistributionPoint({ indirect: true })]
  const entry: Entry = [...revoked, certificateIssuer(directory(authority.name))]
  test.each<[string, Issued, ListParts, string]>([
    ['is valid', issueAuthority(root, lists), {}, '400 REVOKED'],
    [
      'was valid when it issued the list, and has ended',
      issueAuthority(root, { ...lists, notAfter: ended }),
      stale,
      '400 REVOKED',
    ],
    ['had ended when it issued the list', issueAuthority(root, { ...lists, notAfter: ended }), {}, 'trusted'],
  ])('it is on the list of an issuer that %s', async (_, issuer, parts, expected) => {
    const point = distributionPoints({ cRLIssuer: [directory(issuer.name)] })
    const named = issue(authority, { serialNumber, notAfter: ended, extensions: [subjectAltName(uri(publisher)), point] })
    const list = complete([entry], { ...parts, extensions: indirect }, issuer)
    expect(await withLists([list], named, [issuer])).toBe(expected)
  })
})

const current = (number: number) =>
  issue(authority, { serialNumber: number, extensions: [subjectAltName(uri(publisher)), listed] })

test('a list that is stale is not kept for other certificates because one has ended', async () => {
  const nameless = { without: ['2.5.29.35'] } as const
  const newer = complete([[1]], { ...nameless, thisUpdate: daysLater(-1), nextUpdate: daysLater(-0.5) })
  const older = complete([[2]], { ...nameless, thisUpdate: daysLater(-2), nextUpdate: daysLater(10) })
  let list = newer
  const { judge, clock } = serverOf(() => list, [])
  expect(await judge([leaf, authority], accepted)).toBe('trusted')
  list = older
  clock.now = later(31)
  for (const number of [2, 1]) expect(await judge([current(number), authority])).toBe('503 CRL_STALE')
})

test.each([
  ['while it was current', later(60)],
  ['when it was stale', daysLater(-1)],
])('a list that was fetched %s is remembered when its server is out', async (_, nextUpdate) => {
  let answer: ListAnswer = complete([revoked], { thisUpdate: daysLater(-2), nextUpdate })
  const { judge, clock } = serverOf(() => answer, [])
  expect(await judge([leaf, authority], accepted)).toBe('400 REVOKED')
  answer = 500
  clock.now = later(91)
  expect(await judge([leaf, authority], accepted)).toBe('400 REVOKED')
})

test('a list of an issuer that has ended is not kept for other certificates because one has ended', async () => {
  const name = 'Lists'
  const [former, next] = [ended, daysLater(400)].map((notAfter) =>
    issueAuthority(root, { name, keyUsage: ['cRLSign'], notAfter }),
  )
  if (former === undefined || next === undefined) throw new Error('there are two')
  const point = distributionPoints({ name: { full: [uri(address)] }, cRLIssuer: [directory(former.name)] })
  const make = (notAfter?: Date) =>
    issue(authority, { extensions: [subjectAltName(uri(publisher)), point], ...(notAfter && { notAfter }) })
  const listOf = (issuer: Issued, thisUpdate: Date) =>
    issueList(issuer, { thisUpdate, nextUpdate: daysLater(30), extensions: [issuingDistributionPoint({ indirect: true })] })
  let list = listOf(former, daysLater(-15))
  const { judge, clock } = serverOf(() => list, [], [former, next])
  expect(await judge([make(ended), authority], accepted)).toBe('trusted')
  list = listOf(next, daysLater(-1))
  clock.now = later(31)
  expect(await judge([make(), authority])).toBe('trusted')
})
