import { DerFault } from '../der/der-fault.js'
import { context, DerReader, readWhole, tags } from '../der/der-reader.js'
import { nextTime } from '../der/der-time.js'
import { checkInteger, readCount, readOctets, readSignature } from '../der/der-values.js'
import { CertificatePathError, type CertificateReference } from '../errors/certificate-path-error.js'
import type { Extensions } from '../extensions/extensions.js'
import { type ExtensionFault, parseExtensions } from '../extensions/parse-extensions.js'
import { nextName } from '../names/distinguished-name.js'
import { nextAlgorithmIdentifier } from './algorithm-identifier.js'
import type { Certificate, SubjectPublicKey } from './certificate.js'
import { readBytes } from './read-bytes.js'

const versions = [1, 2, 3] as const

/** Longer than any certificate, with keys and signatures of any kind and thousands of names. */
const mostBytes = 1_048_576

/**
 * Parses a certificate (RFC 5280 4.1) given as PEM, base64 or DER: strict DER, nothing behind its end.
 *
 * Throws `CertificatePathError` with `ERR_CERTIFICATE_MALFORMED`; `TypeError` for what is neither text nor bytes.
 */
export function parseCertificate(encoded: unknown, reference: CertificateReference): Certificate {
  try {
    const der = readBytes(encoded, 'CERTIFICATE', mostBytes)
    return readWhole(der, tags.sequence, (reader) => readCertificate(reader, der, reference))
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    throw new CertificatePathError('ERR_CERTIFICATE_MALFORMED', `the certificate cannot be read: ${error.message}`, {
      certificate: reference,
      cause: error,
    })
  }
}

function readCertificate(reader: DerReader, der: Uint8Array, given: CertificateReference): Certificate {
  const signed = reader.read(tags.sequence)
  const signatureAlgorithm = nextAlgorithmIdentifier(reader)
  const signature = readSignature(reader.read(tags.bitString).content)

  const tbs = new DerReader(signed.content)
  const version = readVersion(tbs)
  const serialNumber = checkInteger(tbs.read(tags.integer).content)
  const signedAlgorithm = nextAlgorithmIdentifier(tbs)
  const issuer = nextName(tbs)
  const validity = tbs.enter(tags.sequence)
  const notBefore = nextTime(validity)
  const notAfter = nextTime(validity)
  validity.expectEnd()
  const subject = nextName(tbs)
  const publicKey = nextPublicKey(tbs)
  readUniqueIdentifiers(tbs, version)
  const { extensions, faults } = readExtensions(tbs, version)
  tbs.expectEnd()

  const reference = { ...given, subject: subject.text }
  return {
    ...{ reference, der, tbs: signed.bytes, version, serialNumber, signatureAlgorithm, signedAlgorithm, signature },
    ...{ issuer, subject, notBefore, notAfter, publicKey, extensions },
    faults: faults.map(
      ({ code, message, clause }) => new CertificatePathError(code, message, { certificate: reference, clause }),
    ),
  }
}

/** Version 1 is left out: spelled out it would be another spelling of the same (X.690 11.5). */
function readVersion(tbs: DerReader): Certificate['version'] {
  const element = tbs.readOptional(context(0, 'constructed'))
  if (element === undefined) return 1
  const reader = new DerReader(element.content)
  const version = versions[readCount(reader.read(tags.integer).content)]
  reader.expectEnd()
  if (version === undefined || version === 1) throw new DerFault('the version is not 2 or 3')
  return version
}

const bytewise = new TextDecoder('latin1')

function nextPublicKey(tbs: DerReader): SubjectPublicKey {
  const { bytes, content } = tbs.read(tags.sequence)
  const reader = new DerReader(content)
  const algorithm = nextAlgorithmIdentifier(reader)
  const key = readOctets(reader.read(tags.bitString).content)
  reader.expectEnd()
  return { algorithm, key, der: bytes, comparable: bytewise.decode(bytes) }
}

/** Nobody should write them (RFC 5280 4.1.2.8), and nobody here uses them. */
function readUniqueIdentifiers(tbs: DerReader, version: Certificate['version']): void {
  const issuer = tbs.readOptional(context(1))
  const subject = tbs.readOptional(context(2))
  if (version === 1 && (issuer ?? subject) !== undefined) throw new DerFault('unique identifiers need version 2 or 3')
}

function readExtensions(
  tbs: DerReader,
  version: Certificate['version'],
): { readonly extensions: Extensions; readonly faults: readonly ExtensionFault[] } {
  const element = tbs.readOptional(context(3, 'constructed'))
  if (element === undefined) return { extensions: { all: new Map() }, faults: [] }
  if (version !== 3) throw new DerFault('extensions need version 3')
  return readWhole(element.content, tags.sequence, parseExtensions)
}
