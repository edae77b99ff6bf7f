import type { ApprovedStatement } from '../stages.js'
import { limitsReplay } from '../trust/trust-issuers.js'

/** The mark that a use of a statement leaves, for issuers that limit how often one may be used. */
export interface ReplayMark {
  readonly issuer: string
  readonly jti: string
  /**
   * When the mark may be forgotten, in seconds since the epoch: `exp` and the clock tolerance, from when on the statement is refused
   * as expired without a mark. Absent for a statement without `exp`: never.
   */
  readonly expiresAt?: number
  readonly mode: 'until-exp' | 'once'
}

/** The mark for a statement, or nothing if its issuer's statements are reusable. */
export function replayMarkOf({ issuer, jwt, rules }: ApprovedStatement): ReplayMark | undefined {
  if (!limitsReplay(issuer) || jwt.jti === undefined) return undefined
  const mode = issuer.replay === 'once' ? 'once' : 'until-exp'
  // From its exp, and what clocks may differ, the statement is refused as expired: nothing is gained by remembering longer.
  const expiry = jwt.exp === undefined ? {} : { expiresAt: Math.ceil(jwt.exp) + rules.clockTolerance }
  return { issuer: issuer.issuer, jti: jwt.jti, mode, ...expiry }
}
