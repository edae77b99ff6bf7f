import type { SubjectPublicKey } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { readIssuerKey } from '../signature/issuer-key.js'

/** A key in a few words: its kind and size, or the identifier of an algorithm that is not known. */
export function describeKey(publicKey: SubjectPublicKey): string {
  try {
    const key = readIssuerKey(publicKey)
    if (key.type === 'RSA') return `RSA${key.pss === undefined ? '' : ' for PSS'} ${key.bytes * 8}`
    return key.type === 'EC' ? `EC ${key.namedCurve}` : key.type
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    return `of the algorithm ${publicKey.algorithm.algorithm}`
  }
}
