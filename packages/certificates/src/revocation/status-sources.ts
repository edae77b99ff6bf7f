import type { CertificateList } from './certificate-list.js'
import type { RevocationMemory } from './revocation-memory.js'

/** What a search goes by beside the lists that are looked up one by one. */
export interface StatusSources {
  /** All lists and deltas there are by now of those who may publish some about the certificate. */
  readonly known: () => readonly CertificateList[]
  /** Whether a list or delta is about the certificate, for some reason. */
  readonly covers: (list: CertificateList) => boolean
  /** What is known of revoked certificates from other validations. */
  readonly memory: RevocationMemory | undefined
}
