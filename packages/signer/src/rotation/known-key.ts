import { algorithmsOfKey, defaultLimits, type Jwk, type ParsedStatement } from '@software-statement/core'
import { kidOf, publicHalfOf, thumbprintOf } from '../keys/public-half.js'
import { publishKey } from '../keys/public-jwks.js'
import { type KeyInput, readKey } from '../keys/read-key.js'
import { isSignatureOf } from '../keys/sign-bytes.js'
import type { KeyRole } from './plan.js'

/** A key of the issuer as servers know it. */
export interface KnownKey {
  readonly role: KeyRole
  readonly kid: string
  readonly thumbprint: string
  readonly publicJwk: Jwk
}

/** Reads a key for its public half. Throws `TypeError` for one that cannot be published. */
export async function readKnownKey(input: KeyInput, role: KeyRole, passphrase: string | undefined): Promise<KnownKey> {
  const publicJwk = await publishKey(await readKey(input, passphrase))
  const kid = await kidOf(publicJwk, defaultLimits.kidLength)
  return { role, kid, thumbprint: await thumbprintOf(publicJwk), publicJwk }
}

/** The key that made a statement, the one with its `kid` first: a name alone proves nothing. */
export async function findSigner(statement: ParsedStatement, keys: readonly KnownKey[]): Promise<KnownKey | undefined> {
  const { alg, kid } = statement.header
  const isNamed = (key: KnownKey) => key.kid === kid
  for (const key of [...keys.filter(isNamed), ...keys.filter((other) => !isNamed(other))]) {
    const { publicJwk } = key
    if (!algorithmsOfKey(publicJwk).includes(alg)) continue
    if (await isSignatureOf(publicHalfOf(publicJwk), alg, statement.signingInput, statement.signature)) return key
  }
  return undefined
}
