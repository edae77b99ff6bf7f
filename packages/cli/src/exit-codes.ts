/** What a command answers with, for scripts. */
export const exitCodes = {
  accepted: 0,
  refused: 1,
  /** Usage or configuration: the caller has to act. */
  usage: 2,
  /** Could not find out: neither accepted nor refused. */
  unknown: 3,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
