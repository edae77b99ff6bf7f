import type { Certificate } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import type { Extensions } from '../extensions/extensions.js'
import type { DistinguishedName } from '../names/distinguished-name.js'
import { once } from './once.js'

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
  readonly #bySubject: ReadonlyMap<string, readonly Stored[]>
  /** Subjects from which issuers lead to an anchor, as far as names tell. */
  readonly #anchored: ReadonlySet<string>

  /** The time, in seconds since 1970, is that at which certificates should be valid. */
  constructor(anchors: readonly Certificate[], intermediates: readonly Certificate[], at: number) {
    const bySubject = new Map<string, Stored[]>()
    const all = [
      anchors.map((certificate) => ({ certificate, isAnchor: true })),
      intermediates.map((certificate) => ({ certificate, isAnchor: false })),
    ]
    for (const stored of all.flat()) {
      const { comparable } = stored.certificate.subject
      const others = bySubject.get(comparable)
      if (others === undefined) bySubject.set(comparable, [stored])
      else others.push(stored)
    }
    this.#anchored = findAnchored(anchors, intermediates)
    this.#bySubject = new Map([...bySubject].map(([subject, stored]) => [subject, withoutDoubles(stored.sort(byLikelihood(at)))]))
  }

  /** Whether names lead from a candidate to an anchor. */
  leadsToAnchor({ certificate, isAnchor }: Candidate): boolean {
    return isAnchor || this.#anchored.has(certificate.issuer.comparable)
  }

  /**
   * Certificates whose subject is the issuer of what is given (RFC 5280 6.1 (a)), the most likely first: where key identifiers agree,
   * anchors, those valid at the time, the newest. The order does not depend on that in which they were given.
   */
  readonly issuersOf = once(({ issuer, extensions }: IssuedObject): readonly Candidate[] => {
    const wanted = extensions.authorityKeyIdentifier?.value.keyIdentifier
    const found = this.#bySubject.get(issuer.comparable) ?? []
    const candidates = found.map((stored) => ({ ...stored, keyIdentifier: compareKeyIdentifiers(wanted, stored.certificate) }))
    return (['same', 'unknown', 'other'] as const).flatMap((kind) =>
      candidates.filter(({ keyIdentifier }) => keyIdentifier === kind),
    )
  })
}

/** Names from the anchors down: what is not among them needs no signature check to be told that it leads nowhere. */
function findAnchored(anchors: readonly Certificate[], intermediates: readonly Certificate[]): ReadonlySet<string> {
  const byIssuer = new Map<string, string[]>()
  for (const { issuer, subject } of intermediates) {
    const subjects = byIssuer.get(issuer.comparable)
    if (subjects === undefined) byIssuer.set(issuer.comparable, [subject.comparable])
    else subjects.push(subject.comparable)
  }
  const anchored = new Set(anchors.map(({ subject }) => subject.comparable))
  // A set that grows while it is walked is walked to its end.
  for (const name of anchored) for (const subject of byIssuer.get(name) ?? []) anchored.add(subject)
  return anchored
}

function compareKeyIdentifiers(wanted: Uint8Array | undefined, { extensions }: Certificate): Candidate['keyIdentifier'] {
  const found = extensions.subjectKeyIdentifier?.value
  if (wanted === undefined || found === undefined) return 'unknown'
  return equalBytes(wanted, found) ? 'same' : 'other'
}

/** Anchors first, then what is valid at the time, then what is newest; what is left is in the order of the bytes. */
const byLikelihood = (at: number) => (a: Stored, b: Stored) => {
  const isValid = ({ certificate: { notBefore, notAfter } }: Stored) => notBefore <= at && at <= notAfter
  return (
    Number(b.isAnchor) - Number(a.isAnchor) ||
    Number(isValid(b)) - Number(isValid(a)) ||
    b.certificate.notBefore - a.certificate.notBefore ||
    compareBytes(a.certificate.der, b.certificate.der)
  )
}

/** What was given twice is kept once: as anchor if it is one, because those come first. */
function withoutDoubles(sorted: readonly Stored[]): readonly Stored[] {
  const anchors = sorted.filter(({ isAnchor }) => isAnchor)
  const isDouble = (stored: Stored, index: number) => {
    const before = sorted[index - 1]
    const sameKind = before !== undefined && equalBytes(before.certificate.der, stored.certificate.der)
    return (
      sameKind || (!stored.isAnchor && anchors.some(({ certificate }) => equalBytes(certificate.der, stored.certificate.der)))
    )
  }
  return sorted.filter((stored, index) => !isDouble(stored, index))
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, place) => byte !== b[place])
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0)
}
