import { DerFault } from '../der/der-fault.js'
import { context, DerReader, readWhole, tags } from '../der/der-reader.js'
import { checkInteger, nextObjectIdentifier, readCount, readDefaultFalse } from '../der/der-values.js'
import { readGeneralNames } from '../names/general-name.js'
import { readDistributionPoints } from './distribution-points.js'
import type { AuthorityKeyIdentifier, BasicConstraints, Extension, Extensions } from './extensions.js'
import { extensionIdentifiers } from './identifiers.js'
import { readExtendedKeyUsage, readKeyUsage } from './key-usage.js'
import { readNameConstraints } from './name-constraints.js'
import { readCertificatePolicies, readPolicyConstraints, readPolicyMappings } from './policies.js'

/** What is wrong with the extensions of a certificate that could be told apart. */
export interface ExtensionFault {
  readonly code: 'ERR_CERTIFICATE_DUPLICATE_EXTENSION' | 'ERR_CERTIFICATE_EXTENSION_MALFORMED'
  readonly message: string
  readonly clause?: string
}

type Name = keyof typeof extensionIdentifiers
type ValueOf<Of extends Name> = NonNullable<Extensions[Of]>['value']

const sequence =
  <Value>(read: (content: DerReader) => Value) =>
  (bytes: Uint8Array) =>
    readWhole(bytes, tags.sequence, read)

const primitive =
  <Value>(tag: number, read: (content: Uint8Array) => Value) =>
  (bytes: Uint8Array) => {
    const reader = new DerReader(bytes)
    const { content } = reader.read(tag)
    reader.expectEnd()
    return read(content)
  }

const readers: { readonly [Of in Name]: { readonly clause: string; readonly read: (bytes: Uint8Array) => ValueOf<Of> } } = {
  authorityKeyIdentifier: { clause: '4.2.1.1', read: sequence(readAuthorityKeyIdentifier) },
  subjectKeyIdentifier: { clause: '4.2.1.2', read: primitive(tags.octetString, (content) => content) },
  keyUsage: { clause: '4.2.1.3', read: primitive(tags.bitString, readKeyUsage) },
  certificatePolicies: { clause: '4.2.1.4', read: sequence(readCertificatePolicies) },
  policyMappings: { clause: '4.2.1.5', read: sequence(readPolicyMappings) },
  subjectAltName: { clause: '4.2.1.6', read: sequence(readGeneralNames) },
  basicConstraints: { clause: '4.2.1.9', read: sequence(readBasicConstraints) },
  nameConstraints: { clause: '4.2.1.10', read: sequence(readNameConstraints) },
  policyConstraints: { clause: '4.2.1.11', read: sequence(readPolicyConstraints) },
  extKeyUsage: { clause: '4.2.1.12', read: sequence(readExtendedKeyUsage) },
  inhibitAnyPolicy: { clause: '4.2.1.14', read: primitive(tags.integer, readCount) },
  cRLDistributionPoints: { clause: '4.2.1.13', read: sequence(readDistributionPoints) },
  freshestCRL: { clause: '4.2.1.15', read: sequence(readDistributionPoints) },
}

/**
 * Reads extensions (RFC 5280 4.1.2.9). What does not have the form of an extension throws `DerFault`; an extension that is there twice, or
 * whose value is not of its form, is reported: it does no harm in a certificate that is part of no path.
 */
export function parseExtensions(reader: DerReader): {
  readonly extensions: Extensions
  readonly faults: readonly ExtensionFault[]
} {
  const faults: ExtensionFault[] = []
  const all = new Map<string, Extension<Uint8Array>>()
  for (const { identifier, extension } of reader.each(nextExtension)) {
    if (all.has(identifier)) {
      faults.push({ code: 'ERR_CERTIFICATE_DUPLICATE_EXTENSION', message: `the extension ${identifier} is there twice` })
    }
    all.set(identifier, extension)
  }
  if (all.size === 0) throw new DerFault('the list of extensions is empty')

  const readOne = <Of extends Name>(name: Of): { readonly [Key in Of]?: Extension<ValueOf<Of>> } => {
    const extension = all.get(extensionIdentifiers[name])
    if (extension === undefined) return {}
    const { read, clause } = readers[name]
    try {
      // One key, of this name: TypeScript widens a computed key.
      return { [name]: { critical: extension.critical, value: read(extension.value) } } as {
        readonly [Key in Of]: Extension<ValueOf<Of>>
      }
    } catch (error) {
      if (!(error instanceof DerFault)) throw error
      faults.push({ code: 'ERR_CERTIFICATE_EXTENSION_MALFORMED', message: `${name}: ${error.message}`, clause })
      return {}
    }
  }

  const extensions: Extensions = {
    ...readOne('authorityKeyIdentifier'),
    ...readOne('subjectKeyIdentifier'),
    ...readOne('keyUsage'),
    ...readOne('certificatePolicies'),
    ...readOne('policyMappings'),
    ...readOne('subjectAltName'),
    ...readOne('basicConstraints'),
    ...readOne('nameConstraints'),
    ...readOne('policyConstraints'),
    ...readOne('extKeyUsage'),
    ...readOne('inhibitAnyPolicy'),
    ...readOne('cRLDistributionPoints'),
    ...readOne('freshestCRL'),
    all,
  }
  return { extensions, faults }
}

/** The next element as an extension, whatever it says. Throws `DerFault`. */
export function nextExtension(list: DerReader): { readonly identifier: string; readonly extension: Extension<Uint8Array> } {
  const reader = list.enter(tags.sequence)
  const identifier = nextObjectIdentifier(reader)
  const critical = readDefaultFalse(reader)
  const value = reader.read(tags.octetString).content
  reader.expectEnd()
  return { identifier, extension: { critical, value } }
}

/** Name and serial number of the issuer's issuer are hints nobody here follows. */
export function readAuthorityKeyIdentifier(reader: DerReader): AuthorityKeyIdentifier {
  const keyIdentifier = reader.readOptional(context(0))?.content
  const issuer = reader.readOptional(context(1, 'constructed'))
  if (issuer !== undefined) readGeneralNames(new DerReader(issuer.content))
  const serialNumber = reader.readOptional(context(2))
  if (serialNumber !== undefined) checkInteger(serialNumber.content)
  return { keyIdentifier }
}

function readBasicConstraints(reader: DerReader): BasicConstraints {
  const ca = readDefaultFalse(reader)
  const pathLength = reader.readOptional(tags.integer)
  return { ca, pathLength: pathLength && readCount(pathLength.content) }
}
