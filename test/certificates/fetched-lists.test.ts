import { describe, expect, test } from 'vitest'
import { publisher } from '../support/certificates/chain-statement.js'
import { critical, directory, subjectAltName, unknownExtension, uri } from '../support/certificates/extensions.js'
import { issue, issueAuthority } from '../support/certificates/issue.js'
import {
  certificateIssuer,
  deltaTo,
  distributionPoints,
  freshestList,
  issueList,
  issuingDistributionPoint,
  type ListParts,
  listNumber,
  reasonCode,
} from '../support/certificates/issue-list.js'
import { newEcKeys } from '../support/certificates/keys.js'
import { type List, type ListAnswer, later, pkix } from '../support/certificates/list-server.js'
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

const send = ({ der }: List, init: ResponseInit = {}) => respond(der, { headers: pkix, ...init })

describe('a list is fetched from an address of the certificate that is allowed', () => {
  test.each<[string, () => ListAnswer, string]>([
    ['it is not on it', () => send(makeList()), 'trusted'],
    ['it is on it', () => send(makeList({ revoked: [[serialNumber]] })), '400 REVOKED'],
    ['the list is stale', () => send(makeList({ nextUpdate: later(-1) })), '503 CRL_STALE'],
    ['the list is of somebody else', () => send(rootList), '503 CRL_UNUSABLE'],
    ['the server has none', () => send(makeList(), { status: 404 }), '503 CRL_UNAVAILABLE'],
    ['the server sends a page', () => respond('<html>', { headers: { 'content-type': 'text/html' } }), '503 CRL_UNAVAILABLE'],
    ['the server sends something else', () => respond('AAAA', { headers: pkix }), '503 CRL_UNAVAILABLE'],
    ['the server sends a certificate', () => send(leaf), '503 CRL_UNAVAILABLE'],
    ['the server cannot be reached', () => Promise.reject(new Error('no route')), '503 CRL_UNAVAILABLE'],
    ['by another media type', () => send(makeList(), { headers: { 'content-type': 'application/octet-stream' } }), 'trusted'],
  ])('%s', async (_, answer, expected) => {
    for (const revocation of [undefined, 'check', 'require'] as const) {
      const { judge, addresses } = trustAuthority(answer, revocation && { revocation })
      expect(await judge()).toBe(expected)
      expect(addresses()).toEqual([address])
    }
  })

  test('no address is asked that is not allowed', async () => {
    const { judge, addresses } = trustAuthority(() => send(makeList()), {
      distributionPoints: ['https://crl.publisher.example/'],
    })
    expect(await judge()).toBe('400 CRL_MISSING')
    expect(addresses()).toEqual([])
  })

  test('nobody is asked for a certificate that is not valid anyway, or with revocation off', async () => {
    const { judge, addresses } = trustAuthority(() => send(makeList()))
    const expired = issue(authority, {
      notAfter: later(-1),
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address))],
    })
    expect(await judge(expired)).toBe('400 EXPIRED')
    const off = trustAuthority(() => send(makeList()), { revocation: 'off' })
    expect(await off.judge()).toBe('trusted')
    expect([...addresses(), ...off.addresses()]).toEqual([])
  })

  test('nobody is asked where a list that is given tells it', async () => {
    const { judge, addresses } = trustAuthority(() => send(makeList()), { crls: [rootList.der, makeList().der] })
    expect(await judge()).toBe('trusted')
    expect(addresses()).toEqual([])
  })

  test('its own key is asked about where another key of its issuer has a list that is given', async () => {
    const renewed = issueAuthority(root)
    const { judge, addresses } = trustAuthority(() => send(makeList({ revoked: [[serialNumber]] })), {
      ...{ intermediates: [renewed.der], crls: [rootList.der, issueList(renewed).der] },
    })
    expect(await judge()).toBe('400 REVOKED')
    expect(addresses()).toEqual([address])
  })

  test('a list of another key does not stand in for one that cannot be had', async () => {
    const renewed = issueAuthority(root)
    const { judge } = trustAuthority(() => send(makeList(), { status: 500 }), {
      ...{ intermediates: [renewed.der], crls: [rootList.der, issueList(renewed).der] },
    })
    expect(await judge()).toBe('503 CRL_UNAVAILABLE')
  })

  test('a list of another issuer that its point names does', async () => {
    const issuer = issueAuthority(root, { name: 'Lists', keyUsage: ['cRLSign'] })
    const end = issue(authority, {
      serialNumber,
      extensions: [
        subjectAltName(uri(publisher)),
        distributionPoints({ ...point(address), cRLIssuer: [directory(issuer.name)] }),
      ],
    })
    const judged = (parts: ListParts = {}) =>
      trustAuthority(() => respond('', { status: 500 }), {
        intermediates: [issuer.der],
        crls: [rootList, issueList(issuer, { ...parts, extensions: [issuingDistributionPoint({ indirect: true })] })].map(
          (list) => list.der,
        ),
      }).judge(end)
    expect(await judged()).toBe('trusted')
    expect(await judged({ revoked: [[serialNumber, certificateIssuer(directory(authority.name))]] })).toBe('400 REVOKED')
  })

  test('another address is asked where the first one fails', async () => {
    const both = issue(authority, {
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address, deltaAddress))],
    })
    const { judge, addresses } = trustAuthority((asked) => send(makeList(), { status: asked === address ? 500 : 200 }))
    expect(await judge(both)).toBe('trusted')
    expect(addresses()).toEqual([address, deltaAddress])
  })

  const held = { revoked: [[serialNumber, reasonCode('certificateHold')]] } as const
  const removal = issueList(authority, {
    revoked: [[serialNumber, reasonCode('removeFromCRL')]],
    extensions: [listNumber(2), deltaTo(1)],
  })

  test.each<[string, Partial<Parameters<typeof issue>[1]>, ListParts]>([
    ['certificate', { extensions: [freshestList(point(deltaAddress))] }, held],
    ['list', {}, { ...held, extensions: [freshestList(point(deltaAddress))] }],
  ])('a delta is fetched from where the %s says', async (_, parts, listParts) => {
    const certificate = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address)), ...(parts?.extensions ?? [])],
    })
    const working = trustAuthority((asked) => send(asked === address ? makeList(listParts) : removal))
    expect(await working.judge(certificate)).toBe('trusted')
    expect(working.addresses().toSorted()).toEqual([address, deltaAddress])
    const broken = trustAuthority((asked) => send(makeList(listParts), { status: asked === address ? 200 : 500 }))
    expect(await broken.judge(certificate)).toBe('400 REVOKED')
  })
})

