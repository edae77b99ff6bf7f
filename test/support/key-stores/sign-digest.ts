import { strict as assert } from 'node:assert'
import type { KeyObject } from 'node:crypto'
import { signHash, toBytes, toNumber } from '../curve.js'

/** Signs a SHA-256 digest as key stores do, in both forms. */
export function signDigest(privateKey: KeyObject, digest: Uint8Array): { readonly raw: Uint8Array; readonly der: Uint8Array } {
  assert.ok(digest instanceof Uint8Array)
  assert.equal(digest.length, 32)
  const { d = '' } = privateKey.export({ format: 'jwk' })
  const { r, s } = signHash(toNumber(Buffer.from(d, 'base64url')), digest)
  const integers = [r, s].map(toInteger)
  const length = integers.reduce((sum, { length: bytes }) => sum + bytes, 0)
  const raw = Buffer.concat([toBytes(r, 32), toBytes(s, 32)])
  return { raw: new Uint8Array(raw), der: new Uint8Array(Buffer.concat([Buffer.from([0x30, length]), ...integers])) }
}

function toInteger(number: bigint): Buffer {
  const hex = number.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const signed = (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes])
  return Buffer.concat([Buffer.from([0x02, signed.length]), signed])
}
