import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Jwk, SignatureAlgorithm } from '@software-statement/core'
import { root } from './workspace.js'

/** A private key of `fixtures/keys`, as it stands there. */
export type TestKey = Jwk & { readonly kid: string; readonly kty: string }

function readKey(name: string): TestKey {
  return JSON.parse(readFileSync(join(root, 'fixtures', 'keys', `${name}.json`), 'utf8'))
}

/** The test keys that anybody may know. */
export const keys = {
  ed25519: readKey('ed25519'),
  other: readKey('ed25519-other'),
  p256: readKey('p256'),
  p384: readKey('p384'),
  p521: readKey('p521'),
  rsa: readKey('rsa-2048'),
  weakRsa: readKey('rsa-1024'),
  oct: readKey('oct-512'),
} as const

/** The test key that signs with an algorithm. */
export const keyFor: Readonly<Record<SignatureAlgorithm, TestKey>> = {
  ES256: keys.p256,
  ES384: keys.p384,
  ES512: keys.p521,
  PS256: keys.rsa,
  PS384: keys.rsa,
  PS512: keys.rsa,
  RS256: keys.rsa,
  RS384: keys.rsa,
  RS512: keys.rsa,
  EdDSA: keys.ed25519,
  Ed25519: keys.ed25519,
  HS256: keys.oct,
  HS384: keys.oct,
  HS512: keys.oct,
}

const publicNames = ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'n', 'e']

/** The public half of a key; the whole of a symmetric one. */
export function publicHalf(key: Jwk): Jwk {
  const names = key.kty === 'oct' ? [...publicNames, 'k'] : publicNames
  return Object.fromEntries(Object.entries(key).filter(([name]) => names.includes(name)))
}
