import type { CertificateTrustOptions } from '@software-statement/certificates'
import { publisher } from './chain-statement.js'
import { subjectAltName, uri } from './extensions.js'
import { type Issued, issue, issueAuthority, issueRoot } from './issue.js'
import { distributionPoints, issueList, type ListParts } from './issue-list.js'
import { type ListAnswer, trustServer } from './list-server.js'

/** Where the authority has its list, and the delta to it. */
export const address = 'https://crl.publisher.example/authority.crl'
export const deltaAddress = 'https://crl.publisher.example/delta.crl'
export const point = (...addresses: readonly string[]) => ({ name: { full: addresses.map(uri) } })

export const root = issueRoot()
export const authority = issueAuthority(root)
export const serialNumber = 4711
export const leaf = issue(authority, {
  serialNumber,
  extensions: [subjectAltName(uri(publisher)), distributionPoints(point('https://elsewhere.example/', address))],
})
export const rootList = issueList(root)
export const makeList = (parts: ListParts = {}) => issueList(authority, parts)

/** Trust in the root that fetches the lists of a server, and judges certificates of the authority. */
export function trustAuthority(answer: (address: string) => ListAnswer, more: Partial<CertificateTrustOptions> = {}) {
  const { judge, ...others } = trustServer(answer, {
    ...{ anchors: [root.der], crls: [rootList.der], distributionPoints: [address, deltaAddress] },
    ...more,
  })
  return { judge: (certificate: Issued = leaf) => judge([certificate, authority]), ...others }
}
