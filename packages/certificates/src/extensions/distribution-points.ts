import { DerFault } from '../der/der-fault.js'
import { context, DerReader, tags } from '../der/der-reader.js'
import { readRelativeName } from '../names/distinguished-name.js'
import { type GeneralName, readGeneralNames } from '../names/general-name.js'
import { type ReasonMask, readReasonFlags } from './reason-flags.js'

/** What a distribution point is called (RFC 5280 4.2.1.13); a relative name is in the form in which names are compared. */
export type DistributionPointName =
  | { readonly form: 'fullName'; readonly names: readonly GeneralName[] }
  | { readonly form: 'nameRelativeToCRLIssuer'; readonly relativeName: string }

/** Where a list of revoked certificates is to be had, for which reasons it has entries, and whose it is (RFC 5280 4.2.1.13). */
export interface DistributionPoint {
  readonly name: DistributionPointName | undefined
  readonly reasons: ReasonMask | undefined
  readonly cRLIssuer: readonly GeneralName[] | undefined
}

/** Throws `DerFault`. */
export function readDistributionPoints(reader: DerReader): readonly DistributionPoint[] {
  const points = reader.each((list) => readDistributionPoint(list.enter(tags.sequence)))
  if (points.length === 0) throw new DerFault('a list of distribution points is empty')
  return points
}

function readDistributionPoint(reader: DerReader): DistributionPoint {
  const name = readOptionalName(reader)
  const reasons = reader.readOptional(context(1))
  const issuer = reader.readOptional(context(2, 'constructed'))
  reader.expectEnd()
  if (name === undefined && issuer === undefined) throw new DerFault('a distribution point has neither a name nor an issuer')
  return {
    name,
    reasons: reasons && readReasonFlags(reasons.content),
    cRLIssuer: issuer && readGeneralNames(new DerReader(issuer.content)),
  }
}

/** The next element as the name of a distribution point, if it is one. Throws `DerFault`. */
export function readOptionalName(reader: DerReader): DistributionPointName | undefined {
  const element = reader.readOptional(context(0, 'constructed'))
  if (element === undefined) return undefined
  const choice = new DerReader(element.content)
  const { tag, content } = choice.read()
  choice.expectEnd()
  const inner = new DerReader(content)
  if (tag === context(0, 'constructed')) return { form: 'fullName', names: readGeneralNames(inner) }
  if (tag === context(1, 'constructed')) return { form: 'nameRelativeToCRLIssuer', relativeName: readRelativeName(inner) }
  throw new DerFault('the name of a distribution point has an unknown form')
}
