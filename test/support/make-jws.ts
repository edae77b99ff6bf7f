import { constants, createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto'
import type { Jwk } from '@software-statement/core'
import { keys, type TestKey } from './keys.js'

/** What a JWS is made of. Texts and bytes are taken as they are: anything may be signed, sound or not. */
export interface JwsParts {
  readonly header: object | string | Uint8Array
  readonly payload: object | string | Uint8Array
  readonly key?: Jwk
  /** How to sign, where the header does not say it or says something else. */
  readonly alg?: string
}

const encode = (part: object | string | Uint8Array) => {
  const bytes = part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part)
  return Buffer.from(bytes).toString('base64url')
}

/** Makes a compact JWS with `node:crypto`, so that signing and verifying have no code in common. */
export function makeJws({ header, payload, key = keys.ed25519, alg }: JwsParts): string {
  const input = `${encode(header)}.${encode(payload)}`
  const named = typeof header === 'object' && 'alg' in header && typeof header.alg === 'string' ? header.alg : 'EdDSA'
  return `${input}.${signBytes(alg ?? named, key, input).toString('base64url')}`
}

/** Signs as an algorithm says; ECDSA signatures are `r` and `s` side by side (RFC 7518 3.4). */
export function signBytes(alg: string, key: Jwk, input: string): Buffer {
  const hash = `sha${alg.slice(2)}`
  const bytes = Buffer.from(input)
  if (alg.startsWith('HS'))
    return createHmac(hash, Buffer.from(key.k ?? '', 'base64url'))
      .update(bytes)
      .digest()
  const jwk = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' }) // a JWK of ours is one of theirs
  if (alg.startsWith('ES')) return sign(hash, bytes, { key: jwk, dsaEncoding: 'ieee-p1363' })
  if (alg.startsWith('RS')) return sign(hash, bytes, jwk)
  if (!alg.startsWith('PS')) return sign(null, bytes, jwk)
  return sign(hash, bytes, { key: jwk, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 })
}

/** The moment at which the tests take place. */
export const now = Date.parse('2026-11-21T12:00:00Z') / 1000

export const issuer = 'https://publisher.example'
export const audience = 'https://as.example'

export const vouched = {
  software_id: 'mail',
  software_version: '2.1.0',
  client_name: 'Example Mail',
  redirect_uris: ['https://mail.example/cb'],
} as const

/** Claims of a sound statement, with changes; `undefined` takes a claim away. */
export function makeClaims(changes: Readonly<Record<string, unknown>> = {}): object {
  return { iss: issuer, iat: now - 60, exp: now + 3600, jti: 'statement-1', ...vouched, ...changes }
}

export interface StatementParts {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: TestKey
  readonly alg?: string
}

/** Makes a sound statement of the test publisher, with changes; `undefined` takes a member away. */
export function makeStatement({ claims, header, key = keys.ed25519, alg = 'EdDSA' }: StatementParts = {}): string {
  const parts = { header: { alg, kid: key.kid, typ: 'software-statement+jwt', ...header }, payload: makeClaims(claims) }
  return makeJws({ ...parts, key, alg })
}
