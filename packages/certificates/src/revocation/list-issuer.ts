import type { Certificate } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import type { PathSources } from '../path/build-path.js'
import type { CertificateList } from './certificate-list.js'

/** The certificate whose status is asked for, and those above it in its path, which have been validated. */
export interface Target {
  readonly certificate: Certificate
  readonly issuers: readonly Certificate[]
  readonly anchor: Certificate
}

/** A certificate whose key has signed a list, and how it stands to the certificate that the list is asked about. */
export interface ListIssuer {
  readonly certificate: Certificate
  /** `above` it in its path, the certificate `itself`, or one `beside` its path, which has to have a path of its own. */
  readonly place: 'above' | 'itself' | 'beside'
}

/**
 * The certificates whose keys verify a list and which may sign lists (RFC 5280 6.3.3 (f), (g)), those of the path first.
 *
 * Rejects with the `CertificatePathError` of the last one that was looked at if there is none.
 */
export async function findListIssuers(
  list: CertificateList,
  { certificate, issuers, anchor }: Target,
  { store, verifier, budget }: PathSources,
): Promise<readonly ListIssuer[]> {
  const path = [...issuers, anchor]
  const known = [certificate, ...path].filter(({ subject }) => subject.comparable === list.issuer.comparable)
  const others = store.issuersOf(list).map((candidate) => candidate.certificate)
  const place = (candidate: Certificate): ListIssuer['place'] => {
    if (equalBytes(candidate.der, certificate.der)) return 'itself'
    return path.some(({ der }) => equalBytes(der, candidate.der)) ? 'above' : 'beside'
  }
  const candidates = [...known, ...others.filter((other) => !known.some(({ der }) => equalBytes(der, other.der)))]
  const order = ['above', 'beside', 'itself']
  const sorted = candidates
    .map((candidate) => ({ certificate: candidate, place: place(candidate) }))
    .sort((a, b) => order.indexOf(a.place) - order.indexOf(b.place))

  const found: ListIssuer[] = []
  let fault: unknown = new CertificatePathError('ERR_CERTIFICATE_ISSUER_NOT_FOUND', 'no certificate of its issuer is given', {
    certificate: list.reference,
    clause: '6.3.3 (f)',
  })
  for (const candidate of sorted) {
    budget.spend('candidates', 1)
    try {
      await verifier.verify(list, candidate.certificate)
      requireListSigning(candidate.certificate)
      found.push(candidate)
    } catch (error) {
      if (!(error instanceof CertificatePathError) || error.code === 'ERR_CERTIFICATE_LIMIT') throw error
      fault = error
    }
  }
  if (found.length === 0) throw fault
  return found
}

/** A key without usages is for all (RFC 5280 6.3.3 (f)). */
function requireListSigning({ extensions, reference }: Certificate): void {
  if (extensions.keyUsage?.value.has('cRLSign') !== false) return
  throw new CertificatePathError('ERR_CERTIFICATE_KEY_USAGE', 'its key is not for signing lists of revoked certificates', {
    certificate: reference,
    clause: '6.3.3 (f)',
  })
}
