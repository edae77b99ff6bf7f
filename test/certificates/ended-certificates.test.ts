import { CertificatePathError, type CertificateTrustOptions, trustCertificates } from '@software-statement/certificates'
import { parseStatement, StatementError } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { publisher, signWithChain } from '../support/certificates/chain-statement.js'
import { critical, directory, subjectAltName, unknownExtension, uri } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot } from '../support/certificates/issue.js'
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
import { respond, serve } from '../support/key-server.js'

/** The certificates were accepted forty days ago, and have ended ten days ago. */
const days = (count: number) => new Date(at.getTime() + count * 86_400_000)
const accepted = days(-40)
const ended = days(-10)

const root = issueRoot()
const authority = issueAuthority(root)
const serialNumber = 4711
const address = 'https://crl.publisher.example/authority.crl'
const listed = distributionPoints({ name: { full: [uri(address)] } })
const leaf = issue(authority, { serialNumber, notAfter: ended, extensions: [subjectAltName(uri(publisher)), listed] })
const rootList = issueList(root)

type List = Pick<Issued, 'der'>

const complete = (revoked: readonly Entry[] = [], parts: ListParts = {}, issuer = authority) =>
  issueList(issuer, { revoked, ...parts, extensions: [listNumber(5), ...(parts.extensions ?? [])] })
const delta = (revoked: readonly Entry[] = [], parts: ListParts = {}) =>
  issueList(authority, { revoked, ...parts, extensions: [listNumber(8), deltaTo(5), ...(parts.extensions ?? [])] })

const revoked: Entry = [serialNumber, reasonCode('keyCompromise')]
const held: Entry = [serialNumber, reasonCode('certificateHold')]
const removed: Entry = [serialNumber, reasonCode('removeFromCRL')]
const stale = { thisUpdate: days(-20), nextUpdate: days(-12) }
const unknown = { extensions: [critical(unknownExtension())] }

type Query = Parameters<ReturnType<typeof trustCertificates>>[1]

/** What becomes of a chain: `trusted`, or the code of its fault without `ERR_CERTIFICATE_`. */
async function outcome(trust: ReturnType<typeof trustCertificates>, chain: readonly Issued[], query: Query): Promise<string> {
  try {
    const answer = await trust(parseStatement(signWithChain(chain)), query)
    return answer === undefined ? 'unknown' : 'trusted'
  } catch (error) {
    if (!(error instanceof StatementError) || !(error.cause instanceof CertificatePathError)) throw error
    return error.cause.code.replace('ERR_CERTIFICATE_', '')
  }
}

const trustIn = (more: Partial<CertificateTrustOptions>) =>
  trustCertificates({ anchors: [root.der], issuerFrom: 'san-uri', ...more })

const withLists = (lists: readonly List[], end = leaf, intermediates: readonly Issued[] = []) =>
  outcome(
    trustIn({ crls: [rootList, ...lists].map((list) => list.der), intermediates: intermediates.map((one) => one.der) }),
    [end, authority],
    { currentDate: at, acceptedAt: accepted },
  )

describe('a certificate that has ended since it was accepted is refused where a list names it, and only there', () => {
  test.each<[string, readonly List[], string]>([
    ['there is no list', [], 'trusted'],
    ['it is on none', [complete(), delta()], 'trusted'],
    ['it is on the list', [complete([revoked])], 'REVOKED'],
    ['it is on hold', [complete([held])], 'REVOKED'],
    ['it is on a list that is stale', [complete([revoked], stale)], 'REVOKED'],
    ['it is on a list that does not tell until when it is current', [complete([revoked], { nextUpdate: null })], 'REVOKED'],
    ['it is on a list that ended before it began', [complete([revoked], { nextUpdate: days(-2) })], 'REVOKED'],
    ['it is on an older list', [complete([revoked], stale), complete()], 'trusted'],
    ['it is on an older list than one that cannot be relied on', [complete([revoked], stale), complete([], unknown)], 'REVOKED'],
    ['it is on a list that cannot be relied on', [complete([revoked], unknown)], 'trusted'],
    ['it is on the delta', [complete(), delta([revoked])], 'REVOKED'],
    ['it is on a delta that is stale', [complete(), delta([revoked], stale)], 'REVOKED'],
    ['it is on a delta that cannot be relied on', [complete(), delta([revoked], unknown)], 'trusted'],
    ['it was revoked, and taken from the list when it ended', [complete([revoked]), delta([removed])], 'REVOKED'],
    ['it was revoked, and is not on the next complete list any more', [complete()], 'trusted'],
    ['it was on hold, and is not any more', [complete([held]), delta([removed])], 'trusted'],
    ['it was on hold, and a delta that is stale takes it from the list', [complete([held]), delta([removed], stale)], 'REVOKED'],
    ['it was on hold, and is revoked', [complete([held]), delta([revoked])], 'REVOKED'],
    ['of two deltas of one number one takes it from the list', [complete([held]), delta([removed]), delta()], 'REVOKED'],
  ])('%s', async (_, lists, expected) => {
    expect(await withLists(lists)).toBe(expected)
    expect(await withLists(lists.toReversed())).toBe(expected)
  })

  const lists = { name: 'Lists', keyUsage: ['cRLSign'] } as const
  const indirect = [issuingDistributionPoint({ indirect: true })]
  const entry: Entry = [...revoked, certificateIssuer(directory(authority.name))]
  test.each<[string, Issued, ListParts, string]>([
    ['is valid', issueAuthority(root, lists), {}, 'REVOKED'],
    ['was valid when it issued the list, and has ended', issueAuthority(root, { ...lists, notAfter: ended }), stale, 'REVOKED'],
    ['had ended when it issued the list', issueAuthority(root, { ...lists, notAfter: ended }), {}, 'trusted'],
  ])('it is on the list of an issuer that %s', async (_, issuer, parts, expected) => {
    const point = distributionPoints({ cRLIssuer: [directory(issuer.name)] })
    const named = issue(authority, { serialNumber, notAfter: ended, extensions: [subjectAltName(uri(publisher)), point] })
    const list = complete([entry], { ...parts, extensions: indirect }, issuer)
    expect(await withLists([list], named, [issuer])).toBe(expected)
  })
})

test('a list that is stale is not kept for other certificates because one has ended', async () => {
  const current = (number: number) =>
    issue(authority, { serialNumber: number, extensions: [subjectAltName(uri(publisher)), listed] })
  const nameless = { without: ['2.5.29.35'] } as const
  const newer = complete([[1]], { ...nameless, thisUpdate: days(-1), nextUpdate: days(-0.5) })
  const older = complete([[2]], { ...nameless, thisUpdate: days(-2), nextUpdate: days(10) })
  let list = newer
  const { fetch } = serve(() => respond(list.der, { headers: { 'content-type': 'application/pkix-crl' } }))
  const clock = { now: at }
  const trust = trustIn({ crls: [rootList.der], distributionPoints: [address], fetch, now: () => clock.now })
  expect(await outcome(trust, [leaf, authority], { currentDate: at, acceptedAt: accepted })).toBe('trusted')
  list = older
  clock.now = new Date(at.getTime() + 31_000)
  for (const number of [2, 1]) {
    expect(await outcome(trust, [current(number), authority], { currentDate: clock.now })).toBe('CRL_STALE')
  }
})
