import * as der from './der.js'
import { authorityKeyIdentifier, basicConstraints, type ExtensionPart, keyUsage, subjectKeyIdentifier } from './extensions.js'
import { type Keys, newEcKeys, type Signing, signings } from './keys.js'

/** Certificates are valid from 2030 to 2040 unless a test says otherwise, and looked at in between. */
export const at = new Date('2035-06-01T12:00:00Z')

/** A name of attributes, outermost first: `['CN', 'Example']`, or with what its value is written as. */
export type NamePart = readonly [
  type: keyof typeof attributeTypes | (string & {}),
  value: string,
  write?: (text: string) => der.Der,
]

const attributeTypes = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
} as const

/** One relative distinguished name of several attributes. */
export function relativeName(...parts: readonly NamePart[]): der.Der {
  return der.set(
    ...parts.map(([type, value, write = der.utf8String]) => {
      const identifier = Object.entries(attributeTypes).find(([name]) => name === type)?.[1] ?? type
      return der.sequence(der.objectIdentifier(identifier), write(value))
    }),
  )
}

export const nameOf = (...parts: readonly NamePart[]): der.Der => der.sequence(...parts.map((part) => relativeName(part)))

/** What a certificate is made of, where it is not as usual. */
export interface Parts {
  /** A common name, or a name in DER. */
  readonly name?: string | der.Der
  readonly keys?: Keys
  /** Whether it is of an authority, and how long a path it may have below. */
  readonly ca?: boolean
  readonly pathLength?: number
  readonly notBefore?: Date | der.Der
  readonly notAfter?: Date | der.Der
  readonly serialNumber?: bigint | number
  /** Beside or instead of the usual ones. */
  readonly extensions?: readonly ExtensionPart[]
  /** Object identifiers of usual extensions that are left out. */
  readonly without?: readonly string[]
  /** Key usages instead of the usual ones. */
  readonly keyUsage?: readonly string[]
  readonly signing?: Signing
  /** The algorithm among what is signed, where it is not the one beside the signature. */
  readonly signedAlgorithm?: der.Der
  /** A name in DER that stands as issuer instead of that of the issuer. */
  readonly issuerName?: der.Der
  readonly version?: 1 | 2 | 3
  /** Elements between key and extensions. */
  readonly uniqueIdentifiers?: readonly der.Der[]
}

/** A certificate with what is needed to issue others with it. */
export interface Issued {
  readonly der: der.Der
  readonly name: der.Der
  readonly keys: Keys
  readonly signing: Signing | undefined
}

let serial = 1000

const years = (year: number) => new Date(Date.UTC(year, 0, 1))

/** A self-signed authority. */
export function issueRoot(parts: Parts = {}): Issued {
  const keys = parts.keys ?? newEcKeys()
  const name = toName(parts.name ?? 'Root')
  return issue({ der: Uint8Array.of(), name, keys, signing: parts.signing }, { ca: true, ...parts, name, keys }, true)
}

/** An authority below another one. */
export const issueAuthority = (issuer: Issued, parts: Parts = {}): Issued =>
  issue(issuer, { ca: true, name: 'Authority', ...parts })

/** A certificate of the issuer, of an end entity by default. */
export function issue(issuer: Issued, parts: Parts = {}, isSelfSigned = false): Issued {
  const keys = parts.keys ?? newEcKeys()
  const name = toName(parts.name ?? 'Leaf')
  const signing = parts.signing ?? issuer.signing ?? signings.ecdsaSha256
  const { ca = false, pathLength, version = 3 } = parts
  const usual = [
    ...(isSelfSigned ? [] : [authorityKeyIdentifier(issuer.keys.identifier)]),
    subjectKeyIdentifier(keys.identifier),
    keyUsage(...(parts.keyUsage ?? (ca ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']))),
    ...(ca ? [basicConstraints({ ca, pathLength })] : []),
  ]
  const own = parts.extensions ?? []
  const leftOut = [...(parts.without ?? []), ...own.map(({ identifier }) => identifier)]
  const extensions = [...usual.filter(({ identifier }) => !leftOut.includes(identifier)), ...own]
  const tbs = der.sequence(
    ...(version === 1 ? [] : [der.explicit(0, der.integer(version - 1))]),
    der.integer(parts.serialNumber ?? serial++),
    parts.signedAlgorithm ?? signing.algorithm,
    parts.issuerName ?? issuer.name,
    der.sequence(toTime(parts.notBefore ?? years(2030)), toTime(parts.notAfter ?? years(2040))),
    name,
    keys.publicKey,
    ...(parts.uniqueIdentifiers ?? []),
    ...(version < 3 || extensions.length === 0 ? [] : [der.explicit(3, der.sequence(...extensions.map(writeExtension)))]),
  )
  const signature = signing.sign(tbs, issuer.keys.privateKey)
  return { der: der.sequence(tbs, signing.algorithm, der.bitString(signature)), name, keys, signing: undefined }
}

function writeExtension({ identifier, critical, value }: ExtensionPart): der.Der {
  return der.sequence(der.objectIdentifier(identifier), ...(critical ? [der.boolean(true)] : []), der.octetString(value))
}

const toName = (name: string | der.Der) => (typeof name === 'string' ? nameOf(['CN', name]) : name)
const toTime = (time: Date | der.Der) => (time instanceof Date ? der.time(time) : time)

export const toPem = ({ der: bytes }: Pick<Issued, 'der'>, label = 'CERTIFICATE') =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`
export const toBase64 = ({ der: bytes }: Pick<Issued, 'der'>) => Buffer.from(bytes).toString('base64')
