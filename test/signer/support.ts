import { constants, createHmac, createPrivateKey, createPublicKey, createSecretKey, type KeyObject, verify } from 'node:crypto'
import { describeAlgorithm } from '@software-statement/core'
import type { Jwk, SignatureAlgorithm, SignOptions } from '@software-statement/signer'
import { keys as testKeys } from '../support/keys.js'

export const asymmetric = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
] as const
export const symmetric = ['HS256', 'HS384', 'HS512'] as const

/** The test keys without `alg`, `use` and `kid`: those stand in tests where they matter. */
const bare = ({ alg: _alg, use: _use, kid: _kid, key_ops: _operations, ...jwk }: Jwk): Jwk => jwk

export const keys = {
  ES256: bare(testKeys.p256),
  ES384: bare(testKeys.p384),
  ES512: bare(testKeys.p521),
  RSA: bare(testKeys.rsa),
  Ed25519: bare(testKeys.ed25519),
  oct: bare(testKeys.oct),
} as const

export function keyFor(alg: SignatureAlgorithm): Jwk {
  const { kty, crv } = describeAlgorithm(alg)
  const key = Object.values(keys).find((jwk: Jwk) => jwk.kty === kty && jwk.crv === crv)
  if (key === undefined) throw new Error(`no key for ${alg}`)
  return key
}

export function toKeyObject(jwk: Jwk): KeyObject {
  return jwk.kty === 'oct'
    ? createSecretKey(Buffer.from(String(jwk.k), 'base64url'))
    : createPrivateKey({ key: { ...jwk } as never, format: 'jwk' }) // the members are those of a JsonWebKey
}

export function toPem(jwk: Jwk, encryption: { cipher?: string; passphrase?: string } = {}): string {
  return toKeyObject(jwk)
    .export({ type: 'pkcs8', format: 'pem', ...encryption })
    .toString()
}

export function toCryptoKey(jwk: Jwk, alg: SignatureAlgorithm, extractable: boolean) {
  return crypto.subtle.importKey('jwk', { ...jwk } as never, describeAlgorithm(alg).importParameters, extractable, ['sign'])
}

/** Verifies a compact JWS with node:crypto alone. */
export function verifyWithNode(statement: string, jwk: Jwk): boolean {
  const [header = '', payload = '', text = ''] = statement.split('.')
  const { alg } = decodePart(header)
  const input = Buffer.from(`${header}.${payload}`)
  const signature = Buffer.from(text, 'base64url')
  const hash = `sha${String(alg).slice(2)}`
  if (jwk.kty === 'oct') return createHmac(hash, toKeyObject(jwk)).update(input).digest().equals(signature)
  const key = createPublicKey(toKeyObject(jwk))
  if (jwk.kty === 'OKP') return verify(null, input, key, signature)
  if (jwk.kty === 'EC') return verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, signature)
  const padding = String(alg).startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING }
  return verify(hash, input, { key, ...padding }, signature)
}

export function decodePart(part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
}

export const headerOf = (statement: string) => decodePart(statement.split('.')[0])
export const claimsOf = (statement: string) => decodePart(statement.split('.')[1])

export const currentDate = new Date('2026-11-21T12:00:00.900Z')
export const now = Date.parse('2026-11-21T12:00:00Z') / 1000

/** Options that are sound; tests change what they are about. */
export const sound = { issuer: 'https://publisher.example', key: keys.ES256, currentDate } as const satisfies SignOptions

export const mail = {
  software_id: 'mail',
  software_version: '2.1.0',
  client_name: 'Example Mail',
  'client_name#ja': 'メール',
  redirect_uris: ['https://mail.example/cb'],
  scope: 'openid email',
} as const
