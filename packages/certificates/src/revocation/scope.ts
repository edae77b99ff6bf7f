import type { Certificate } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { readWhole, tags } from '../der/der-reader.js'
import type { DistributionPoint, DistributionPointName } from '../extensions/distribution-points.js'
import { issuerAltName } from '../extensions/identifiers.js'
import { allReasons, type ReasonMask } from '../extensions/reason-flags.js'
import { type DistinguishedName, joinRelativeNames } from '../names/distinguished-name.js'
import { type GeneralName, readGeneralNames } from '../names/general-name.js'
import type { Budget } from '../path/budget.js'
import type { CertificateList } from './certificate-list.js'

/**
 * The distribution points to go by for a certificate: its own, and that of its issuer's lists of which none is named, called by the names
 * of the issuer (RFC 5280 6.3.3).
 */
export function distributionPointsOf({ issuer, extensions }: Certificate): readonly DistributionPoint[] {
  const names: readonly GeneralName[] = [
    { form: 'directoryName', value: issuer },
    ...readAlternatives(extensions.all.get(issuerAltName)?.value),
  ]
  const implied: DistributionPoint = { name: { form: 'fullName', names }, reasons: undefined, cRLIssuer: undefined }
  return [...(extensions.cRLDistributionPoints?.value ?? []), implied]
}

/** Other names of the issuer help to find lists: those that cannot be read do not. */
function readAlternatives(value: Uint8Array | undefined): readonly GeneralName[] {
  try {
    return value === undefined ? [] : readWhole(value, tags.sequence, readGeneralNames)
  } catch (error) {
    if (error instanceof DerFault) return []
    throw error
  }
}

/** Names of those whose lists a distribution point leads to, in the form in which names are compared: that of its `cRLIssuer`, or the issuer of the certificate. */
export function listIssuersOf({ cRLIssuer }: DistributionPoint, { issuer }: Certificate): ReadonlySet<string> {
  if (cRLIssuer === undefined) return new Set([issuer.comparable])
  return new Set(cRLIssuer.flatMap((name) => (name.form === 'directoryName' ? [name.value.comparable] : [])))
}

/** Those who may publish lists about a certificate, in the form in which names are compared. */
export function issuersOfLists(certificate: Certificate): ReadonlySet<string> {
  return new Set(distributionPointsOf(certificate).flatMap((point) => [...listIssuersOf(point, certificate)]))
}

/**
 * The reasons for which a list of one of its issuers says whether a certificate is revoked (RFC 5280 6.3.3 (b), (d)), looked at by one of
 * its distribution points; none where the list is about other certificates.
 *
 * Throws `CertificatePathError` with `ERR_CERTIFICATE_LIMIT`.
 */
export function coveredReasons(
  list: CertificateList,
  certificate: Certificate,
  point: DistributionPoint,
  budget: Budget,
): ReasonMask {
  const scope = list.extensions.issuingDistributionPoint?.value
  budget.spend('nameComparisons', 1)
  if (point.cRLIssuer !== undefined && scope?.indirectCRL !== true) return 0
  const reasons = point.reasons ?? allReasons
  if (scope === undefined) return reasons
  if (scope.name !== undefined && !haveCommonName(scope.name, point, list.issuer, budget)) return 0
  const isAuthority = certificate.extensions.basicConstraints?.value.ca === true
  if (scope.onlyContainsAttributeCerts || (isAuthority ? scope.onlyContainsUserCerts : scope.onlyContainsCACerts)) return 0
  return reasons & (scope.onlySomeReasons ?? allReasons)
}

/** RFC 5280 6.3.3 (b)(2)(i). Relative names are relative to the issuer of the list, whom both are about by now. */
function haveCommonName(
  name: DistributionPointName,
  point: DistributionPoint,
  issuer: DistinguishedName,
  budget: Budget,
): boolean {
  const wanted = point.name === undefined ? (point.cRLIssuer ?? []).map(keyOf) : keysOf(point.name, issuer)
  const found = keysOf(name, issuer)
  budget.spend('nameComparisons', wanted.length * found.length)
  return found.some((key) => key !== undefined && wanted.includes(key))
}

function keysOf(name: DistributionPointName, issuer: DistinguishedName): readonly (string | undefined)[] {
  if (name.form === 'fullName') return name.names.map(keyOf)
  return [`directoryName ${joinRelativeNames([...issuer.relativeNames, name.relativeName])}`]
}

/** A text that is the same for the same names; none for forms nobody here compares. URIs are compared as they stand. */
function keyOf(name: GeneralName): string | undefined {
  if (!('value' in name)) return undefined
  if (name.form === 'directoryName') return `directoryName ${name.value.comparable}`
  return `${name.form} ${typeof name.value === 'string' ? name.value : name.value.join('.')}`
}

/** The addresses that are names of distribution points (RFC 5280 4.2.1.13). */
export function addressesOf(points: readonly DistributionPoint[] | undefined = []): ReadonlySet<string> {
  const names = points.flatMap(({ name }) => (name?.form === 'fullName' ? name.names : []))
  return new Set(names.flatMap((name) => (name.form === 'uniformResourceIdentifier' ? [name.value] : [])))
}

/** Where the deltas to a list are. */
export function freshestAddresses(...leading: readonly Pick<Certificate | CertificateList, 'extensions'>[]): ReadonlySet<string> {
  return addressesOf(leading.flatMap(({ extensions }) => extensions.freshestCRL?.value ?? []))
}
