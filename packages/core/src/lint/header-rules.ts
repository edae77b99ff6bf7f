import { describeAlgorithm } from '../jose/algorithms.js'
import { defaultAcceptedTyps, isOtherKind, isSameTyp, type StatementHeader } from '../jose/header.js'
import { toAscii } from '../metadata/text.js'
import { type Finding, find } from './finding.js'

/** Parameters that verification reads. */
const effectiveParameters: ReadonlySet<string> = new Set(['alg', 'typ', 'kid', 'x5c'])

/** Everything to say about the header of a statement. */
export function lintHeader(header: StatementHeader, thumbprint: string | undefined): readonly Finding[] {
  return [
    ...lintTyp(header),
    ...lintKey(header, thumbprint),
    ...Object.keys(header)
      .filter((name) => !effectiveParameters.has(name))
      .map((name) => find('statement/header-parameter-ignored', `header parameter ${toAscii(name)} has no effect`, name)),
  ]
}

function lintTyp({ typ }: StatementHeader): readonly Finding[] {
  if (typ === undefined) return [find('statement/no-typ', 'there is no typ: other kinds of JWT may have none either', 'typ')]
  if (isOtherKind(typ)) return [find('statement/other-kind', `typ "${toAscii(typ)}" is another kind of JWT`, 'typ')]
  if (isSameTyp(typ, 'JWT')) return [find('statement/no-typ', 'typ is JWT, which other kinds of JWT have as well', 'typ')]
  if (defaultAcceptedTyps.some((accepted) => isSameTyp(typ, accepted))) return []
  return [find('statement/unusual-typ', `typ "${toAscii(typ)}" is not one that servers accept by default`, 'typ')]
}

function lintKey({ alg, kid, x5c }: StatementHeader, thumbprint: string | undefined): readonly Finding[] {
  const findings: Finding[] = []
  if (describeAlgorithm(alg).kty === 'oct') {
    findings.push(find('statement/symmetric', `alg ${alg}: every server that holds the key can sign with it`, 'alg'))
  }
  if (kid === undefined && x5c === undefined) {
    findings.push(find('statement/no-kid', 'there is no kid: servers have to try the keys of the issuer', 'kid'))
  }
  if (kid !== undefined && thumbprint !== undefined && kid !== thumbprint) {
    findings.push(find('statement/kid-not-thumbprint', 'kid is not the RFC 7638 thumbprint of the key', 'kid'))
  }
  if (x5c !== undefined) {
    const message = `x5c has ${x5c.length === 1 ? '1 certificate' : `${x5c.length} certificates`}: only servers that trust certificates accept it`
    findings.push(find('statement/certificate-chain', message, 'x5c'))
  }
  return findings
}
