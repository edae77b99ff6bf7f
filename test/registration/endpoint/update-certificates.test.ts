import { type CertificateTrustOptions, trustCertificates } from '@software-statement/certificates'
import { memoryClientStore } from '@software-statement/registration'
import { expect, test } from 'vitest'
import { publisher, seconds, signWithChain } from '../../support/certificates/chain-statement.js'
import { subjectAltName, uri } from '../../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot } from '../../support/certificates/issue.js'
import { issueList, type ListParts } from '../../support/certificates/issue-list.js'
import { makeEndpoint } from '../../support/endpoint.js'

const day = 86_400
const after = (days: number) => new Date(at.getTime() + days * day * 1000)

const root = issueRoot({ notAfter: after(200) })
const renewed = issueRoot({ keys: root.keys, notBefore: after(10) })
const brief = issueRoot({ keys: root.keys, notBefore: after(10), notAfter: after(15) })
const authority = issueAuthority(root, { notAfter: after(60) })
const serialNumber = 4711
const leaf = issue(authority, { serialNumber, notAfter: after(30), extensions: [subjectAltName(uri(publisher))] })

/** The list of an authority that was issued a number of days later, and is current for a week. */
const listAfter = (days: number, issuer: Issued, parts: ListParts = {}) =>
  issueList(issuer, { thisUpdate: after(days - 1), nextUpdate: after(days + 6), ...parts }).der

/** Trust with such lists. */
const trustAfter = (days: number, parts: ListParts = {}, more: Partial<CertificateTrustOptions> = {}) => {
  const crls = [listAfter(days, root), listAfter(days, authority, parts)]
  return trustCertificates({ anchors: [root.der], crls, issuerFrom: 'san-uri', ...more })
}

/** What becomes of an update, days after a client was registered by a statement of five minutes. */
async function update(days: number, trust: ReturnType<typeof trustAfter>, changes = {}) {
  const store = memoryClientStore()
  const first = makeEndpoint({ trust: trustAfter(0), store, mode: 'statement' })
  first.clock.at = seconds
  const told = await first.register({ software_statement: signWithChain([leaf, authority]) })
  const later = makeEndpoint({ trust, store, mode: 'statement' })
  later.clock.at = seconds + days * day
  const { status } = await later.send('PUT', told.registration_client_uri, {
    json: { client_id: told.client_id, ...changes },
    token: told.registration_access_token,
  })
  return `${status} ${later.lastCode()}`
}

test.each<[string, number, ReturnType<typeof trustAfter>, string]>([
  ['lists of later', 2, trustAfter(2), '200 done'],
  ['lists of later, and the certificate has ended', 40, trustAfter(40), '200 done'],
  ['a list of later with the certificate', 2, trustAfter(2, { revoked: [[serialNumber]] }), '400 ERR_X5C_REVOKED'],
  ['the lists of then', 10, trustAfter(0), '503 ERR_X5C_CRL_STALE'],
  ['lists of later, and the anchor renewed', 20, trustAfter(20, {}, { anchors: [renewed.der] }), '200 done'],
  [
    'lists of later, the anchor renewed, and the certificate has ended',
    40,
    trustAfter(40, {}, { anchors: [renewed.der] }),
    '200 done',
  ],
  [
    'lists of later, and an anchor that has come and gone',
    20,
    trustAfter(20, {}, { anchors: [brief.der] }),
    '400 ERR_X5C_NOT_TRUSTED',
  ],
  [
    'lists of later, and an anchor that is still to come',
    5,
    trustAfter(5, {}, { anchors: [renewed.der] }),
    '400 ERR_X5C_NOT_TRUSTED',
  ],
  [
    'lists of later with the certificate, which has ended',
    40,
    trustAfter(40, { revoked: [[serialNumber]] }),
    '400 ERR_X5C_REVOKED',
  ],
  ['lists that are stale, and the certificate has ended', 40, trustAfter(40, { nextUpdate: after(39) }), '200 done'],
  [
    'lists that are stale with the certificate, which has ended',
    40,
    trustAfter(40, { revoked: [[serialNumber]], nextUpdate: after(39) }),
    '400 ERR_X5C_REVOKED',
  ],
  ['no list of the authority, and it has ended', 90, trustAfter(90, {}, { crls: [listAfter(90, root)] }), '200 done'],
  [
    'no list of the authority, and the certificate has not ended',
    20,
    trustAfter(20, {}, { crls: [listAfter(20, root)] }),
    '400 ERR_X5C_CRL_MISSING',
  ],
  ['lists of later, and another anchor', 2, trustAfter(2, {}, { anchors: [issueRoot().der] }), '400 ERR_X5C_NOT_TRUSTED'],
])('an update of a client with a statement whose time is over is decided on with %s', async (_, days, trust, expected) => {
  expect(await update(days, trust)).toBe(expected)
})

test('another statement with the certificates has to be of now', async () => {
  const software_statement = signWithChain([leaf, authority], { claims: { jti: 'udap-2' } })
  expect(await update(2, trustAfter(2), { software_statement })).toBe('400 ERR_EXPIRED')
})

test('a chain that was valid when a statement was accepted does not count for one of now', async () => {
  const trust = trustAfter(40)
  expect(await update(40, trust)).toBe('200 done')
  const fresh = signWithChain([leaf, authority], { claims: { iat: seconds + 40 * day, exp: seconds + 40 * day + 60 } })
  expect(await update(40, trust, { software_statement: fresh })).toBe('400 ERR_X5C_NOT_TRUSTED')
})
