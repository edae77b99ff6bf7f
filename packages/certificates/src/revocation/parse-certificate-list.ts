import { nextAlgorithmIdentifier } from '../certificate/algorithm-identifier.js'
import { readBytes } from '../certificate/read-bytes.js'
import { DerFault } from '../der/der-fault.js'
import { context, DerReader, readWhole, tags } from '../der/der-reader.js'
import { nextTime } from '../der/der-time.js'
import { readCount, readSignature } from '../der/der-values.js'
import { CertificatePathError, type CertificateReference } from '../errors/certificate-path-error.js'
import { nextName } from '../names/distinguished-name.js'
import type { CertificateList } from './certificate-list.js'
import { parseListExtensions } from './list-extensions.js'
import { RevokedCertificates } from './revoked-certificates.js'

/** Room for some hundred thousand entries. */
const mostBytes = 16 * 1_048_576

/**
 * Parses a list of revoked certificates (RFC 5280 5.1) given as PEM, base64 or DER: strict DER, nothing behind its end.
 *
 * Throws `CertificatePathError` with `ERR_CERTIFICATE_CRL_MALFORMED`; `TypeError` for what is neither text nor bytes.
 */
export function parseCertificateList(encoded: unknown, reference: CertificateReference): CertificateList {
  try {
    const der = readBytes(encoded, 'X509 CRL', mostBytes)
    return readWhole(der, tags.sequence, (reader) => readCertificateList(reader, reference))
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    throw new CertificatePathError('ERR_CERTIFICATE_CRL_MALFORMED', `the list cannot be read: ${error.message}`, {
      certificate: reference,
      cause: error,
    })
  }
}

function readCertificateList(reader: DerReader, reference: CertificateReference): CertificateList {
  const signed = reader.read(tags.sequence)
  const signatureAlgorithm = nextAlgorithmIdentifier(reader)
  const signature = readSignature(reader.read(tags.bitString).content)

  const tbs = new DerReader(signed.content)
  const version = tbs.readOptional(tags.integer)
  if (version !== undefined && readCount(version.content) !== 1) throw new DerFault('the version is not 2')
  const signedAlgorithm = nextAlgorithmIdentifier(tbs)
  const issuer = nextName(tbs)
  const thisUpdate = nextTime(tbs)
  const nextUpdate = tbs.nextTag === tags.utcTime || tbs.nextTag === tags.generalizedTime ? nextTime(tbs) : undefined
  const entries = tbs.readOptional(tags.sequence)?.content ?? new Uint8Array()
  const { extensions, fault } = readExtensions(tbs)
  tbs.expectEnd()
  if (version === undefined && extensions.all.size > 0) throw new DerFault('extensions need version 2')
  const isIndirect = extensions.issuingDistributionPoint?.value.indirectCRL === true
  return {
    ...{ reference, tbs: signed.bytes, signatureAlgorithm, signedAlgorithm, signature },
    ...{ issuer, thisUpdate, nextUpdate, extensions, fault },
    revoked: new RevokedCertificates(entries, { issuer, isIndirect }),
  }
}

function readExtensions(tbs: DerReader): ReturnType<typeof parseListExtensions> {
  const element = tbs.readOptional(context(0, 'constructed'))
  if (element === undefined) return { extensions: { all: new Map() }, fault: undefined }
  return readWhole(element.content, tags.sequence, parseListExtensions)
}
