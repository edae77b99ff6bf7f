import type { Certificate } from '../certificate/certificate.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { isIpAddress } from '../names/forms/ip-address.js'
import type { GeneralName } from '../names/general-name.js'
import type { Position } from './profile.js'

interface StrictRule {
  /** Of RFC 5280. */
  readonly clause: string
  /** What is wrong with a certificate that breaks the rule. */
  readonly fault: string
  readonly isBroken: (certificate: Certificate, position: Position) => boolean
}

const isIssuer = (position: Position) => position !== 'leaf'
const isAuthority = ({ extensions }: Certificate) => extensions.basicConstraints?.value.ca === true

/** The bytes of a number without the zero that only says that it is not negative. */
const magnitude = (number: Uint8Array) => (number.length > 1 && number[0] === 0 ? number.length - 1 : number.length)

/** Whether an alternative name says nothing (RFC 5280 4.2.1.6); a URI has a scheme and something behind it, a host where one belongs. */
function isHollow(name: GeneralName): boolean {
  switch (name.form) {
    case 'dNSName':
    case 'rfc822Name':
      return name.value.trim() === ''
    case 'uniformResourceIdentifier':
      return !/^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]|(?!\/\/).)/i.test(name.value)
    case 'iPAddress':
      return !isIpAddress(name.value)
    case 'directoryName':
      return name.value.relativeNames.length === 0
    default:
      return false
  }
}

/**
 * The rules of RFC 5280 section 4 for what authorities issue that a path has to keep in the profile `strict`, trust anchors included. They
 * are those that x509-limbo has cases for, and some beside them that a certificate alone can break:
 *
 * | clause | rule | cases of x509-limbo |
 * |---|---|---|
 * | 4.1.2.2 | serial numbers are not zero and have at most 20 octets | `serial::zero`, `serial::too-long` |
 * | 4.1.2.4 | issuers are not empty | `ee-empty-issuer` |
 * | 4.1.2.6 | subjects of authorities are not empty | `ca-empty-subject` |
 * | 4.1.2.6 | an empty subject comes with a critical subjectAltName | `san::noncritical-with-empty-subject` |
 * | 4.2.1.1 | authorityKeyIdentifier is not critical | `aki::critical-aki` |
 * | 4.2.1.1 | it has a key identifier; in a self-signed anchor it may be left out: `checkAnchorSignature` | `aki::leaf-missing-aki`, `aki::intermediate-missing-aki`, `aki::cross-signed-root-missing-aki` |
 * | 4.2.1.1 | a self-signed anchor is as it was signed: `checkAnchorSignature` | none |
 * | 4.2.1.2 | subjectKeyIdentifier is not critical | `ski::critical-ski` |
 * | 4.2.1.2 | authorities have one | `ski::root-missing-ski`, `ski::intermediate-missing-ski` |
 * | 4.2.1.6 | alternative names are not empty, URIs not relative, addresses of IPv4 or IPv6 | none |
 * | 4.2.1.9 | keyCertSign is for authorities only | `leaf-ku-keycertsign` |
 * | 4.2.1.9 | basicConstraints is critical in a trust anchor | `root-non-critical-basic-constraints` |
 * | 4.2.1.10 | nameConstraints is critical | `nc::permitted-dns-match-noncritical` |
 * | 4.2.1.10 | nameConstraints is for authorities only | `nc::not-allowed-in-ee-critical`, `nc::not-allowed-in-ee-noncritical` |
 * | 4.2.1.11 | policyConstraints is critical, or stands beside the policies it speaks of | `pc::ica-noncritical-pc` |
 * | 4.2.1.14 | inhibitAnyPolicy is critical | none |
 * | 4.2.1.15 | freshestCRL is not critical | none |
 *
 * Negative serial numbers (4.1.2.2) and unique identifiers (4.1.2.8) are accepted: authorities must not write them, but validators should be
 * prepared for them, and PKITS has valid paths with both. What else a validator has to read although no authority may write it passes: a
 * GeneralizedTime before 2050 (4.1.2.5), keyUsage that is not critical (4.2.1.3), policyConstraints that is not critical in a certificate
 * with policies, as PKITS has it (4.2.1.11: it is obeyed all the same), and basicConstraints that is not critical in an
 * intermediate, which 6.1.4 (k) does not ask for; an anchor was chosen by the one who trusts it, an intermediate was not.
 */
