import type { JsonObject } from '../json/strict-json.js'
import { findTypeFault } from './claim-faults.js'
import { type Finding, find } from './finding.js'

/** A year of 366 days, in seconds. */
const longestLifetime = 366 * 86_400

/** What verification tolerates by default between two clocks, in seconds. */
const clockTolerance = 60

/** Everything to say about the times of a statement; `now` is in seconds since the epoch. */
export function lintTimes(claims: JsonObject, now: number | undefined): readonly Finding[] {
  const findings: Finding[] = []
  const readTime = (name: 'exp' | 'nbf' | 'iat') => {
    const fault = findTypeFault(claims, name)
    const value = claims[name]
    if (fault === undefined) return typeof value === 'number' ? value : undefined
    // The one fault that a finite number after 1970 can have is to be too large.
    const large = typeof value === 'number' && Number.isFinite(value) && value > 0
    findings.push(find(large ? 'statement/milliseconds' : 'statement/claim-type', fault, name))
    return undefined
  }
  const [exp, nbf, iat] = [readTime('exp'), readTime('nbf'), readTime('iat')]

  if (claims.exp === undefined) findings.push(find('statement/no-expiry', 'there is no exp', 'exp'))
  if (claims.iat === undefined) {
    findings.push(
      find('statement/no-issued-at', 'there is no iat: servers that limit age or lifetime refuse the statement', 'iat'),
    )
  }
  if (exp !== undefined && exp <= Math.max(iat ?? 0, nbf ?? 0)) {
    findings.push(find('statement/expires-before-issued', 'exp is not after iat and nbf', 'exp'))
  }
  const start = iat ?? nbf ?? now
  if (exp !== undefined && start !== undefined && exp - start > longestLifetime) {
    findings.push(find('statement/long-lifetime', 'exp is more than a year after the statement was issued', 'exp'))
  }
  return now === undefined ? findings : [...findings, ...judgeTimes({ exp, nbf, iat }, now)]
}

interface Times {
  readonly exp: number | undefined
  readonly nbf: number | undefined
  readonly iat: number | undefined
}

function judgeTimes({ exp, nbf, iat }: Times, now: number): readonly Finding[] {
  const findings: Finding[] = []
  if (exp !== undefined && now - clockTolerance >= exp) findings.push(find('statement/expired', 'exp is in the past', 'exp'))
  if (nbf !== undefined && nbf > now + clockTolerance) {
    findings.push(find('statement/not-yet-valid', 'nbf is in the future', 'nbf'))
  }
  if (iat !== undefined && iat > now + clockTolerance) {
    findings.push(find('statement/issued-in-future', 'iat is in the future', 'iat'))
  }
  return findings
}
