export { type CertificatePathErrorCode, certificateFaults } from './errors/certificate-faults.js'
export {
  CertificatePathError,
  type CertificateReference,
  type PlainCertificatePathError,
} from './errors/certificate-path-error.js'
