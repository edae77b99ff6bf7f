import type { Certificate } from '../certificate/certificate.js'
import type { CertificateList } from './certificate-list.js'
import type { RevokedCertificate } from './revoked-certificates.js'

const isRemoval = ({ reason }: RevokedCertificate) => reason === 'removeFromCRL'

/**
 * The entry that revokes a certificate in a complete list with its deltas (RFC 5280 6.3.3 (i) to (l)), all of which tell its status. The
 * entries of a delta count before those of the list; of deltas that contradict each other the one that revokes.
 */
export function findRevocation(
  list: CertificateList,
  deltas: readonly CertificateList[],
  certificate: Certificate,
): RevokedCertificate | undefined {
  const onList = list.revoked.find(certificate)
  const changes = deltas.map((delta) => delta.revoked.find(certificate)).map((found) => (found.length > 0 ? found : onList))
  return (deltas.length === 0 ? onList : changes.flat()).find((entry) => !isRemoval(entry))
}

/**
 * The entry that revokes a certificate that has ended. No list need tell its status any more (RFC 5280 3.3), so what the last one told
 * counts against it, however old that is: only a hold is over where all deltas that are current take it from the list, since they take
 * from it what has ended as well (5.2.4).
 */
export function findLastRevocation(
  list: CertificateList,
  deltas: { readonly all: readonly CertificateList[]; readonly current: readonly CertificateList[] },
  certificate: Certificate,
): RevokedCertificate | undefined {
  const added = deltas.all.flatMap((delta) => delta.revoked.find(certificate)).find((entry) => !isRemoval(entry))
  const isReleased = deltas.current.length > 0 && deltas.current.every((delta) => delta.revoked.find(certificate).some(isRemoval))
  const isHold = ({ reason }: RevokedCertificate) => reason === 'certificateHold'
  return added ?? list.revoked.find(certificate).find((entry) => !isRemoval(entry) && !(isReleased && isHold(entry)))
}
