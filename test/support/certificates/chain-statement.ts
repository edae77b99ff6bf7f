import { constants, type KeyObject, sign } from 'node:crypto'
import { audience, vouched } from '../make-jws.js'
import { at, type Issued, toBase64 } from './issue.js'

export const publisher = 'https://publisher.example/udap'
export const seconds = at.getTime() / 1000

/** What a statement with certificates is made of, where it is not as usual. */
export interface ChainStatementParts {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly alg?: string
  /** Who signs instead of the leaf. */
  readonly signer?: Issued
}

/** A statement of five minutes, as UDAP has it, signed by the first of the certificates, which are in its header. */
export function signWithChain(
  chain: readonly Issued[],
  { claims, header, alg = 'ES256', signer }: ChainStatementParts = {},
): string {
  const [leaf] = chain
  const keys = (signer ?? leaf)?.keys
  if (keys === undefined) throw new Error('there is nobody to sign')
  const payload = {
    ...{ iss: publisher, sub: publisher, aud: audience, iat: seconds - 60, exp: seconds + 240, jti: 'udap-1' },
    ...vouched,
    ...claims,
  }
  const parts = [{ alg, typ: 'JWT', x5c: chain.map(toBase64), ...header }, payload]
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${input}.${signAs(alg, keys.privateKey, Buffer.from(input)).toString('base64url')}`
}

/** Keys for RSASSA-PSS only cannot be written as JWK. */
function signAs(alg: string, key: KeyObject, bytes: Uint8Array): Buffer {
  if (alg === 'EdDSA') return sign(null, bytes, key)
  const hash = `sha${alg.slice(2)}`
  if (alg.startsWith('ES')) return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' })
  if (alg.startsWith('RS')) return sign(hash, bytes, key)
  return sign(hash, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 })
}
