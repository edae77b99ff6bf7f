/** Object identifiers of the extensions that are understood (RFC 5280 4.2.1). */
export const extensionIdentifiers = {
  authorityKeyIdentifier: '2.5.29.35',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  cRLDistributionPoints: '2.5.29.31',
  freshestCRL: '2.5.29.46',
} as const

/** Other names of an issuer, which no path depends on (RFC 5280 4.2.1.7). */
export const issuerAltName = '2.5.29.18'
/** Says that nobody publishes whether the certificate is revoked (RFC 9608 2). */
export const noRevAvail = '2.5.29.56'

/** The policy that stands for all (RFC 5280 4.2.1.4). */
export const anyPolicy = '2.5.29.32.0'

/** Purposes by their names in RFC 5280 4.2.1.12. */
export const keyPurposes: ReadonlyMap<string, string> = new Map([
  ['anyExtendedKeyUsage', '2.5.29.37.0'],
  ['serverAuth', '1.3.6.1.5.5.7.3.1'],
  ['clientAuth', '1.3.6.1.5.5.7.3.2'],
  ['codeSigning', '1.3.6.1.5.5.7.3.3'],
  ['emailProtection', '1.3.6.1.5.5.7.3.4'],
  ['timeStamping', '1.3.6.1.5.5.7.3.8'],
  ['OCSPSigning', '1.3.6.1.5.5.7.3.9'],
])

/** The purpose that stands for all. */
export const anyPurpose = '2.5.29.37.0'
