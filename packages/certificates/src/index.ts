export type { Encoded } from './certificate/read-bytes.js'
export type { CertificatePath, PathCertificate, PathReason } from './certificate-path.js'
export { type CertificateChainOptions, certificateChain } from './chain/certificate-chain.js'
export type { ChainFault } from './chain/chain-faults.js'
export {
  type CertificateDescription,
  type InspectedCertificate,
  inspectCertificates,
} from './chain/inspect-certificates.js'
export { type CertificatePathErrorCode, certificateFaults } from './errors/certificate-faults.js'
export {
  CertificatePathError,
  type CertificateReference,
  type PlainCertificatePathError,
} from './errors/certificate-path-error.js'
export type { KeyUsage } from './extensions/extensions.js'
export type { CertificatePathOptions, PolicyInputs, Revocation } from './options.js'
export { type PathLimit, pathLimits } from './path/budget.js'
export type { Profile } from './profile/profile.js'
export type { IssuerFrom } from './trust/issuer-names.js'
export { trustCertificates } from './trust/trust-certificates.js'
export type { CertificateTrustOptions } from './trust/trust-options.js'
export { validateCertificatePath } from './validate-certificate-path.js'
