import { encodeBase64url, findKeyWeakness, type Jwk } from '@software-statement/core'
import type { AlgorithmIdentifier } from '../certificate/algorithm-identifier.js'
import type { SubjectPublicKey } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import { DerReader, readWhole, tags } from '../der/der-reader.js'
import { readObjectIdentifier, readPositiveInteger } from '../der/der-values.js'
import { readPssParameters } from './pss-parameters.js'
import { isNull } from './signature-scheme.js'

/** A key with what WebCrypto needs to import it. */
export type IssuerKey = RsaKey | EcKey | OkpKey

interface RsaKey {
  readonly type: 'RSA'
  readonly jwk: { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  /** Of the modulus: every signature has as many. */
  readonly bytes: number
  /** What a key for RSASSA-PSS only says of its signatures (RFC 4055 3.3); `any` where it says nothing. */
  readonly pss: 'any' | ReturnType<typeof readPssParameters> | undefined
}

interface EcKey {
  readonly type: 'EC'
  readonly namedCurve: 'P-256' | 'P-384' | 'P-521'
  readonly point: Uint8Array
  /** Of the order of the curve. */
  readonly bytes: number
}

interface OkpKey {
  readonly type: 'Ed25519'
  readonly point: Uint8Array
}

const rsaEncryption = '1.2.840.113549.1.1.1'
const rsassaPss = '1.2.840.113549.1.1.10'
const ecPublicKey = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

const curves: ReadonlyMap<string, Pick<EcKey, 'namedCurve' | 'bytes'>> = new Map([
  ['1.2.840.10045.3.1.7', { namedCurve: 'P-256', bytes: 32 }],
  ['1.3.132.0.34', { namedCurve: 'P-384', bytes: 48 }],
  ['1.3.132.0.35', { namedCurve: 'P-521', bytes: 66 }],
])

/** Longer ones make a signature check slow, and nobody has them. */
const mostModulusBytes = 1024
const mostExponentBytes = 5

/** Reads the key of an issuer (RFC 3279 2.3, RFC 5480, RFC 8410). Throws `DerFault` for one that is unknown, weak or of a wrong form. */
export function readIssuerKey({ algorithm: identifier, key }: SubjectPublicKey): IssuerKey {
  const { algorithm, parameters } = identifier
  switch (algorithm) {
    case rsaEncryption:
      if (parameters !== undefined && !isNull(parameters)) throw new DerFault('the parameters of an RSA key are not NULL')
      return readRsaKey(key, undefined)
    case rsassaPss:
      return readRsaKey(key, parameters === undefined ? 'any' : readPssParameters(parameters))
    case ecPublicKey:
      return readEcKey(key, identifier)
    case ed25519:
      if (parameters !== undefined) throw new DerFault('an Ed25519 key has parameters')
      if (key.length !== 32) throw new DerFault('an Ed25519 key does not have 32 bytes')
      refuseWeakKey({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key) })
      return { type: 'Ed25519', point: key }
    default:
      throw new DerFault(`keys of the algorithm ${algorithm} are not known`)
  }
}

function refuseWeakKey(jwk: Jwk): void {
  const weakness = findKeyWeakness(jwk)
  if (weakness !== undefined) throw new DerFault(weakness)
}

function readRsaKey(key: Uint8Array, pss: RsaKey['pss']): RsaKey {
  return readWhole(key, tags.sequence, (reader) => {
    const modulus = readPositiveInteger(reader.read(tags.integer).content)
    const exponent = readPositiveInteger(reader.read(tags.integer).content)
    if (modulus.length > mostModulusBytes || exponent.length > mostExponentBytes) throw new DerFault('an RSA key is too long')
    const jwk = { kty: 'RSA', n: encodeBase64url(modulus), e: encodeBase64url(exponent) } as const
    refuseWeakKey(jwk)
    return { type: 'RSA', jwk, bytes: modulus.length, pss }
  })
}

/** Points are not compressed, as every implementation has to read them (RFC 5480 2.2). */
function readEcKey(point: Uint8Array, { parameters }: AlgorithmIdentifier): EcKey {
  const curve = curves.get(parameters === undefined ? '' : readCurve(parameters))
  if (curve === undefined) throw new DerFault('an elliptic curve is not named, or not one of P-256, P-384, P-521')
  if (point.length !== 1 + 2 * curve.bytes || point[0] !== 0x04)
    throw new DerFault('a point is not uncompressed or has a wrong length')
  return { type: 'EC', point, ...curve }
}

/** The name of a curve; parameters that are written out are another choice (RFC 5480 2.1.1), and a way to forge keys. */
function readCurve(parameters: Uint8Array): string {
  const element = new DerReader(parameters).read()
  return element.tag === tags.objectIdentifier ? readObjectIdentifier(element.content) : ''
}
