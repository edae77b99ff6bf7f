import { type Check, InvalidMetadataError, type JsonObject } from '@software-statement/core'
import type { IgnoredMember, MemberProvenance } from '@software-statement/verifier'
import type { Verdict } from '../judge.js'
import { writeMember } from './json.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

/** The verdict in words. */
export function nameVerdict(verdict: Verdict | undefined): 'approved' | 'refused' | 'not known' | 'not verified' {
  if (verdict === undefined) return 'not verified'
  if (verdict.approved) return 'approved'
  return verdict.error === 'temporarily_unavailable' ? 'not known' : 'refused'
}

/** The verdict in a line, with the reasons where it is a refusal. */
export function writeVerdict(verdict: Verdict, style: Style): string {
  const name = nameVerdict(verdict)
  if (verdict.approved) return `${style('green', name)}\n`
  const word = style(name === 'refused' ? 'red' : 'yellow', name)
  const { cause } = verdict
  const reasons =
    cause instanceof InvalidMetadataError
      ? cause.issues.map(({ code, message }) => `  ${code}: ${printable(message)}\n`).join('')
      : `  ${cause.code}: ${printable(cause.message)}\n`
  return `${word}: ${verdict.error}: ${verdict.error_description}\n${reasons}`
}

/** Each member with where it comes from. */
export function writeMetadata(metadata: JsonObject, provenance: { readonly [member: string]: MemberProvenance }): string[][] {
  return Object.entries(metadata).map(([member, value]) => {
    const { source = '', rule = '', lost } = provenance[member] ?? {}
    const over = lost === undefined ? '' : ` over ${writeMember(member, lost)}`
    return [printable(member), `from ${source}${source === rule ? '' : ` (${rule})`}`, `${writeMember(member, value)}${over}`]
  })
}

const reasons: Readonly<Record<IgnoredMember['reason'], string>> = {
  unknown: 'not known client metadata',
  reserved: 'a claim or a name that no client has',
  'response-only': 'only the server gives it',
  'merge-rule': 'the merge rule leaves it out',
  policy: 'the metadata policy takes it away',
}

/** Each member that is left out, with who sent it and why. */
export function writeIgnored(ignored: readonly IgnoredMember[]): string[][] {
  return ignored.map(({ member, source, reason }) => [printable(member), `from ${source}`, reasons[reason]])
}

/** Each check with what became of it. */
export function writeChecks(checks: readonly Check[]): string[][] {
  return checks.map(({ check, outcome, code, clause }) => [outcome, check, code ?? '', clause])
}
