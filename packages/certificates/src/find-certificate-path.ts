import type { Certificate } from './certificate/certificate.js'
import { type CertificatePath, describePath } from './certificate-path.js'
import type { Revocation } from './options.js'
import { Budget } from './path/budget.js'
import { buildPath } from './path/build-path.js'
import { CertificateChecks } from './path/certificate-checks.js'
import { CertificateStore } from './path/certificate-store.js'
import type { PathSettings } from './path/path-settings.js'
import { validatePath } from './path/validate-path.js'
import { checkAnchorSignature } from './profile/anchor-signature.js'
import type { ListSource } from './revocation/list-pool.js'
import { RevocationCheck } from './revocation/revocation-check.js'
import { SignatureVerifier } from './signature/signature-verifier.js'

/** What a path is built of, parsed, and what it is held to. */
export interface PathInputs {
  readonly anchors: readonly Certificate[]
  readonly intermediates: readonly Certificate[]
  readonly lists: ListSource
  readonly revocation: Revocation
  readonly settings: PathSettings
}

/**
 * Finds the first path from a certificate to an anchor that is valid. Revocation is looked at last, of paths that are valid otherwise:
 * nothing is fetched for others.
 *
 * Rejects with `CertificatePathError`.
 */
export async function findCertificatePath(leaf: Certificate, inputs: PathInputs): Promise<CertificatePath> {
  const { anchors, intermediates, lists, revocation, settings } = inputs
  const budget = new Budget()
  const sources = {
    store: new CertificateStore(anchors, intermediates, settings.at),
    verifier: new SignatureVerifier(budget),
    budget,
  }
  const check = revocation === 'off' ? undefined : new RevocationCheck(revocation, lists, sources, settings)
  const checks = new CertificateChecks(settings, budget)
  const { issuers, verdict } = await buildPath(leaf, sources, async (path, anchor) => {
    const policies = validatePath(path, anchor, checks)
    if (settings.profile === 'strict') await checkAnchorSignature(anchor, sources.verifier)
    const listsUntil = (await check?.checkPath(path, anchor)) ?? Number.POSITIVE_INFINITY
    return { policies, listsUntil }
  })
  const isLookedUp = (certificate: Certificate) =>
    check?.looksUp(certificate) === true && certificate.notAfter >= settings.revocationAt
  return describePath(leaf, issuers, { ...verdict, isLookedUp })
}
