import { describe, expect, test } from 'vitest'
import { publisher } from '../support/certificates/chain-statement.js'
import { critical, directory, subjectAltName, unknownExtension, uri } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot } from '../support/certificates/issue.js'
import {
  certificateIssuer,
  deltaTo,
  distributionPoints,
  type Entry,
  everyReason,
  freshestList,
  issueList,
  issuingDistributionPoint,
  type ListParts,
  listNumber,
  type ReasonFlag,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { type List, later, pkix, trustServer } from '../support/certificates/list-server.js'
import { codeOf } from '../support/certificates/outcome.js'
import {
  address,
  authority,
  deltaAddress,
  leaf,
  makeList,
  point,
  root,
  rootList,
  serialNumber,
  trustAuthority,
} from '../support/certificates/published-lists.js'
import { respond } from '../support/key-server.js'

const hours = (count: number) => new Date(at.getTime() + count * 3_600_000)
const current = { thisUpdate: hours(-50), nextUpdate: hours(100) }
const newer = { thisUpdate: hours(-3), nextUpdate: hours(10) }
const ended = { thisUpdate: hours(-3), nextUpdate: hours(-1) }
const earlier = { thisUpdate: hours(-60), nextUpdate: hours(-55) }
const compromised: Entry = [serialNumber, reasonCode('keyCompromise')]
const revoked = { revoked: [compromised] }
/** The extension with the number of a list. */
const number = '2.5.29.20'

const [nextKey, thirdKey] = [issueAuthority(root), issueAuthority(root)]
const numbered = (issuer: Issued, number: number, parts: ListParts) =>
  issueList(issuer, { ...parts, extensions: [listNumber(number), ...(parts.extensions ?? [])] })

const [first, second] = [51, 52].map((serial) =>
  issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'], serialNumber: serial }),
) as [Issued, Issued]
const ofLists = issue(authority, {
  serialNumber,
  extensions: [distributionPoints({ cRLIssuer: [directory(first.name)] })],
})
const indirect = issuingDistributionPoint({ indirect: true })
const byOther: Entry = [serialNumber, certificateIssuer(directory(authority.name)), reasonCode('keyCompromise')]

const send = ({ der }: List) => respond(der, { headers: pkix })
const outcome = (lists: readonly List[], others: readonly Issued[] = [], of: Issued = leaf) =>
  codeOf(of, [authority, ...others], [root], { crls: [rootList, ...lists].map((list) => list.der) })

describe('nothing older makes a certificate good that is on', () => {
  const own = numbered(authority, 5, current)
  const usersOnly = [issuingDistributionPoint({ only: 'user' })]
  const someReasons = [issuingDistributionPoint({ reasons: ['keyCompromise'] })]

  test.each<[what: string, make: (times: ListParts) => readonly List[], others: readonly Issued[], of: Issued]>([
    ['a list of its key', (times) => [own, numbered(authority, 6, { ...revoked, ...times })], [], leaf],
    ['a list for users', (times) => [own, numbered(authority, 6, { ...revoked, ...times, extensions: usersOnly })], [], leaf],
    [
      'a list about some reasons',
      (times) => [own, numbered(authority, 6, { ...revoked, ...times, extensions: someReasons })],
      [],
      leaf,
    ],
    ['a list of another key', (times) => [own, numbered(nextKey, 6, { ...revoked, ...times })], [nextKey], leaf],
    ['a list of a key that is not known', (times) => [own, numbered(nextKey, 6, { ...revoked, ...times })], [], leaf],
    [
      'a list that names no key',
      (times) => [own, numbered(nextKey, 6, { ...revoked, ...times, without: ['2.5.29.35'] })],
      [],
      leaf,
    ],
    [
      'a delta of another key',
      (times) => [own, numbered(nextKey, 6, current), numbered(nextKey, 7, { ...revoked, ...times, extensions: [deltaTo(6)] })],
      [nextKey],
      leaf,
    ],
    [
      'a delta of another key whose list is not there',
      (times) => [own, numbered(nextKey, 7, { ...revoked, ...times, extensions: [deltaTo(6)] })],
      [nextKey],
      leaf,
    ],
    [
      'a delta of another key to a later list',
      (times) => [own, numbered(nextKey, 6, current), numbered(nextKey, 9, { ...revoked, ...times, extensions: [deltaTo(8)] })],
      [nextKey],
      leaf,
    ],
    [
      'a list of an issuer of lists that its point names',
      (times) => [own, numbered(first, 6, { ...times, revoked: [byOther], extensions: [indirect] })],
      [first],
      ofLists,
    ],
    [
      'a list of one issuer of lists of two with one name',
      (times) => [
        numbered(second, 5, { ...current, extensions: [indirect] }),
        numbered(first, 6, { ...times, revoked: [byOther], extensions: [indirect] }),
      ],
      [first, second],
      ofLists,
    ],
  ])('%s', async (_, make, others, of) => {
    for (const turn of [(lists: readonly List[]) => lists, (lists: readonly List[]) => lists.toReversed()]) {
      expect(await outcome(turn(make(newer)), others, of)).not.toBe('valid')
      expect(await outcome(turn(make(ended)), others, of)).toMatch(/^CRL_(STALE|UNUSABLE)$/)
    }
  })

  test.each<[what: string, list: List]>([
    ['a list of its key that is older', numbered(authority, 4, { ...revoked, ...earlier })],
    ['a list of another key that is older and has ended', numbered(nextKey, 4, { ...revoked, ...earlier })],
    ['a delta of another key that is older', numbered(nextKey, 4, { ...revoked, ...earlier, extensions: [deltaTo(3)] })],
    [
      'a list about authorities',
      numbered(authority, 6, { ...revoked, ...ended, extensions: [issuingDistributionPoint({ only: 'authority' })] }),
    ],
    ['a list of the future', numbered(authority, 6, { ...revoked, thisUpdate: hours(1), nextUpdate: hours(9) })],
  ])('but not %s', async (_, list) => {
    expect(await outcome([own, list])).toBe('valid')
    expect(await outcome([list, own])).toBe('valid')
  })
})

describe('nothing older makes a certificate good that is on what cannot be relied on', () => {
  const own = numbered(authority, 5, current)
  const unknown = critical(unknownExtension())
  const usersOnly = issuingDistributionPoint({ only: 'user' })

  test.each<[what: string, lists: readonly List[], others: readonly Issued[]]>([
    ['a list for users', [own, numbered(authority, 6, { ...revoked, ...newer, extensions: [usersOnly, unknown] })], []],
    [
      'a list for users without a number',
      [own, issueList(authority, { ...revoked, ...newer, extensions: [usersOnly], without: [number] })],
      [],
    ],
    [
      'a list for users of which no entry can be read',
      [own, numbered(authority, 6, { ...newer, revoked: [[1, unknown]], extensions: [usersOnly] })],
      [],
    ],
    ['a list of another key', [own, numbered(nextKey, 6, { ...revoked, ...newer, extensions: [unknown] })], [nextKey]],
    [
      'a delta without a number',
      [own, issueList(authority, { ...revoked, ...newer, extensions: [deltaTo(5)], without: [number] })],
      [],
    ],
    [
      'a delta about others',
      [own, numbered(authority, 6, { ...revoked, ...newer, extensions: [deltaTo(5), usersOnly, unknown] })],
      [],
    ],
    [
      'a delta of another key',
      [own, numbered(nextKey, 6, current), numbered(nextKey, 7, { ...revoked, ...newer, extensions: [deltaTo(6), unknown] })],
      [nextKey],
    ],
  ])('%s', async (_, lists, others) => {
    expect(await outcome(lists, others)).toMatch(/^CRL_(STALE|UNUSABLE)$/)
    expect(await outcome(lists.toReversed(), others)).toMatch(/^CRL_(STALE|UNUSABLE)$/)
  })

  test.each<[what: string, lists: (others: ListParts) => readonly List[], others: readonly Issued[]]>([
    [
      'a list of its key',
      (others) => [numbered(authority, 6, { ...revoked, ...others, thisUpdate: hours(-3), nextUpdate: hours(-1) })],
      [],
    ],
    ['a list of a third key', (others) => [numbered(thirdKey, 6, { ...revoked, ...others, ...newer })], []],
    [
      'a list of a third key that is known, and has ended',
      (others) => [numbered(thirdKey, 6, { ...revoked, ...others, ...ended })],
      [thirdKey],
    ],
    [
      'a delta of a third key',
      (others) => [numbered(thirdKey, 6, { ...revoked, ...newer, extensions: [deltaTo(5), ...(others.extensions ?? [])] })],
      [thirdKey],
    ],
  ])('%s, whatever a newer list of another key says', async (_, make, others) => {
    for (const extensions of [[], [usersOnly]]) {
      const other = numbered(nextKey, 9, { ...newer, thisUpdate: hours(-2), extensions })
      const lists = [own, ...make({ extensions }), other]
      expect(await outcome(lists, others)).toMatch(/^CRL_(STALE|UNUSABLE)$/)
      expect(await outcome(lists, [...others, nextKey])).toMatch(/^CRL_(STALE|UNUSABLE)$/)
      expect(await outcome(lists, [nextKey])).toMatch(/^CRL_(STALE|UNUSABLE)$/)
    }
  })

  test.each([
    ['keyCompromise', /^CRL_STALE$/],
    ['certificateHold', /^valid$/],
  ] as const)(
    'a delta of its key that has ended, whatever a list of another key says, but for a hold: %s',
    async (reason, expected) => {
      const delta = numbered(authority, 6, { ...ended, revoked: [[serialNumber, reasonCode(reason)]], extensions: [deltaTo(5)] })
      const other = numbered(nextKey, 9, { ...newer, thisUpdate: hours(-1) })
      expect(await outcome([delta, other], [nextKey])).toMatch(expected)
      expect(await outcome([other, delta], [nextKey])).toMatch(expected)
    },
  )

  test('a list of a key that is not known, where the key of the authority has no identifier', async () => {
    const nameless = issueAuthority(root, { without: ['2.5.29.14'] })
    const certificate = issue(nameless, { serialNumber })
    const crls = [rootList, numbered(nameless, 5, current), numbered(nextKey, 6, { ...revoked, ...newer })].map(
      (list) => list.der,
    )
    expect(await codeOf(certificate, [nameless], [root], { crls, profile: 'compatible' })).toBe('CRL_UNUSABLE')
  })
})

describe('who was on hold is free', () => {
  const held: ListParts = { revoked: [[serialNumber, reasonCode('certificateHold')]] }
  const freed: ListParts = { revoked: [[serialNumber, reasonCode('removeFromCRL')]] }
  const reasons = ['keyCompromise', 'cACompromise'] as const
  const rest = everyReason.filter((reason) => !reasons.some((each) => each === reason))
  const about = (of: readonly ReasonFlag[]) => issuingDistributionPoint({ reasons: of })
  const compromise = numbered(authority, 5, { ...current, extensions: [about(reasons)] })
  const delta = (issuer: Issued, parts: ListParts) =>
    numbered(issuer, 7, { ...freed, ...newer, ...parts, extensions: [deltaTo(6), ...(parts.extensions ?? [])] })

  test.each<[by: string, lists: readonly List[], others: readonly Issued[]]>([
    [
      'a delta to the list of other reasons',
      [
        compromise,
        numbered(authority, 6, { ...held, ...current, extensions: [about(rest)] }),
        delta(authority, { extensions: [about(rest)] }),
      ],
      [],
    ],
    [
      'the next list of other reasons',
      [
        compromise,
        numbered(authority, 6, { ...held, ...current, thisUpdate: hours(-4), extensions: [about(rest)] }),
        numbered(authority, 7, { ...newer, extensions: [about(rest)] }),
      ],
      [],
    ],
    [
      'a delta to the list of another key',
      [numbered(authority, 5, current), numbered(nextKey, 6, { ...held, ...current, thisUpdate: hours(-4) }), delta(nextKey, {})],
      [nextKey],
    ],
  ])('by %s', async (_, lists, others) => {
    expect(await outcome(lists.slice(0, -1), others)).toBe('REVOKED')
    expect(await outcome(lists, others)).toBe('valid')
    expect(await outcome(lists.toReversed(), others)).toBe('valid')
  })
})

describe('what was found out about a certificate', () => {
  test('counts for every chain it is in', async () => {
    const other = issueAuthority(root, { keys: authority.keys, serialNumber: 78 })
    let list = makeList()
    const { judge, clock } = trustServer(() => send(list), {
      ...{ anchors: [root.der], crls: [rootList.der], distributionPoints: [address], maxAge: '10 hours' },
    })
    expect(await judge([leaf, authority])).toBe('trusted')
    list = makeList({ ...revoked, thisUpdate: later(3600), nextUpdate: later(86_400) })
    clock.now = later(3601)
    expect(await judge([leaf, other])).toBe('400 REVOKED')
    expect(await judge([leaf, authority])).toBe('400 REVOKED')
  })

  test('does not count for one of another authority with the same name and number', async () => {
    const tests = issueRoot({ name: 'Tests' })
    const namesake = issueAuthority(tests)
    const certificate = issue(namesake, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(deltaAddress))],
    })
    const listOfTests = issueList(namesake, { ...revoked, thisUpdate: later(-1) })
    const { judge } = trustServer((asked) => send(asked === address ? makeList({ thisUpdate: later(-7200) }) : listOfTests), {
      ...{ anchors: [root.der, tests.der], crls: [rootList.der, issueList(tests).der] },
      ...{ distributionPoints: [address, deltaAddress], maxAge: 0 },
    })
    expect(await judge([leaf, authority])).toBe('trusted')
    expect(await judge([certificate, namesake])).toBe('400 REVOKED')
    expect(await judge([leaf, authority])).toBe('trusted')
  })

  test.each([
    ['is out', () => respond('', { status: 500 })],
    [
      'is behind',
      () => send(numbered(nextKey, 6, { thisUpdate: later(-7200), nextUpdate: later(86_400), extensions: [deltaTo(5)] })),
    ],
  ])('is not lost when the delta of another key had it, and its server %s', async (_, then) => {
    const list = makeList({ thisUpdate: later(-9000), nextUpdate: later(90 * 86_400) })
    const delta = numbered(nextKey, 7, {
      ...revoked,
      thisUpdate: later(-60),
      nextUpdate: later(86_400),
      extensions: [deltaTo(6)],
    })
    const extensions = [subjectAltName(uri(publisher)), distributionPoints(point(address)), freshestList(point(deltaAddress))]
    const certificate = issue(authority, { serialNumber, extensions })
    let answer = () => send(delta)
    const { judge, clock } = trustAuthority((asked) => (asked === address ? send(list) : answer()), {
      ...{ intermediates: [nextKey.der], maxAge: 0 },
    })
    expect(await judge(certificate)).toBe('503 CRL_STALE')
    answer = then
    for (const seconds of [31, 3601, 7300]) {
      clock.now = later(seconds)
      expect(await judge(certificate)).toBe('503 CRL_STALE')
    }
  })

  test('is over when a delta with a hold has ended, and the next key has newer lists without it', async () => {
    const day = 86_400
    const extensions = [subjectAltName(uri(publisher)), distributionPoints(point(address)), freshestList(point(deltaAddress))]
    const certificate = issue(authority, { serialNumber, extensions })
    const served: Record<string, List> = {
      [address]: numbered(authority, 5, { thisUpdate: later(-60), nextUpdate: later(3600) }),
      [deltaAddress]: numbered(authority, 6, {
        ...{ thisUpdate: later(-30), nextUpdate: later(3600), extensions: [deltaTo(5)] },
        revoked: [[serialNumber, reasonCode('certificateHold')]],
      }),
    }
    const { judge, clock } = trustAuthority((asked) => send(served[asked] ?? rootList), {
      intermediates: [nextKey.der],
      maxAge: 0,
    })
    expect(await judge(certificate)).toBe('400 REVOKED')
    served[address] = numbered(nextKey, 7, { thisUpdate: later(3610), nextUpdate: later(30 * day) })
    served[deltaAddress] = numbered(nextKey, 8, {
      thisUpdate: later(3610),
      nextUpdate: later(30 * day),
      extensions: [deltaTo(7)],
    })
    clock.now = later(3700)
    expect(await judge(certificate)).toBe('trusted')
  })

  test('is not lost to old lists of many other keys', async () => {
    const keys = Array.from({ length: 9 }, (_, index) => issueAuthority(root, { serialNumber: 900 + index }))
    const ages = { thisUpdate: later(-3600), nextUpdate: later(90 * 86_400) }
    const extensions = [subjectAltName(uri(publisher)), distributionPoints(point(address))]
    const other = issue(authority, { serialNumber: 1, extensions })
    let list: List = makeList({ ...revoked, thisUpdate: later(-60), nextUpdate: later(80 * 86_400) })
    const { judge, clock } = trustServer(() => send(list), {
      ...{ anchors: [root.der], crls: [rootList.der], distributionPoints: [address], maxAge: 0 },
    })
    expect(await judge([other, authority])).toBe('trusted')
    for (const [index, key] of keys.entries()) {
      list = issueList(key, ages)
      clock.now = later(7200 * (index + 1))
      await judge([issue(key, { extensions }), key])
    }
    list = makeList(ages)
    clock.now = later(7200 * 20)
    expect(await judge([leaf, authority])).toBe('400 REVOKED')
  })
})

