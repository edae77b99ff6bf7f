import { describe, expect, test } from 'vitest'
import { publisher } from '../support/certificates/chain-statement.js'
import * as der from '../support/certificates/der.js'
import {
  critical,
  directory,
  type ExtensionPart,
  subjectAltName,
  unknownExtension,
  uri,
} from '../support/certificates/extensions.js'
import { type Issued, issue, issueAuthority } from '../support/certificates/issue.js'
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
  type ReasonFlag,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { type List, type ListAnswer, later, trustServer } from '../support/certificates/list-server.js'
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

describe('the newest list that was fetched and confirmed is not lost', () => {
  const revoking = { revoked: [[serialNumber]] } as const
  const silent = issue(authority, {
    serialNumber: 2,
    extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address))],
  })
  const nameless = { without: ['2.5.29.35'] } as const
  const scope = (name: string) => issuingDistributionPoint({ name: { full: [uri(name)] } })
  const day = 86_400

  test.each<[string, List, List, string]>([
    [
      'one of another scope that is older',
      makeList({ ...revoking, extensions: [scope(address)], nextUpdate: later(10 * day) }),
      makeList({ thisUpdate: later(-2 * day) }),
      '400 REVOKED',
    ],
    [
      'an older one, after its end',
      makeList({ ...revoking, nextUpdate: later(60) }),
      makeList({ thisUpdate: later(-2 * day) }),
      '503 CRL_STALE',
    ],
    [
      'an older one that has another certificate, after its end, and neither names a key',
      makeList({ ...revoking, ...nameless, nextUpdate: later(60) }),
      makeList({ revoked: [[2]], ...nameless, thisUpdate: later(-2 * day) }),
      '503 CRL_STALE',
    ],
    ['one of somebody else', makeList({ ...revoking, nextUpdate: later(10 * day) }), rootList, '400 REVOKED'],
  ])('to %s', async (_, first, second, expected) => {
    let list = first
    const { judge, clock } = trustAuthority(() => list)
    expect(await judge()).toBe('400 REVOKED')
    list = second
    for (const seconds of [3601, 3602, 3640, 7300]) {
      clock.now = later(seconds)
      expect(await judge()).toBe(expected)
      await judge(silent)
      expect(await judge()).toBe(expected)
    }
  })

  test('to a newer one of somebody else that a chain confirms', async () => {
    const doubled = issueAuthority(root, { keys: authority.keys })
    const { judge: judgeChain, clock } = trustServer(() => list, {
      ...{ anchors: [root.der], crls: [rootList.der], distributionPoints: [address] },
    })
    let list: List = makeList({ ...revoking, nextUpdate: later(10 * day) })
    expect(await judgeChain([silent, authority])).toBe('trusted')
    list = issueList(root, { thisUpdate: later(3000), nextUpdate: later(10 * day) })
    clock.now = later(3601)
    expect(await judgeChain([leaf, authority, doubled])).toBe('400 REVOKED')
    list = makeList({ thisUpdate: later(-3 * day) })
    for (const seconds of [3640, 7300]) {
      clock.now = later(seconds)
      expect(await judgeChain([leaf, authority])).toBe('400 REVOKED')
      expect(await judgeChain([silent, authority])).toBe('trusted')
    }
  })

  test('to a delta at its address', async () => {
    const list = makeList({ nextUpdate: later(10 * day) })
    let answer = list
    const { judge, clock } = trustAuthority(() => answer)
    expect(await judge()).toBe('trusted')
    answer = makeList({ thisUpdate: later(10), nextUpdate: later(10 * day), extensions: [listNumber(8), deltaTo(1)] })
    clock.now = later(3601)
    expect(await judge()).toBe('trusted')
    answer = list
    for (const seconds of [3640, 7190, 7300]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('trusted')
    }
  })

  test('with its delta, when that has ended and its server is out', async () => {
    const end = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address)), freshestList(point(deltaAddress))],
    })
    const delta = makeList({ ...revoking, nextUpdate: later(60), extensions: [listNumber(8), deltaTo(1)] })
    let isOut = false
    const { judge, clock } = trustAuthority((asked) => (asked === address ? makeList() : isOut ? 500 : delta))
    expect(await judge(end)).toBe('400 REVOKED')
    for (const seconds of [91, 122]) {
      clock.now = later(seconds)
      expect(await judge(end)).toBe('503 CRL_STALE')
      isOut = true
    }
  })

  test('when another address has it, and the first one is behind', async () => {
    const end = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address, deltaAddress))],
    })
    const newer = makeList({ ...revoking, thisUpdate: later(-3600), nextUpdate: later(10 * day) })
    let isOut = true
    const { judge, clock } = trustAuthority((asked) =>
      asked === deltaAddress ? newer : isOut ? 500 : makeList({ thisUpdate: later(-day), nextUpdate: later(5 * day) }),
    )
    expect(await judge(end)).toBe('400 REVOKED')
    isOut = false
    for (const seconds of [31, 2 * day]) {
      clock.now = later(seconds)
      expect(await judge(end)).toBe('400 REVOKED')
    }
  })

  test('when another address has an older one', async () => {
    const end = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address, deltaAddress))],
    })
    const older = makeList({ thisUpdate: later(-3 * day), nextUpdate: later(5 * day) })
    let isOut = false
    const { judge, clock } = trustAuthority((asked) =>
      asked === deltaAddress ? older : isOut ? 500 : makeList({ ...revoking, nextUpdate: later(60) }),
    )
    expect(await judge(end)).toBe('400 REVOKED')
    isOut = true
    clock.now = later(91)
    expect(await judge(end)).toBe('503 CRL_UNAVAILABLE')
  })

  test('to one of another key at its address, and neither names its key', async () => {
    const other = issueAuthority(root)
    const { judge: judgeChain, clock } = trustServer(() => list, {
      ...{ anchors: [root.der], crls: [rootList.der], distributionPoints: [address] },
    })
    let list: List = makeList({ ...revoking, ...nameless, nextUpdate: later(10 * day) })
    const chain = [leaf, authority, other]
    expect(await judgeChain(chain)).toBe('400 REVOKED')
    list = issueList(other, { ...nameless, thisUpdate: later(10), nextUpdate: later(10 * day) })
    for (const seconds of [3601, 3602, 3640, 7300]) {
      clock.now = later(seconds)
      expect(await judgeChain(chain)).toBe('400 REVOKED')
    }
  })
})

