import * as der from './der.js'
import { authorityKeyIdentifier, type ExtensionPart } from './extensions.js'
import type { Issued } from './issue.js'
import { type Signing, signings } from './keys.js'

const part = (identifier: string, critical: boolean, value: der.Der): ExtensionPart => ({ identifier, critical, value })

/** Names of distribution points: full, or what is below the name of the issuer of lists. */
export type PointName = { readonly full: readonly der.Der[] } | { readonly relative: der.Der }

const writePointName = (name: PointName) =>
  der.explicit(0, 'full' in name ? der.explicit(0, ...name.full) : der.explicit(1, name.relative.subarray(2)))

const reasonNames = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const

export type ReasonFlag = (typeof reasonNames)[number]

export const everyReason: readonly ReasonFlag[] = reasonNames.slice(1)

function writeReasonFlags(number: number, reasons: readonly ReasonFlag[]): der.Der {
  const bits = reasonNames.map((name) => (reasons.includes(name) ? 1 : 0))
  const bytes = [0, 8].map((start) => bits.slice(start, start + 8).reduce<number>((byte, bit, at) => byte | (bit << (7 - at)), 0))
  const used = bytes[1] === 0 ? bytes.slice(0, 1) : bytes
  const last = used.at(-1) ?? 0
  return der.implicit(number, Uint8Array.of(last === 0 ? 0 : 31 - Math.clz32(last & -last), ...used))
}

export interface PointParts {
  readonly name?: PointName | undefined
  readonly reasons?: readonly ReasonFlag[]
  /** Names, such as `directory` makes. */
  readonly cRLIssuer?: readonly der.Der[]
}

const writePoints = (points: readonly PointParts[]) =>
  der.sequence(
    ...points.map(({ name, reasons, cRLIssuer }) =>
      der.sequence(
        ...(name === undefined ? [] : [writePointName(name)]),
        ...(reasons === undefined ? [] : [writeReasonFlags(1, reasons)]),
        ...(cRLIssuer === undefined ? [] : [der.explicit(2, ...cRLIssuer)]),
      ),
    ),
  )

export const distributionPoints = (...points: readonly PointParts[]) => part('2.5.29.31', false, writePoints(points))
export const freshestList = (...points: readonly PointParts[]) => part('2.5.29.46', false, writePoints(points))
export const noRevAvail = part('2.5.29.56', false, der.none)

export interface ScopeParts {
  readonly name?: PointName | undefined
  readonly only?: 'user' | 'authority' | 'attribute'
  readonly reasons?: readonly ReasonFlag[]
  readonly indirect?: boolean
}

const flag = (number: number, isSet: boolean) => (isSet ? [der.implicit(number, Uint8Array.of(0xff))] : [])

export const issuingDistributionPoint = ({ name, only, reasons, indirect = false }: ScopeParts) =>
  part(
    '2.5.29.28',
    true,
    der.sequence(
      ...(name === undefined ? [] : [writePointName(name)]),
      ...flag(1, only === 'user'),
      ...flag(2, only === 'authority'),
      ...(reasons === undefined ? [] : [writeReasonFlags(3, reasons)]),
      ...flag(4, indirect),
      ...flag(5, only === 'attribute'),
    ),
  )

export const listNumber = (number: bigint | number) => part('2.5.29.20', false, der.integer(number))
export const deltaTo = (number: bigint | number) => part('2.5.29.27', true, der.integer(number))

const reasonCodes = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  certificateHold: 6,
  removeFromCRL: 8,
} as const

export const reasonCode = (reason: keyof typeof reasonCodes) =>
  part('2.5.29.21', false, der.element(0x0a, Uint8Array.of(reasonCodes[reason])))
export const certificateIssuer = (...names: readonly der.Der[]) => part('2.5.29.29', true, der.sequence(...names))

/** A certificate that is revoked: by its serial number, with extensions of the entry. */
export type Entry = readonly [serialNumber: bigint | number, ...extensions: readonly ExtensionPart[]]

export interface ListParts {
  readonly revoked?: readonly Entry[]
  readonly thisUpdate?: Date
  /** `null` leaves it out. */
  readonly nextUpdate?: Date | null
  /** Beside or instead of the usual ones: the key identifier of the issuer and the number 1. */
  readonly extensions?: readonly ExtensionPart[]
  /** Object identifiers of usual extensions that are left out. */
  readonly without?: readonly string[]
  /** A name in DER that stands as issuer instead of that of the issuer. */
  readonly issuerName?: der.Der
  readonly signing?: Signing
  readonly signedAlgorithm?: der.Der
  readonly version?: 1 | 2
}

const writeExtensions = (parts: readonly ExtensionPart[]) =>
  der.sequence(
    ...parts.map(({ identifier, critical, value }) =>
      der.sequence(der.objectIdentifier(identifier), ...(critical ? [der.boolean(true)] : []), der.octetString(value)),
    ),
  )

/** A list of revoked certificates, in DER: of June 2035 unless a test says otherwise. */
export function issueList(issuer: Pick<Issued, 'name' | 'keys' | 'signing'>, parts: ListParts = {}): Pick<Issued, 'der'> {
  const signing = parts.signing ?? issuer.signing ?? signings.ecdsaSha256
  const { revoked = [], nextUpdate = new Date('2035-07-01'), version = 2, extensions: own = [] } = parts
  const leftOut = [...(parts.without ?? []), ...own.map(({ identifier }) => identifier)]
  const usual = [authorityKeyIdentifier(issuer.keys.identifier), listNumber(1)]
  const extensions = [...usual.filter(({ identifier }) => !leftOut.includes(identifier)), ...own]
  const entries = revoked.map(([serialNumber, ...entryExtensions]) =>
    der.sequence(
      der.integer(serialNumber),
      der.time(new Date('2035-05-01')),
      ...(entryExtensions.length === 0 ? [] : [writeExtensions(entryExtensions)]),
    ),
  )
  const tbs = der.sequence(
    ...(version === 1 ? [] : [der.integer(1)]),
    parts.signedAlgorithm ?? signing.algorithm,
    parts.issuerName ?? issuer.name,
    der.time(parts.thisUpdate ?? new Date('2035-06-01')),
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
    ...(version === 1 || extensions.length === 0 ? [] : [der.explicit(0, writeExtensions(extensions))]),
  )
  return { der: der.sequence(tbs, signing.algorithm, der.bitString(signing.sign(tbs, issuer.keys.privateKey))) }
}
