import type { KeyUsage } from '../extensions/extensions.js'
import type { Profile } from '../profile/profile.js'

/** The inputs of a path validation (RFC 5280 6.1.1), complete. */
export interface PathSettings {
  /** Whole seconds since 1970: certificates know nothing finer. */
  readonly at: number
  /**
   * The time as of which certificates must not be revoked: later than `at` where a path is judged that was accepted before. Each certificate
   * is valid at one of the two: an anchor may have been renewed since.
   */
  readonly revocationAt: number
  readonly keyUsage: readonly KeyUsage[]
  /** Object identifiers. */
  readonly extendedKeyUsage: readonly string[]
  /** How many intermediates that are not self-issued there may be. */
  readonly maxPathLength: number
  readonly profile: Profile
  readonly userInitialPolicySet: ReadonlySet<string>
  readonly initialExplicitPolicy: boolean
  readonly initialPolicyMappingInhibit: boolean
  readonly initialAnyPolicyInhibit: boolean
}
