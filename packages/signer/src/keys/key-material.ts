import type { Jwk, SignatureAlgorithm } from '@software-statement/core'
import type { Sign } from './sign-bytes.js'

/** A key that has been read. */
export interface KeyMaterial {
  /** The key, or its public half where the private one is `held`; nothing secret of a symmetric key that is held. */
  readonly jwk: Jwk
  /** A private or symmetric key that stays where it is. */
  readonly held?: { readonly sign: Sign; readonly algorithms: readonly SignatureAlgorithm[] }
}
