import { randomBytes } from 'node:crypto'
import type { Jwk } from '@software-statement/core'

/** P-256 (SEC 2 2.4.2), by hand: the only way to a public key that makes a chosen signature a valid one. */
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
const generator: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
}

interface Point {
  readonly x: bigint
  readonly y: bigint
}

const modulo = (a: bigint, m: bigint) => ((a % m) + m) % m

function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n
  for (let square = modulo(base, m), rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % m) {
    if (rest & 1n) result = (result * square) % m
  }
  return result
}

const inverse = (a: bigint, m: bigint) => power(a, m - 2n, m)

function add(one: Point | undefined, other: Point | undefined): Point | undefined {
  if (one === undefined || other === undefined) return one ?? other
  if (one.x === other.x && one.y !== other.y) return undefined
  const slope =
    one.x === other.x
      ? (3n * one.x * one.x - 3n) * inverse(2n * one.y, p)
      : (other.y - one.y) * inverse(modulo(other.x - one.x, p), p)
  const x = modulo(slope * slope - one.x - other.x, p)
  return { x, y: modulo(slope * (one.x - x) - one.y, p) }
}

function multiply(factor: bigint, point: Point): Point | undefined {
  let result: Point | undefined
  for (let double: Point | undefined = point, rest = factor; rest > 0n; rest >>= 1n, double = add(double, double)) {
    if (rest & 1n) result = add(result, double)
  }
  return result
}

/** The point with an x, if there is one. */
function lift(x: bigint): Point | undefined {
  const square = modulo(x * x * x - 3n * x + b, p)
  const y = power(square, (p + 1n) / 4n, p)
  return (y * y) % p === square ? { x, y } : undefined
}

export const toNumber = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
export const toBytes = (number: bigint, length: number) => Buffer.from(number.toString(16).padStart(2 * length, '0'), 'hex')

/** The public key with which `r` and `s` are a signature of a SHA-256 hash (SEC 1 4.1.6); none for an `r` that is on no point. */
export function recoverKey(r: bigint, s: bigint, hash: Uint8Array): Jwk | undefined {
  const point = lift(r)
  if (point === undefined) return undefined
  const rInverse = inverse(r, n)
  const key = add(multiply(modulo(s * rInverse, n), point), multiply(modulo(-toNumber(hash) * rInverse, n), generator))
  if (key === undefined) return undefined
  const member = (coordinate: bigint) => toBytes(coordinate, 32).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x: member(key.x), y: member(key.y) }
}

/** Signs a SHA-256 hash (SEC 1 4.1.3), which `node:crypto` does not: it hashes what it signs. */
export function signHash(privateKey: bigint, hash: Uint8Array): { readonly r: bigint; readonly s: bigint } {
  const secret = modulo(toNumber(randomBytes(40)), n - 1n) + 1n
  const r = modulo(multiply(secret, generator)?.x ?? 0n, n)
  return { r, s: modulo(inverse(secret, n) * (toNumber(hash) + r * privateKey), n) }
}
