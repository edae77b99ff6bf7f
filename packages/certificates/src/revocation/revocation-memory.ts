import { LRUCache } from 'lru-cache'
import type { Certificate } from '../certificate/certificate.js'

/** Certificates that are remembered, each with its issuer's name. */
const mostCertificates = 5000

/**
 * Remembers which certificates were revoked, and since which list. Whatever becomes of that list, its key and its deltas, nothing older makes
 * such a certificate good again.
 */
export class RevocationMemory {
  readonly #times = new LRUCache<string, number>({ max: mostCertificates })

  /** When the newest list was issued that had a certificate as revoked, in seconds since 1970. */
  find(certificate: Certificate): number | undefined {
    return this.#times.get(nameOf(certificate))
  }

  remember(certificate: Certificate, thisUpdate: number): void {
    this.#times.set(nameOf(certificate), Math.max(thisUpdate, this.find(certificate) ?? thisUpdate))
  }
}

const nameOf = ({ issuer, serialNumber }: Certificate) => `${serialNumber.join('.')} ${issuer.comparable}`
