import { LRUCache } from 'lru-cache'
import type { Certificate } from '../certificate/certificate.js'
import type { ReasonMask } from '../extensions/reason-flags.js'

/** Certificates that are remembered, each with its issuer's name; those of which nothing was heard for longest are forgotten first. */
const mostCertificates = 20_000

/** The newest list that had a certificate as revoked. */
export interface RememberedRevocation {
  /** When it was issued, in seconds since 1970. */
  readonly thisUpdate: number
  /** What it was about. */
  readonly reasons: ReasonMask
}

/**
 * Remembers which certificates were revoked, and since which list. Whatever becomes of that list, its key and its deltas, nothing older makes
 * such a certificate good again.
 */
export class RevocationMemory {
  readonly #revocations = new LRUCache<string, RememberedRevocation>({ max: mostCertificates })

  find(certificate: Certificate): RememberedRevocation | undefined {
    return this.#revocations.get(nameOf(certificate))
  }

  remember(certificate: Certificate, found: RememberedRevocation): void {
    const known = this.find(certificate) ?? found
    const thisUpdate = Math.max(found.thisUpdate, known.thisUpdate)
    this.#revocations.set(nameOf(certificate), { thisUpdate, reasons: found.reasons | known.reasons })
  }
}

const nameOf = ({ issuer, serialNumber }: Certificate) => `${serialNumber.join('.')} ${issuer.comparable}`