export const strictRules: readonly StrictRule[] = [
  {
    clause: '4.1.2.2',
    fault: 'its serial number is zero',
    isBroken: ({ serialNumber }) => serialNumber.every((byte) => byte === 0),
  },
  {
    clause: '4.1.2.2',
    fault: 'its serial number has more than 20 octets',
    isBroken: ({ serialNumber }) => magnitude(serialNumber) > 20,
  },
  {
    clause: '4.1.2.4',
    fault: 'its issuer is empty',
    isBroken: ({ issuer }) => issuer.relativeNames.length === 0,
  },
  {
    clause: '4.1.2.6',
    fault: 'it is of an authority, and its subject is empty',
    isBroken: (certificate, position) =>
      certificate.subject.relativeNames.length === 0 && (isIssuer(position) || isAuthority(certificate)),
  },
  {
    clause: '4.1.2.6',
    fault: 'its subject is empty, and subjectAltName is not there or not critical',
    isBroken: ({ subject, extensions }) => subject.relativeNames.length === 0 && extensions.subjectAltName?.critical !== true,
  },
  {
    clause: '4.2.1.1',
    fault: 'authorityKeyIdentifier is critical',
    isBroken: ({ extensions }) => extensions.authorityKeyIdentifier?.critical === true,
  },
  {
    clause: '4.2.1.1',
    fault: 'it has no key identifier of its issuer',
    isBroken: (certificate, position) =>
      position !== 'anchor' && certificate.extensions.authorityKeyIdentifier?.value.keyIdentifier === undefined,
  },
  {
    clause: '4.2.1.2',
    fault: 'subjectKeyIdentifier is critical',
    isBroken: ({ extensions }) => extensions.subjectKeyIdentifier?.critical === true,
  },
  {
    clause: '4.2.1.2',
    fault: 'it is of an authority, and has no subjectKeyIdentifier',
    isBroken: (certificate) => isAuthority(certificate) && certificate.extensions.subjectKeyIdentifier === undefined,
  },
  {
    clause: '4.2.1.6',
    fault: 'subjectAltName has a name that is empty, a URI that is relative, or an address that is neither of IPv4 nor of IPv6',
    isBroken: ({ extensions }) => extensions.subjectAltName?.value.some(isHollow) === true,
  },
  {
    clause: '4.2.1.9',
    fault: 'it is of no authority, and keyUsage has keyCertSign',
    isBroken: (certificate) => !isAuthority(certificate) && certificate.extensions.keyUsage?.value.has('keyCertSign') === true,
  },
  {
    clause: '4.2.1.9',
    fault: 'it is a trust anchor, and basicConstraints is not critical',
    isBroken: ({ extensions }, position) => position === 'anchor' && extensions.basicConstraints?.critical === false,
  },
  {
    clause: '4.2.1.10',
    fault: 'nameConstraints is not critical',
    isBroken: ({ extensions }) => extensions.nameConstraints?.critical === false,
  },
  {
    clause: '4.2.1.10',
    fault: 'it is of no authority, and has nameConstraints',
    isBroken: (certificate) => !isAuthority(certificate) && certificate.extensions.nameConstraints !== undefined,
  },
  {
    clause: '4.2.1.11',
    fault: 'policyConstraints is not critical, and it has no policies',
    isBroken: ({ extensions }) =>
      extensions.policyConstraints?.critical === false && extensions.certificatePolicies === undefined,
  },
  {
    clause: '4.2.1.14',
    fault: 'inhibitAnyPolicy is not critical',
    isBroken: ({ extensions }) => extensions.inhibitAnyPolicy?.critical === false,
  },
  {
    clause: '4.2.1.15',
    fault: 'freshestCRL is critical',
    isBroken: ({ extensions }) => extensions.freshestCRL?.critical === true,
  },
]

/** Throws `CertificatePathError` with `ERR_CERTIFICATE_PROFILE` if the certificate breaks a rule of the profile `strict`. */
export function checkStrictRules(certificate: Certificate, position: Position): void {
  const broken = strictRules.find(({ isBroken }) => isBroken(certificate, position))
  if (broken === undefined) return
  throw new CertificatePathError('ERR_CERTIFICATE_PROFILE', broken.fault, {
    certificate: certificate.reference,
    clause: broken.clause,
  })
}
