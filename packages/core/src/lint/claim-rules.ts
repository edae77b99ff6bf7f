import { roleOfClaim } from '../claim-role.js'
import { issuerOf, refuseForbiddenClaims } from '../claims.js'
import type { JsonObject } from '../json/strict-json.js'
import { toAscii } from '../metadata/text.js'
import { catchFault, findTypeFault } from './claim-faults.js'
import { type Finding, find } from './finding.js'
import { describeUnknown } from './unknown-name.js'

/** Everything to say about the claims of a statement but for its times and the metadata it vouches for. */
export function lintClaims(claims: JsonObject): readonly Finding[] {
  return [...lintKind(claims), ...lintIssuer(claims), ...lintTexts(claims), ...lintNames(claims)]
}

function lintKind(claims: JsonObject): readonly Finding[] {
  const fault = catchFault(() => refuseForbiddenClaims(claims))
  return fault?.code === 'ERR_CLAIMS_OTHER' ? [find('statement/other-kind', fault.message)] : []
}

function lintIssuer(claims: JsonObject): readonly Finding[] {
  const fault = catchFault(() => issuerOf(claims))
  return fault === undefined ? [] : [find('statement/missing-issuer', fault.message, 'iss')]
}

function lintTexts(claims: JsonObject): readonly Finding[] {
  const findings = (['sub', 'aud', 'jti'] as const).flatMap((name) => {
    const fault = findTypeFault(claims, name)
    return fault === undefined ? [] : [find('statement/claim-type', fault, name)]
  })
  if (claims.jti === undefined) {
    findings.push(find('statement/no-jti', 'there is no jti: a status list cannot name this statement', 'jti'))
  }
  if (claims.aud === undefined) {
    findings.push(
      find('statement/no-audience', 'there is no aud: every server that trusts the issuer accepts the statement', 'aud'),
    )
  }
  return findings
}

function lintNames(claims: JsonObject): readonly Finding[] {
  const roles = Object.keys(claims).map((name) => ({ name, role: roleOfClaim(name) }))
  const findings = roles.flatMap(({ name, role }) => {
    if (role === 'unknown') return [find('statement/unknown-claim', `claim ${describeUnknown(name)}`, name)]
    if (role !== 'forbidden') return []
    return [find('statement/forbidden-claim', `a statement must not have the claim ${toAscii(name)}`, name)]
  })
  if (roles.some(({ role }) => role === 'metadata')) return findings
  return [...findings, find('statement/no-metadata', 'there is no claim that is known client metadata')]
}
