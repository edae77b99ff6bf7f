import type { Certificate } from '../certificate/certificate.js'
import { equalBytes } from '../der/equal-bytes.js'
import type { DistinguishedName } from '../names/distinguished-name.js'
import type { SignatureVerifier } from '../signature/signature-verifier.js'
import { Attempts } from './attempts.js'
import type { Budget } from './budget.js'
import type { Candidate, CertificateStore } from './certificate-store.js'

/** What paths are built of, and with. */
export interface PathSources {
  readonly store: CertificateStore
  readonly verifier: SignatureVerifier
  readonly budget: Budget
}

/** A path that was accepted: the issuers of the leaf up to the anchor, and what the judge made of it. */
export interface BuiltPath<Verdict> {
  readonly issuers: readonly Candidate[]
  readonly verdict: Verdict
}

/** The certificates of a path below its anchor, the leaf first. */
export type CertificatesBelow = readonly [leaf: Certificate, ...issuers: Certificate[]]

/**
 * Judges a path, given as its certificates from the leaf to the one below the anchor, and the anchor; rejects with a `CertificatePathError`
 * if it is not a good one.
 */
export type JudgePath<Verdict> = (path: CertificatesBelow, anchor: Certificate) => Promise<Verdict>

/**
 * Builds paths from a certificate to the anchors, depth first, until the judge accepts one (RFC 4158): issuers are found by name and left
 * out where no names lead from them to an anchor, signatures are verified at once, and a name with a key stands in a path once, so that
 * loops end. Whatever is wrong with one path, the next one is tried.
 *
 * Rejects with the `CertificatePathError` of the path that came furthest, or with `ERR_CERTIFICATE_LIMIT`.
 */
export async function buildPath<Verdict>(
  leaf: Certificate,
  sources: PathSources,
  judge: JudgePath<Verdict>,
): Promise<BuiltPath<Verdict>> {
  const attempts = new Attempts()
  const extend = async (path: CertificatesBelow, issuers: readonly Candidate[]): Promise<BuiltPath<Verdict> | undefined> => {
    const last = path.at(-1) ?? leaf
    const isInPath = findInPath(path, last.issuer)
    for (const candidate of sources.store.issuersOf(last)) {
      if (isInPath(candidate.certificate)) {
        sources.budget.spend('loops', 1)
        continue
      }
      sources.budget.spend('candidates', 1)
      const longer: CertificatesBelow = [...path, candidate.certificate]
      if (!sources.store.leadsToAnchor(candidate)) {
        attempts.end(longer)
        continue
      }
      const chosen = [...issuers, candidate]
      const isSigned = await attempts.survive(longer, 'signature', () => sources.verifier.verify(last, candidate.certificate))
      if (isSigned === undefined) continue
      if (!candidate.isAnchor) {
        const found = await extend(longer, chosen)
        if (found !== undefined) return found
        continue
      }
      const judged = await attempts.survive(longer, 'judgement', () => judge(path, candidate.certificate))
      if (judged !== undefined) return { issuers: chosen, verdict: judged.value }
    }
    attempts.end(path)
    return undefined
  }
  const found = await extend([leaf], [])
  if (found === undefined) throw attempts.error
  return found
}

/** Tells whether a path has an issuer of a name with that key already (RFC 4158 2.4.2), or the leaf is that very certificate. */
function findInPath([leaf, ...issuers]: CertificatesBelow, name: DistinguishedName): (candidate: Certificate) => boolean {
  const namesakes = issuers.filter(({ subject }) => subject.comparable === name.comparable)
  const keys = new Set(namesakes.map(({ publicKey }) => publicKey.comparable))
  return ({ publicKey, der }) => keys.has(publicKey.comparable) || equalBytes(leaf.der, der)
}
