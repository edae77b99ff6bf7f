import type { GeneralName } from '../names/general-name.js'
import type { DistributionPoint } from './distribution-points.js'
import type { NameConstraints } from './name-constraints.js'
import type { PolicyConstraints, PolicyMapping } from './policies.js'

/** An extension that was read: what it says, and whether it is critical. */
export interface Extension<Value> {
  readonly critical: boolean
  readonly value: Value
}

/** Bits of a key usage extension by their names (RFC 5280 4.2.1.3). */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly'

export interface BasicConstraints {
  readonly ca: boolean
  readonly pathLength: number | undefined
}

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined
}

/** The extensions of a certificate that are understood here (RFC 5280 4.2), by their names. */
export interface Extensions {
  readonly authorityKeyIdentifier?: Extension<AuthorityKeyIdentifier>
  readonly subjectKeyIdentifier?: Extension<Uint8Array>
  readonly keyUsage?: Extension<ReadonlySet<KeyUsage>>
  /** Object identifiers. */
  readonly certificatePolicies?: Extension<readonly string[]>
  readonly policyMappings?: Extension<readonly PolicyMapping[]>
  readonly subjectAltName?: Extension<readonly GeneralName[]>
  readonly basicConstraints?: Extension<BasicConstraints>
  readonly nameConstraints?: Extension<NameConstraints>
  readonly policyConstraints?: Extension<PolicyConstraints>
  /** Object identifiers. */
  readonly extKeyUsage?: Extension<readonly string[]>
  /** How many certificates may follow in which anyPolicy counts. */
  readonly inhibitAnyPolicy?: Extension<number>
  readonly cRLDistributionPoints?: Extension<readonly DistributionPoint[]>
  readonly freshestCRL?: Extension<readonly DistributionPoint[]>
  /** Every extension with its value as bytes, by object identifier, understood or not. */
  readonly all: ReadonlyMap<string, Extension<Uint8Array>>
}
