import type { Findings } from './decision-record.js'
import type { Settings } from './settings.js'

/** One request as it is answered. */
export interface Circumstances {
  readonly settings: Settings
  readonly request: Request
  /** Where it comes from; absent where nobody knows. */
  readonly address: string | undefined
  /** The one clock reading of the decision. */
  readonly currentDate: Date
  /** The same in seconds since the epoch. */
  readonly at: number
  /** What is found out, for the record. */
  readonly findings: Findings
}