describe('operation goes on', () => {
  const day = 86_400
  const leafAt = (where: string, number = serialNumber) =>
    issue(authority, { serialNumber: number, extensions: [subjectAltName(uri(publisher)), distributionPoints(point(where))] })

  test('when an authority lists with another key', async () => {
    const next = issueAuthority(root)
    let list: List = makeList({ nextUpdate: later(7200) })
    const { judge, clock } = trustAuthority(() => list, { intermediates: [next.der] })
    expect(await judge()).toBe('trusted')
    list = issueList(next, { thisUpdate: later(7200), nextUpdate: later(10 * day) })
    clock.now = later(7201)
    await judge()
    for (const seconds of [7202, 8 * day]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('trusted')
    }
  })

  const refreshed = { nextUpdate: later(7 * day), extensions: [freshestList(point(deltaAddress))] }
  const complete = (number: number, parts: ListParts = {}) =>
    makeList({ ...refreshed, ...parts, extensions: [listNumber(number), ...refreshed.extensions] })
  const delta = (number: number, base: number, parts: ListParts = {}) =>
    makeList({ ...parts, extensions: [listNumber(number), deltaTo(base)] })

  test.each([
    ['with it', { revoked: [[serialNumber]] } as const, '400 REVOKED'],
    ['without it', {}, 'trusted'],
  ])('when the next complete list comes with its own deltas, %s', async (_, parts, expected) => {
    let lists = [complete(5), delta(9, 5, { nextUpdate: later(600), ...parts })] as const
    const { judge, clock } = trustAuthority((asked) => lists[asked === address ? 0 : 1])
    expect(await judge(leafAt(address))).toBe(expected)
    lists = [complete(10, { ...parts, thisUpdate: later(600) }), delta(11, 10, { thisUpdate: later(600) })]
    clock.now = later(601)
    expect(await judge(leafAt(address))).toBe('503 CRL_STALE')
    for (const seconds of [602, 3599, 80_000]) {
      clock.now = later(seconds)
      expect(await judge(leafAt(address))).toBe(expected)
    }
  })

  test('never by a list that is behind its deltas', async () => {
    const second = 'https://crl.publisher.example/second.crl'
    const onIt = { revoked: [[serialNumber]] } as const
    const lists = new Map([
      [address, complete(5)],
      [second, complete(5)],
      [deltaAddress, delta(9, 5, { ...onIt, nextUpdate: later(600) })],
    ])
    const { judge, clock } = trustAuthority((asked) => lists.get(asked) ?? 404, {
      distributionPoints: [address, second, deltaAddress],
    })
    expect(await judge(leafAt(address))).toBe('400 REVOKED')
    lists.set(second, complete(10, { ...onIt, thisUpdate: later(500) }))
    lists.set(deltaAddress, delta(11, 10, { thisUpdate: later(500) }))
    for (const seconds of [1200, 1201, 3700, 80_000]) {
      clock.now = later(seconds)
      expect(await judge(leafAt(second, 5))).toBe('trusted')
      expect(await judge(leafAt(address))).toBe('503 CRL_STALE')
    }
  })

  test('when the list of somebody else, which a chain has confirmed, is gone', async () => {
    const doubled = issueAuthority(root, { keys: authority.keys })
    let list: List = issueList(root, { thisUpdate: later(-60) })
    const { judge, clock } = trustServer(() => list, {
      ...{ anchors: [root.der], crls: [rootList.der], distributionPoints: [address] },
    })
    expect(await judge([leaf, authority, doubled])).toBe('503 CRL_UNUSABLE')
    list = makeList()
    clock.now = later(31)
    expect(await judge([leaf, authority])).toBe('trusted')
  })

  const lists = issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'] })
  const indirect = (parts: ListParts) =>
    issueList(lists, { nextUpdate: later(5 * day), extensions: [issuingDistributionPoint({ indirect: true })], ...parts })
  const tampered = ({ der }: List): List => ({ der: der.map((byte, index) => (index === der.length - 1 ? byte ^ 1 : byte)) })
  test.each<[string, List, string]>([
    ['has a bad signature', tampered(indirect({ thisUpdate: later(3000) })), '503 CRL_UNUSABLE'],
    ['is of the future', indirect({ thisUpdate: later(3700) }), 'trusted'],
  ])('when the next list of somebody that a point names %s, and its server is out then', async (_, next, expected) => {
    const named = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints({ ...point(address), cRLIssuer: [directory(lists.name)] })],
    })
    let answer: ListAnswer = indirect({})
    const { judge, clock } = trustAuthority(() => answer, { intermediates: [lists.der] })
    expect(await judge(named)).toBe('trusted')
    answer = next
    clock.now = later(3601)
    expect(await judge(named)).toBe(expected)
    answer = 500
    for (const seconds of [3640, 7300, 4 * day]) {
      clock.now = later(seconds)
      expect(await judge(named)).toBe('trusted')
    }
  })
})

