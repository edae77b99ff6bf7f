import { DerFault } from '../der/der-fault.js'
import { context, type DerReader } from '../der/der-reader.js'
import { readBoolean } from '../der/der-values.js'
import { type DistributionPointName, readOptionalName } from '../extensions/distribution-points.js'
import { type ReasonMask, readReasonFlags } from '../extensions/reason-flags.js'

/** Which certificates and reasons a list is about (RFC 5280 5.2.5). */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | undefined
  readonly onlyContainsUserCerts: boolean
  readonly onlyContainsCACerts: boolean
  readonly onlySomeReasons: ReasonMask | undefined
  readonly indirectCRL: boolean
  readonly onlyContainsAttributeCerts: boolean
}

/** Throws `DerFault`. */
export function readIssuingDistributionPoint(reader: DerReader): IssuingDistributionPoint {
  const name = readOptionalName(reader)
  const onlyContainsUserCerts = readFlag(reader, 1)
  const onlyContainsCACerts = readFlag(reader, 2)
  const reasons = reader.readOptional(context(3))
  const indirectCRL = readFlag(reader, 4)
  const onlyContainsAttributeCerts = readFlag(reader, 5)
  if ([onlyContainsUserCerts, onlyContainsCACerts, onlyContainsAttributeCerts].filter(Boolean).length > 1) {
    throw new DerFault('a list is only for certificates of one kind, and only for those of another')
  }
  return {
    ...{ name, onlyContainsUserCerts, onlyContainsCACerts, indirectCRL, onlyContainsAttributeCerts },
    onlySomeReasons: reasons && readReasonFlags(reasons.content),
  }
}

function readFlag(reader: DerReader, number: number): boolean {
  const element = reader.readOptional(context(number))
  return element !== undefined && readBoolean(element.content)
}
