import { type Certificate, isSelfIssued } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { equalBytes } from '../der/equal-bytes.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { Budget } from '../path/budget.js'
import { strictRules } from '../profile/strict-rules.js'
import { SignatureVerifier } from '../signature/signature-verifier.js'
import { isForSignatures, readLeafKey } from '../trust/leaf-key.js'

/** Something that is wrong with a certificate in its chain, with the clause of RFC 5280 or RFC 7515. */
export interface ChainFault {
  readonly message: string
  readonly clause: string
}

/** How the certificates of a chain follow each other: what is wrong with each in its place, leaf first (RFC 7515 4.1.6). */
export async function findOrderFaults(chain: readonly Certificate[]): Promise<readonly (readonly ChainFault[])[]> {
  const verifier = new SignatureVerifier(new Budget())
  return Promise.all(
    chain.map(async (certificate, index) => {
      const clause = 'RFC 7515 4.1.6'
      if (isSelfSigned(certificate)) {
        return [{ message: 'it is self-signed: an anchor is left out, for whoever trusts it has it', clause }]
      }
      const next = chain[index + 1]
      if (next === undefined) return []
      if (next.subject.comparable !== certificate.issuer.comparable) {
        return [{ message: 'the certificate after it is not one of its issuer', clause }]
      }
      const fault = await faultOf(() => verifier.verify(certificate, next))
      return fault === undefined ? findAuthorityFaults(next) : [fault]
    }),
  )
}

/** Whether a certificate is signed by its own key as far as it says: a new key that the old one of its authority certifies names that one. */
function isSelfSigned(certificate: Certificate): boolean {
  const { authorityKeyIdentifier, subjectKeyIdentifier } = certificate.extensions
  const signer = authorityKeyIdentifier?.value.keyIdentifier
  const own = subjectKeyIdentifier?.value
  return isSelfIssued(certificate) && (signer === undefined || (own !== undefined && equalBytes(signer, own)))
}

function findAuthorityFaults({ extensions }: Certificate): readonly ChainFault[] {
  if (extensions.basicConstraints?.value.ca === true) return []
  return [{ message: 'the certificate after it is not of an authority', clause: 'RFC 5280 6.1.4 (k)' }]
}

/** What is wrong with a certificate alone, at a time, in seconds since 1970. */
export function findOwnFaults(certificate: Certificate, at: number, position: 'leaf' | 'intermediate'): readonly ChainFault[] {
  const { faults, notBefore, notAfter } = certificate
  return [
    ...faults.map(toFault),
    ...(at < notBefore ? [{ message: `it is not valid before ${print(notBefore)}`, clause: 'RFC 5280 6.1.3 (a)(2)' }] : []),
    ...(at > notAfter ? [{ message: `it is not valid after ${print(notAfter)}`, clause: 'RFC 5280 6.1.3 (a)(2)' }] : []),
    ...findKeyFaults(certificate),
    ...(position === 'leaf' && !isForSignatures(certificate)
      ? [{ message: 'its key is not for digital signatures', clause: 'RFC 5280 4.2.1.3' }]
      : []),
    ...strictRules
      .filter(({ isBroken }) => isBroken(certificate, position))
      .map(({ clause, fault }) => ({ message: fault, clause: `RFC 5280 ${clause}` })),
  ]
}

function findKeyFaults({ publicKey }: Certificate): readonly ChainFault[] {
  try {
    readLeafKey(publicKey)
    return []
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    return [{ message: `its key must not be used: ${error.message}`, clause: 'RFC 5280 4.1.2.7' }]
  }
}

async function faultOf(check: () => Promise<void>): Promise<ChainFault | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (!(error instanceof CertificatePathError)) throw error
    return toFault(error)
  }
}

const toFault = ({ message, clause }: CertificatePathError): ChainFault => ({ message, clause })
const print = (seconds: number) => new Date(seconds * 1000).toISOString()
