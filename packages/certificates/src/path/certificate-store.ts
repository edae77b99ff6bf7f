import type { Certificate } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import type { Extensions } from '../extensions/extensions.js'
import type { DistinguishedName } from '../names/distinguished-name.js'

/** A certificate that may be the issuer of another one, and how it was found. */
export interface Candidate {
  readonly certificate: Certificate
  readonly isAnchor: boolean
  /** Whether the key identifiers of both agree: a hint only, any text may stand there (RFC 5280 4.2.1.1). */
  readonly keyIdentifier: 'same' | 'unknown' | 'other'
}

type Stored = Omit<Candidate, 'keyIdentifier'>

/** What an issuer has signed: a certificate, or a list of revoked ones. */
export interface IssuedObject {
  readonly issuer: DistinguishedName
  readonly extensions: Pick<Extensions, 'authorityKeyIdentifier'>
}

/** The certificates of which paths are built, by their subjects. */
export class CertificateStore {
  readonly #at: number
  readonly #bySubject = new Map<string, Stored[]>()
  readonly #issuers = new Map<IssuedObject, readonly Candidate[]>()

  /** The time, in seconds since 1970, is that at which certificates should be valid. */
  constructor(anchors: readonly Certificate[], intermediates: readonly Certificate[], at: number) {
    this.#at = at
    for (const certificate of anchors) this.#add({ certificate, isAnchor: true })
    for (const certificate of intermediates) this.#add({ certificate, isAnchor: false })
  }

  /**
   * Certificates whose subject is the issuer of what is given (RFC 5280 6.1 (a)), the most likely first: where key identifiers agree,
   * anchors, those valid at the time, the newest. The order does not depend on that in which they were given.
   */
  issuersOf(issued: IssuedObject): readonly Candidate[] {
    const known = this.#issuers.get(issued)
    if (known !== undefined) return known
    const wanted = issued.extensions.authorityKeyIdentifier?.value.keyIdentifier
    const found = this.#bySubject.get(issued.issuer.comparable) ?? []
    const candidates = found.map((stored) => ({ ...stored, keyIdentifier: compareKeyIdentifiers(wanted, stored.certificate) }))
    const ranked = candidates.map((candidate) => ({ candidate, rank: this.#rank(candidate) }))
    const sorted = ranked.sort((a, b) => compareRanked(a, b)).map(({ candidate }) => candidate)
    this.#issuers.set(issued, sorted)
    return sorted
  }

  /** Numbers to sort by, the smaller the better. */
  #rank({ keyIdentifier, isAnchor, certificate: { notBefore, notAfter } }: Candidate): readonly number[] {
    const isValid = notBefore <= this.#at && this.#at <= notAfter
    return [['same', 'unknown', 'other'].indexOf(keyIdentifier), isAnchor ? 0 : 1, isValid ? 0 : 1, -notBefore]
  }

  /** What was given twice is kept once, as anchor if it is one. */
  #add(stored: Stored): void {
    const { subject, der } = stored.certificate
    const others = this.#bySubject.get(subject.comparable) ?? []
    if (others.some(({ certificate }) => equalBytes(certificate.der, der))) return
    others.push(stored)
    this.#bySubject.set(subject.comparable, others)
  }
}

function compareKeyIdentifiers(wanted: Uint8Array | undefined, { extensions }: Certificate): Candidate['keyIdentifier'] {
  const found = extensions.subjectKeyIdentifier?.value
  if (wanted === undefined || found === undefined) return 'unknown'
  return equalBytes(wanted, found) ? 'same' : 'other'
}

interface Ranked {
  readonly candidate: Candidate
  readonly rank: readonly number[]
}

function compareRanked(a: Ranked, b: Ranked): number {
  const difference = a.rank.map((value, place) => value - (b.rank[place] ?? 0)).find((value) => value !== 0)
  return difference ?? compareBytes(a.candidate.certificate.der, b.candidate.certificate.der)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, place) => byte !== b[place])
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0)
}
