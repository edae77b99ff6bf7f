import { LRUCache } from 'lru-cache'
import type { Certificate } from '../certificate/certificate.js'
import type { ReasonMask } from '../extensions/reason-flags.js'

/** Certificates that are remembered, each with its issuer's key; those of which nothing was heard for longest are forgotten first. */
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

  #changes = 0

  /** How often something was remembered that was not known: what was found good before that may not be any more. */
  get changes(): number {
    return this.#changes
  }

  /** What is known of a certificate, told from others by the one that has signed it: two issuers may have one name. */
  find(certificate: Certificate, signer: Certificate): RememberedRevocation | undefined {
    return this.#revocations.get(nameOf(certificate, signer))
  }

  remember(certificate: Certificate, signer: Certificate, found: RememberedRevocation): void {
    const known = this.find(certificate, signer)
    const thisUpdate = Math.max(found.thisUpdate, known?.thisUpdate ?? found.thisUpdate)
    const reasons = found.reasons | (known?.reasons ?? found.reasons)
    if (known?.thisUpdate !== thisUpdate || known.reasons !== reasons) this.#changes++
    this.#revocations.set(nameOf(certificate, signer), { thisUpdate, reasons })
  }
}

const nameOf = ({ serialNumber }: Certificate, { publicKey }: Certificate) => `${serialNumber.join('.')} ${publicKey.comparable}`
