import type { Jwk } from '@software-statement/core'
import { UsageError } from '../../usage-error.js'
import { CKA, CKK } from './constants.js'

/** The attributes of a key by their number; those that the token does not give are absent. */
export type Attributes = ReadonlyMap<number, Buffer>

interface Curve {
  readonly crv: string
  readonly bytes: number
}

const p = (bits: number, bytes: number): Curve => ({ crv: `P-${bits}`, bytes })
const ed25519: Curve = { crv: 'Ed25519', bytes: 32 }

/** Curves by CKA_EC_PARAMS: an object identifier, for Ed25519 also the name that tokens give it (PKCS #11 3.0 2.3.5). */
const curves: ReadonlyMap<string, Curve> = new Map([
  ['06082a8648ce3d030107', p(256, 32)],
  ['06052b81040022', p(384, 48)],
  ['06052b81040023', p(521, 66)],
  ['06032b6570', ed25519],
  [`130c${Buffer.from('edwards25519').toString('hex')}`, ed25519],
])

/** The public key that the attributes of a key hold, `undefined` if they do not. Throws `UsageError` for a kind that does not sign here. */
export function readPublicJwk(attributes: Attributes): Jwk | undefined {
  const type = attributes.get(CKA.keyType)?.readUInt8(0)
  if (type === CKK.rsa) return readRsa(attributes)
  if (type === CKK.ec || type === CKK.ecEdwards) return readCurve(attributes)
  throw new UsageError('the pkcs11: key is not RSA, EC or Ed25519')
}

function readRsa(attributes: Attributes): Jwk | undefined {
  const [n, e] = [attributes.get(CKA.modulus), attributes.get(CKA.publicExponent)]
  if (n === undefined || e === undefined || n.length === 0 || e.length === 0) return undefined
  return { kty: 'RSA', n: encodeNumber(n), e: encodeNumber(e) }
}

function readCurve(attributes: Attributes): Jwk | undefined {
  const curve = curves.get(attributes.get(CKA.ecParams)?.toString('hex') ?? '')
  if (curve === undefined) throw new UsageError('the curve of the pkcs11: key is not P-256, P-384, P-521 or Ed25519')
  const point = attributes.get(CKA.ecPoint)
  const { crv, bytes } = curve
  if (point === undefined || point.length === 0) return undefined
  if (crv === 'Ed25519') return { kty: 'OKP', crv, x: unwrap(point, bytes).toString('base64url') }
  const both = unwrap(point, 1 + 2 * bytes)
  if (both[0] !== 0x04) throw new UsageError('the token gives the point of the pkcs11: key compressed: name its public key')
  const [x, y] = [both.subarray(1, 1 + bytes), both.subarray(1 + bytes)]
  return { kty: 'EC', crv, x: x.toString('base64url'), y: y.toString('base64url') }
}

/** A point comes in a DER OCTET STRING (PKCS #11 3.0 2.3.3); some tokens leave that out. */
function unwrap(point: Buffer, length: number): Buffer {
  return point.length > length && point[0] === 0x04 ? point.subarray(point.length - length) : point
}

/** Without leading zeros (RFC 7518 6.3.1). */
function encodeNumber(bytes: Buffer): string {
  return bytes
    .subarray(
      Math.max(
        bytes.findIndex((byte) => byte !== 0),
        0,
      ),
    )
    .toString('base64url')
}