test('a delta is fetched from where an older list of another key says', async () => {
  const renewed = issueAuthority(root)
  const older = issueList(renewed, { thisUpdate: later(-86_400), extensions: [freshestList(point(deltaAddress))] })
  const delta = issueList(renewed, { revoked: [[serialNumber]], extensions: [listNumber(2), deltaTo(1)] })
  const { judge, addresses } = trustAuthority(() => send(delta), {
    ...{ intermediates: [renewed.der], crls: [rootList, makeList(), older].map((list) => list.der) },
  })
  expect(await judge()).toBe('400 REVOKED')
  expect(addresses()).toEqual([deltaAddress])
})

describe('a list that was fetched', () => {
  test('is used for an hour, while it is current', async () => {
    const { judge, clock, addresses } = trustAuthority(() => send(makeList({ nextUpdate: later(86_400) })))
    for (const seconds of [0, 1800, 3598]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('trusted')
    }
    expect(addresses()).toHaveLength(1)
    clock.now = later(3601)
    expect(await judge()).toBe('trusted')
    expect(addresses()).toHaveLength(2)
  })

  test('is asked for again when it ends', async () => {
    const { judge, clock, addresses } = trustAuthority(() =>
      send(makeList({ nextUpdate: new Date(clock.now.getTime() + 60_000) })),
    )
    expect(await judge()).toBe('trusted')
    clock.now = later(61)
    expect(await judge()).toBe('trusted')
    expect(addresses()).toHaveLength(2)
  })

  test('is used on while it is current when its server is out, which is left alone for a while', async () => {
    let isOut = false
    const { judge, clock, addresses } = trustAuthority(() =>
      isOut ? respond('', { status: 500 }) : send(makeList({ nextUpdate: later(7200) })),
    )
    expect(await judge()).toBe('trusted')
    isOut = true
    for (const seconds of [3600, 3610, 3620]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('trusted')
    }
    expect(addresses()).toHaveLength(2)
    clock.now = later(3631)
    expect(await judge()).toBe('trusted')
    expect(addresses()).toHaveLength(3)
    clock.now = later(7201)
    expect(await judge()).toBe('503 CRL_UNAVAILABLE')
  })

  test.each<[string, (clock: () => Date) => List]>([
    ['is older, and it is not on it', () => makeList({ thisUpdate: later(-86_400), nextUpdate: later(86_400) })],
    ['has a lower number, and it is not on it', () => makeList({ nextUpdate: later(86_400), extensions: [listNumber(1)] })],
    ['is of somebody else', () => rootList],
  ])('is not followed by one that %s', async (_, second) => {
    const first = makeList({ revoked: [[serialNumber]], nextUpdate: later(7200), extensions: [listNumber(2)] })
    let list = first
    const { judge, clock, addresses } = trustAuthority(() => send(list))
    expect(await judge()).toBe('400 REVOKED')
    list = second(() => clock.now)
    for (const seconds of [3600, 3631]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('400 REVOKED')
    }
    expect(addresses()).toHaveLength(3)
  })

  test('that contradicts one of its age is kept beside it until there is a newer one', async () => {
    const lists = { good: makeList(), bad: makeList({ revoked: [[serialNumber]] }), third: makeList({ revoked: [[1]] }) }
    for (const [first, second] of [
      [lists.good, lists.bad],
      [lists.bad, lists.good],
    ]) {
      let answer: List | undefined = first
      const { judge, clock } = trustAuthority(() => (answer === undefined ? respond('', { status: 500 }) : send(answer)))
      expect(await judge()).toBe(first === lists.bad ? '400 REVOKED' : 'trusted')
      const steps: readonly (readonly [number, List | undefined])[] = [
        [3601, second],
        [3602, second],
        [3640, first],
        [7300, lists.third],
        [7301, first],
        [7340, first],
        [11_000, undefined],
      ]
      for (const [seconds, list] of steps) {
        clock.now = later(seconds)
        answer = list
        expect(await judge()).toBe('400 REVOKED')
      }
      answer = makeList({ thisUpdate: later(12_000) })
      clock.now = later(12_001)
      expect(await judge()).toBe('trusted')
    }
  })

  const unknownCritical = critical(unknownExtension())
  test.each<[string, ListParts, string]>([
    ['cannot be used', { extensions: [unknownCritical] }, '503 CRL_UNUSABLE'],
    ['cannot be used, and has it', { extensions: [unknownCritical], revoked: [[serialNumber]] }, '503 CRL_UNUSABLE'],
    ['has ended', { nextUpdate: later(3000) }, '503 CRL_STALE'],
  ])(
    'does not count any more once there is a newer one that %s, until there is one that is newer still',
    async (_, parts, expected) => {
      const first = makeList()
      let answer: List = first
      const { judge, clock, addresses } = trustAuthority(() => send(answer))
      expect(await judge()).toBe('trusted')
      const steps: readonly (readonly [number, List])[] = [
        [3601, makeList({ thisUpdate: later(100), ...parts })],
        [3602, first],
        [3640, first],
        [3680, issueList({ ...authority, keys: newEcKeys() }, { thisUpdate: later(200) })],
        [3720, first],
      ]
      for (const [seconds, list] of steps) {
        clock.now = later(seconds)
        answer = list
        expect(await judge()).toBe(expected)
      }
      expect(addresses()).toHaveLength(5)
      answer = makeList({ thisUpdate: later(3700) })
      for (const seconds of [3760, 7000]) {
        clock.now = later(seconds)
        expect(await judge()).toBe('trusted')
      }
      expect(addresses()).toHaveLength(6)
    },
  )

  test.each<[string, List]>([
    ['with a bad signature', issueList({ ...authority, keys: newEcKeys() }, { nextUpdate: later(86_400) })],
    ['of somebody else', rootList],
    ['of the future', makeList({ thisUpdate: later(86_400), nextUpdate: later(2 * 86_400) })],
  ])('is used on when the next one is %s, which is asked for again after a while', async (_, useless) => {
    let answer: List = makeList({ nextUpdate: later(7200) })
    const { judge, clock, addresses } = trustAuthority(() => send(answer))
    expect(await judge()).toBe('trusted')
    answer = useless
    for (const seconds of [3600, 3629, 3631]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('trusted')
    }
    expect(addresses()).toHaveLength(3)
    answer = makeList({ revoked: [[serialNumber]], thisUpdate: later(3640), nextUpdate: later(86_400) })
    clock.now = later(3662)
    expect(await judge()).toBe('400 REVOKED')
    clock.now = later(3800)
    expect(await judge()).toBe('400 REVOKED')
    expect(addresses()).toHaveLength(4)
  })

  test.each<[string, List, string]>([
    ['is of somebody else', rootList, '503 CRL_UNUSABLE'],
    ['has a bad signature', issueList({ ...authority, keys: newEcKeys() }), '503 CRL_UNUSABLE'],
    ['is stale', makeList({ nextUpdate: later(-1) }), '503 CRL_STALE'],
    ['does not say until when it is current', makeList({ nextUpdate: null }), '503 CRL_STALE'],
    ['cannot be used', makeList({ without: ['2.5.29.20'] }), '503 CRL_UNUSABLE'],
  ])('that %s is asked for again after a while, and not sooner', async (_, useless, expected) => {
    let answer = useless
    const { judge, clock, addresses } = trustAuthority(() => send(answer))
    for (const seconds of [0, 0, 29]) {
      clock.now = later(seconds)
      expect(await judge()).toBe(expected)
    }
    expect(addresses()).toHaveLength(1)
    answer = makeList({ thisUpdate: later(1) })
    clock.now = later(31)
    expect(await judge()).toBe('trusted')
    clock.now = later(3600)
    expect(await judge()).toBe('trusted')
    expect(addresses()).toHaveLength(2)
  })

  test('that is the same again is used for another hour', async () => {
    const list = makeList({ nextUpdate: later(86_400) })
    const { judge, clock, addresses } = trustAuthority(() => send(list))
    for (const seconds of [0, 3600, 7100]) {
      clock.now = later(seconds)
      expect(await judge()).toBe('trusted')
    }
    expect(addresses()).toHaveLength(2)
  })

  test('as a delta that is not newer than its list is not asked for again for an hour', async () => {
    const delta = issueList(authority, { extensions: [listNumber(1), deltaTo(1)] })
    const { judge, clock, addresses } = trustAuthority((asked) => send(asked === address ? makeList() : delta))
    const certificate = issue(authority, {
      serialNumber,
      extensions: [subjectAltName(uri(publisher)), distributionPoints(point(address)), freshestList(point(deltaAddress))],
    })
    for (const seconds of [0, 60, 120]) {
      clock.now = later(seconds)
      expect(await judge(certificate)).toBe('trusted')
    }
    expect(addresses()).toHaveLength(2)
  })

  test('that could not be had is asked for again after a while', async () => {
    let isOut = true
    const { judge, clock, addresses } = trustAuthority(() => (isOut ? respond('', { status: 500 }) : send(makeList())))
    expect(await judge()).toBe('503 CRL_UNAVAILABLE')
    isOut = false
    clock.now = later(29)
    expect(await judge()).toBe('503 CRL_UNAVAILABLE')
    expect(addresses()).toHaveLength(1)
    clock.now = later(31)
    expect(await judge()).toBe('trusted')
  })

  test('is asked for once by many statements at once', async () => {
    const { judge, addresses } = trustAuthority(() => send(makeList()))
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => judge())))).toEqual(new Set(['trusted']))
    expect(addresses()).toHaveLength(1)
  })

  test('counts when the clock is set back', async () => {
    const { judge, clock, addresses } = trustAuthority(() => send(makeList()))
    expect(await judge()).toBe('trusted')
    clock.now = later(-30)
    expect(await judge()).toBe('trusted')
    expect(addresses()).toHaveLength(2)
  })

  test('makes a known path invalid as soon as that is looked at again', async () => {
    let revoked: ListParts = {}
    const { judge, clock } = trustAuthority(() => send(makeList({ ...revoked, nextUpdate: later(86_400) })), {
      maxAge: '2 hours',
    })
    expect(await judge()).toBe('trusted')
    revoked = { revoked: [[serialNumber]] }
    clock.now = later(7200)
    expect(await judge()).toBe('trusted')
    clock.now = later(7201)
    expect(await judge()).toBe('400 REVOKED')
  })
})
