import { InvalidMetadataError, MetadataPolicyError, StatementError, TrustUnavailableError } from '@software-statement/core'
import { type ExitCode, exitCodes } from './exit-codes.js'
import type { Io } from './io.js'
import { printable } from './output/printable.js'
import { UsageError } from './usage-error.js'

/** Says on standard error what went wrong, one line for each reason, and gives the exit code for it. */
export function reportFault(fault: unknown, io: Io): ExitCode {
  // What is wrong with the command line of a signer comes through the library, which takes it for an outage.
  const error = fault instanceof TrustUnavailableError && fault.cause instanceof UsageError ? fault.cause : fault
  for (const line of reasonsOf(error)) io.stderr(`${printable(line)}\n`)
  if (io.env.SOFTWARE_STATEMENT_DEBUG === '1' && error instanceof Error) {
    for (const line of error.stack?.split('\n') ?? []) io.stderr(`${printable(line)}\n`)
  }
  return exitCodeOf(error)
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof TrustUnavailableError) return exitCodes.unknown
  // A policy that is illegal is the operator's fault, whoever is judged by it.
  return error instanceof StatementError && !(error instanceof MetadataPolicyError) ? exitCodes.refused : exitCodes.usage
}

function reasonsOf(error: unknown): readonly string[] {
  if (error instanceof InvalidMetadataError) return error.issues.map(({ code, message }) => `${code}: ${oneLine(message)}`)
  if (error instanceof StatementError) return [`${error.code}: ${oneLine(error.message)}`]
  if (error instanceof UsageError || error instanceof TypeError) return [`software-statement: ${oneLine(error.message)}`]
  // Nobody knows what stands in the message of an error that nobody expects.
  return [`software-statement: unexpected ${error instanceof Error ? error.name : typeof error}`]
}

/** Configuration faults come as lists. */
function oneLine(message: string): string {
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
}