test.each([
  ['the key of the authority', authority],
  ['the next key', nextKey],
])('a server that is a list behind is no outage where the delta is to the newest one, of %s', async (_, signer) => {
  const behind = 'https://mirror.publisher.example/authority.crl'
  const lists: Readonly<Record<string, List>> = {
    [behind]: numbered(signer, 14, { thisUpdate: later(-14_400), nextUpdate: later(7200) }),
    [address]: numbered(signer, 18, { thisUpdate: later(-1200), nextUpdate: later(21_600) }),
    [deltaAddress]: numbered(signer, 19, { thisUpdate: later(-1200), nextUpdate: later(10_800), extensions: [deltaTo(18)] }),
  }
  for (const addresses of [
    [behind, address],
    [address, behind],
  ]) {
    const certificate = issue(authority, {
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(...addresses)), freshestList(point(deltaAddress))],
    })
    const { judge } = trustAuthority((asked) => send(lists[asked] ?? makeList()), {
      ...{ distributionPoints: [behind, address, deltaAddress], intermediates: [nextKey.der] },
    })
    expect(await judge(certificate)).toBe('trusted')
  }
})

test('a point that has the list of another one, about other reasons, is an outage', async () => {
  const [one, another] = [address, deltaAddress]
  const reasons = ['keyCompromise', 'cACompromise'] as const
  const others = everyReason.filter((reason) => !reasons.some((each) => each === reason))
  const certificate = issue(authority, {
    extensions: [
      subjectAltName(uri(publisher)),
      distributionPoints({ ...point(one), reasons }, { ...point(another), reasons: others }),
    ],
  })
  const list = makeList({ extensions: [issuingDistributionPoint({ ...point(one), reasons })] })
  const { judge } = trustAuthority(() => send(list))
  expect(await judge(certificate)).toBe('503 CRL_UNUSABLE')
})
