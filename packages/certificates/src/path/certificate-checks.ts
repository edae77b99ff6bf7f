import type { Certificate } from '../certificate/certificate.js'
import { checkNames, compileNameConstraints } from '../names/check-names.js'
import type { Position } from '../profile/profile.js'
import type { Budget } from './budget.js'
import { checkCertificate } from './check-certificate.js'
import { once } from './once.js'
import type { PathSettings } from './path-settings.js'

/**
 * What is checked of certificates whatever path they are in, for one validation: of each alone, and of its names under the constraints of each
 * issuer. A certificate may be in a thousand paths, and is large: so each check is made once.
 */
export class CertificateChecks {
  readonly settings: PathSettings
  readonly budget: Budget
  /** Checks a certificate alone in its position, as `checkCertificate` does. */
  readonly alone: { readonly [At in Position]: (certificate: Certificate) => void }
  /** What checks names by the constraints of an issuer, as `checkNames` does, where it has any. */
  readonly namesBelow: (issuer: Certificate) => ((certificate: Certificate) => void) | undefined

  constructor(settings: PathSettings, budget: Budget) {
    this.settings = settings
    this.budget = budget
    const aloneAs = (position: Position) => once((certificate: Certificate) => checkCertificate(certificate, position, settings))
    this.alone = { leaf: aloneAs('leaf'), intermediate: aloneAs('intermediate'), anchor: aloneAs('anchor') }
    this.namesBelow = once((issuer) => {
      const constraints = issuer.extensions.nameConstraints
      if (constraints === undefined) return undefined
      const compiled = compileNameConstraints(constraints.value, issuer, settings.profile)
      return once((certificate) => checkNames(certificate, compiled, budget))
    })
  }
}