describe('when an authority goes on with another key, a revoked certificate does not become good, and others do not stay out', () => {
  const day = 86_400
  const second = 'https://crl.publisher.example/second.crl'
  const next = issueAuthority(root)
  const onIt = { revoked: [[serialNumber]] } as const
  const list = (issuer: Issued, number: number, parts: ListParts = {}) =>
    issueList(issuer, { nextUpdate: later(30 * day), ...parts, extensions: [listNumber(number), ...(parts.extensions ?? [])] })
  const delta = (issuer: Issued, number: number, base: number, parts: ListParts = {}) =>
    list(issuer, number, { nextUpdate: later(day), ...parts, extensions: [deltaTo(base), ...(parts.extensions ?? [])] })
  const make = (number: number, issuer: Issued, addresses: readonly string[], extensions = [freshestList(point(deltaAddress))]) =>
    issue(issuer, {
      serialNumber: number,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(...addresses)), ...extensions],
    })
  const open = (lists: ReadonlyMap<string, List>, intermediates: readonly Issued[] = []) =>
    trustServer((asked) => lists.get(asked) ?? 404, {
      ...{ anchors: [root.der], intermediates: intermediates.map((one) => one.der), crls: [rootList.der] },
      distributionPoints: [address, second, deltaAddress],
    })

  test('its delta is remembered beside one of the next key', async () => {
    const lists = new Map([
      [address, list(authority, 10)],
      [deltaAddress, delta(authority, 11, 10, onIt)],
    ])
    const { judge, clock } = open(lists)
    const [bad, good] = [make(serialNumber, authority, [address]), make(1, authority, [address])]
    expect(await judge([bad, authority])).toBe('400 REVOKED')
    expect(await judge([good, authority])).toBe('trusted')
    lists.set(address, list(next, 20, { ...onIt, thisUpdate: later(day) }))
    lists.set(deltaAddress, delta(next, 21, 20, { thisUpdate: later(day), nextUpdate: later(20 * day) }))
    for (const seconds of [day + 1, day + 40, 10 * day]) {
      clock.now = later(seconds)
      expect(await judge([bad, authority])).toBe('503 CRL_STALE')
      expect(await judge([bad, authority, next])).toBe('400 REVOKED')
      expect(await judge([good, authority, next])).toBe('trusted')
    }
  })

  test('its ended list is remembered beside an older one of another address', async () => {
    const lists = new Map([
      [address, list(authority, 10, { ...onIt, nextUpdate: later(day) })],
      [second, list(authority, 9, { thisUpdate: later(-day) })],
    ])
    const { judge, clock } = open(lists)
    const bad = make(serialNumber, authority, [address, second], [])
    expect(await judge([bad, authority])).toBe('400 REVOKED')
    lists.set(address, list(next, 20, { ...onIt, thisUpdate: later(day) }))
    for (const seconds of [day + 1, day + 40]) {
      clock.now = later(seconds)
      expect(await judge([bad, authority])).toBe('503 CRL_STALE')
      expect(await judge([bad, authority, next])).toBe('400 REVOKED')
    }
  })

  test('its delta is remembered beside one that calls the key by another name', async () => {
    const renewed = issueAuthority(root, { keys: authority.keys, serialNumber: 101 })
    const named = (serial: number): ExtensionPart => ({
      identifier: '2.5.29.35',
      critical: false,
      value: der.sequence(
        der.implicit(0, authority.keys.identifier),
        der.explicit(1, directory(root.name)),
        der.implicit(2, Uint8Array.of(serial)),
      ),
    })
    const lists = new Map([
      [address, list(authority, 10, { extensions: [named(100)] })],
      [deltaAddress, delta(authority, 11, 10, { ...onIt, extensions: [named(100)] })],
    ])
    const { judge, clock } = open(lists)
    const bad = make(serialNumber, authority, [address])
    expect(await judge([bad, authority])).toBe('400 REVOKED')
    lists.set(second, list(authority, 20, { ...onIt, thisUpdate: later(day), extensions: [named(101)] }))
    lists.set(deltaAddress, delta(authority, 21, 20, { ...onIt, thisUpdate: later(day), extensions: [named(101)] }))
    for (const seconds of [day + 1, day + 40]) {
      clock.now = later(seconds)
      await judge([make(1, renewed, [second]), renewed])
      expect(await judge([bad, authority])).toBe('503 CRL_STALE')
    }
  })

  test('its list is followed by one that says more of what it is about', async () => {
    const lists = new Map([[address, list(authority, 10, { nextUpdate: later(day) })]])
    const { judge, clock } = open(lists, [next])
    const good = make(1, authority, [address], [])
    expect(await judge([good, authority])).toBe('trusted')
    const scope = issuingDistributionPoint({ name: { full: [uri(address)] } })
    lists.set(address, list(next, 20, { thisUpdate: later(day), nextUpdate: later(30 * day), extensions: [scope] }))
    for (const seconds of [day + 1, day + 2, 20 * day]) {
      clock.now = later(seconds)
      expect(await judge([good, authority])).toBe('trusted')
    }
  })

  test('certificates of the next key need not wait for the hour', async () => {
    const lists = new Map([[address, list(authority, 10)]])
    const { judge, clock } = open(lists)
    expect(await judge([make(1, authority, [address], []), authority])).toBe('trusted')
    lists.set(address, list(next, 20))
    clock.now = later(60)
    expect(await judge([make(2, next, [address], []), next])).toBe('503 CRL_UNUSABLE')
    expect(await judge([make(2, next, [address], []), next])).toBe('trusted')
  })

  test('a newer list with it counts against it, also where the next key is not known', async () => {
    const lists = new Map([[address, list(authority, 10)]])
    const { judge, clock } = open(lists)
    const bad = make(serialNumber, authority, [address], [])
    expect(await judge([bad, authority])).toBe('trusted')
    lists.set(address, list(next, 20, { ...onIt, thisUpdate: later(10) }))
    for (const seconds of [3601, 3640, 7300]) {
      clock.now = later(seconds)
      expect(await judge([bad, authority])).toMatch(/^503/)
      expect(await judge([bad, authority, next])).toBe('400 REVOKED')
    }
  })

  test('a newer list with it counts against it when it has ended and the server is behind', async () => {
    const first = list(authority, 10)
    const lists = new Map([[address, first]])
    const { judge, clock } = open(lists, [next])
    const bad = make(serialNumber, authority, [address], [])
    expect(await judge([bad, authority])).toBe('trusted')
    lists.set(address, list(next, 20, { ...onIt, thisUpdate: later(10), nextUpdate: later(day) }))
    clock.now = later(3601)
    expect(await judge([bad, authority])).toBe('400 REVOKED')
    lists.set(address, first)
    for (const seconds of [day + 1, 2 * day]) {
      clock.now = later(seconds)
      expect(await judge([bad, authority])).toBe('503 CRL_STALE')
    }
  })

  test('a certificate of the next key by the former one does not become good when the list of the next key cannot be had', async () => {
    const selfIssued = issueAuthority(authority, {
      ...{ name: 'Authority', keys: next.keys, serialNumber: 77 },
      extensions: [distributionPoints(point(address))],
    })
    const lists = new Map<string, List>([[address, list(authority, 10)]])
    const { judge, clock } = open(lists)
    const below = issue(selfIssued, { extensions: [subjectAltName(uri(publisher)), distributionPoints(point(second))] })
    lists.set(second, list(selfIssued, 1))
    expect(await judge([below, selfIssued, authority])).toBe('trusted')
    lists.set(address, list(selfIssued, 20, { revoked: [[77]], thisUpdate: later(10) }))
    clock.now = later(3601)
    expect(await judge([below, selfIssued, authority])).toBe('400 REVOKED')
    lists.delete(address)
    for (const seconds of [7300, 7400]) {
      clock.now = later(seconds)
      expect(await judge([below, selfIssued, authority])).toBe('400 REVOKED')
    }
  })

  test('who was on hold is free when the next key says so', async () => {
    const lists = new Map([
      [address, list(authority, 10, { revoked: [[serialNumber, reasonCode('certificateHold')]], nextUpdate: later(day) })],
    ])
    const { judge, clock } = open(lists, [next])
    const end = make(serialNumber, authority, [address], [])
    expect(await judge([end, authority])).toBe('400 REVOKED')
    lists.set(address, list(next, 20, { thisUpdate: later(day) }))
    for (const seconds of [day + 1, day + 2, 20 * day]) {
      clock.now = later(seconds)
      expect(await judge([end, authority])).toBe('trusted')
    }
  })

  test('a last list of no use is followed', async () => {
    const useless = list(authority, 10, { nextUpdate: later(day), extensions: [critical(unknownExtension())] })
    const lists = new Map([[address, useless]])
    const { judge, clock } = open(lists, [next])
    const end = make(1, authority, [address], [])
    expect(await judge([end, authority])).toBe('503 CRL_UNUSABLE')
    lists.set(address, list(next, 20, { thisUpdate: later(60) }))
    for (const seconds of [61, 62, day + 1]) {
      clock.now = later(seconds)
      expect(await judge([end, authority])).toBe('trusted')
    }
  })

  test('no older list makes it good, whatever becomes of the delta that had it', async () => {
    const lists = new Map([[address, list(authority, 1)]])
    const { judge, clock } = open(lists, [next])
    const bad = make(serialNumber, authority, [address])
    expect(await judge([bad, authority])).toBe('trusted')
    lists.set(address, list(next, 3, { thisUpdate: later(60) }))
    lists.set(deltaAddress, delta(next, 4, 3, { ...onIt, thisUpdate: later(120) }))
    clock.now = later(3601)
    expect(await judge([bad, authority])).toBe('400 REVOKED')
    lists.set(deltaAddress, delta(next, 6, 5, { thisUpdate: later(3600), nextUpdate: later(2 * day) }))
    for (const seconds of [7300, 7331, day]) {
      clock.now = later(seconds)
      expect(await judge([bad, authority])).not.toBe('trusted')
    }
    lists.set(address, list(next, 5, { thisUpdate: later(3600) }))
    clock.now = later(day + 60)
    await judge([bad, authority])
    expect(await judge([bad, authority])).toBe('trusted')
  })

  test('no older list of somebody that a point names makes it good', async () => {
    const [first, second] = [51, 52].map((number) =>
      issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'], serialNumber: number }),
    )
    if (first === undefined || second === undefined) throw new Error('there are two')
    const indirect = [issuingDistributionPoint({ indirect: true })]
    const named = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints({ ...point(address), cRLIssuer: [directory(first.name)] })],
    })
    const lists = new Map([[address, list(first, 1, { extensions: indirect })]])
    const { judge, clock } = open(lists, [first, second])
    expect(await judge([named, authority])).toBe('trusted')
    const entry = [serialNumber, certificateIssuer(directory(authority.name))] as const
    const parts = { revoked: [entry], thisUpdate: later(60), nextUpdate: later(day), extensions: indirect }
    lists.set(address, list(second, 2, parts))
    clock.now = later(3601)
    expect(await judge([named, authority])).toBe('400 REVOKED')
    lists.delete(address)
    clock.now = later(day + 60)
    expect(await judge([named, authority])).toMatch(/^503/)
  })

  test('a newer list about other reasons does not make it good', async () => {
    const some = ['keyCompromise', 'cACompromise'] as const
    const others = everyReason.filter((reason) => reason !== some[0] && reason !== some[1])
    const split = issue(authority, {
      serialNumber,
      extensions: [
        subjectAltName(uri(publisher)),
        distributionPoints({ ...point(address), reasons: some }, { ...point(second), reasons: others }),
        freshestList(point(deltaAddress)),
      ],
    })
    const about = (where: string, reasons: readonly ReasonFlag[]) => issuingDistributionPoint({ ...point(where), reasons })
    const first = { extensions: [about(address, some)] }
    const lists = new Map([
      [address, list(authority, 3, first)],
      [second, list(authority, 1, { extensions: [about(second, others)] })],
      [deltaAddress, delta(authority, 4, 3, { ...first, ...onIt, thisUpdate: later(120), nextUpdate: later(600) })],
    ])
    const { judge, clock } = open(lists)
    expect(await judge([split, authority])).toBe('trusted')
    clock.now = later(130)
    expect(await judge([split, authority])).toBe('400 REVOKED')
    lists.delete(deltaAddress)
    lists.set(second, list(authority, 5, { thisUpdate: later(3700), extensions: [about(second, others)] }))
    for (const seconds of [3801, 7402]) {
      clock.now = later(seconds)
      expect(await judge([split, authority])).toMatch(/^503/)
    }
  })

  test('the point that had it is asked again, though another one tells all', async () => {
    const users = issuingDistributionPoint({ only: 'user' })
    const both = make(serialNumber, authority, [address, second], [])
    const lists = new Map([
      [second, list(authority, 2, { ...onIt, thisUpdate: later(60), nextUpdate: later(7 * day), extensions: [users] })],
    ])
    const { judge, clock } = open(lists)
    clock.now = later(61)
    expect(await judge([both, authority])).toBe('400 REVOKED')
    lists.set(address, list(authority, 1))
    lists.set(second, list(authority, 3, { thisUpdate: later(day), nextUpdate: later(8 * day), extensions: [users] }))
    clock.now = later(day + 60)
    await judge([both, authority])
    expect(await judge([both, authority])).toBe('trusted')
  })
})
