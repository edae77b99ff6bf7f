import type { DecisionRecord } from '@software-statement/registration'
import { InvalidMetadataError } from '@software-statement/verifier'
import { type Logger, pino } from 'pino'
import type { LogSink } from '../io.js'
import { printable } from '../output/printable.js'
import { UsageError } from '../usage-error.js'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** The log of a service: one JSON object a line, in which there is no secret, no token and no statement. */
export interface ServiceLog {
  /** What became of a request. */
  readonly decision: (record: DecisionRecord) => void
  /** What went wrong in the server. */
  readonly fault: (fault: unknown) => void
  /** What the service does, with what belongs to it: names and numbers of its own. */
  readonly event: (level: 'info' | 'warn' | 'error', message: string, details?: object) => void
}

export function createServiceLog(level: LogLevel, now: () => Date, sink: Pick<LogSink, 'write'>): ServiceLog {
  const timestamp = () => `,"time":"${now().toISOString()}"`
  const logger: Logger = pino({ level, base: null, timestamp, formatters: { level: (label) => ({ level: label }) } }, sink)
  return {
    decision(record) {
      const { outcome, fault, checks: _, ...rest } = record
      const texts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, asPrintable(value)]))
      const reason = fault === undefined ? {} : { reason: reasonOf(fault) }
      const line = { ...texts, outcome, ...reason }
      if (outcome === 'done') logger.info(line, 'request')
      else if (outcome === 'refused') logger.warn(line, 'request')
      else logger.error(line, 'request')
    },
    fault: (fault) => logger.error({ reason: reasonOf(fault), ...causeOf(fault) }, 'fault'),
    event: (severity, message, details = {}) => logger[severity](details, message),
  }
}

const asPrintable = (value: unknown) => (typeof value === 'string' ? printable(value) : value)

/** Messages of ours are made for operators. Of errors that nobody expects, nobody knows what is in them. */
export function reasonOf(fault: unknown): string {
  if (fault instanceof InvalidMetadataError) return printable(fault.issues.map(({ message }) => message).join('; '))
  if (fault instanceof Error && ('code' in fault || fault instanceof TypeError || fault instanceof UsageError))
    return printable(fault.message)
  return `unexpected ${fault instanceof Error ? fault.name : typeof fault}`
}

/** What is underneath an outage, such as `ECONNREFUSED`: by its name only, since databases repeat what they were asked. */
function causeOf(fault: unknown): { readonly cause?: string } {
  const cause = fault instanceof Error ? fault.cause : undefined
  if (!(cause instanceof Error)) return {}
  return { cause: 'code' in cause && typeof cause.code === 'string' ? printable(cause.code) : cause.name }
}
