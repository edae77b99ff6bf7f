import type { AsymmetricAlgorithm, Jwk } from '@software-statement/core'
import type { RemoteKey } from '@software-statement/signer'
import type { Io } from '../../io.js'
import { UsageError } from '../../usage-error.js'
import { CKA, CKO, CKU } from './constants.js'
import { chooseMechanism } from './mechanism.js'
import { type Attributes, readPublicJwk } from './public-key.js'
import { type Session, withSession } from './session.js'
import type { Pkcs11Uri } from './uri.js'

const publicAttributes = [CKA.keyType, CKA.modulus, CKA.publicExponent, CKA.ecParams, CKA.ecPoint]

/** More than any signature has. */
const mostBytes = 4096

/**
 * The public key of a key on a token: its public object, or what the private one tells of it; `undefined` if there is neither.
 *
 * Throws `UsageError`, `TrustUnavailableError`.
 */
export function readTokenKey(uri: Pkcs11Uri, pin: string | undefined, io: Io): Jwk | undefined {
  return withSession(uri, pin, io, (session) => {
    const own = findKeys(session, CKO.publicKey, uri)
    if (own.length > 1) throw new UsageError('more than one public key on the token fits the pkcs11: key: name object and id')
    const [object = findPrivateKey(session, uri)] = own
    return readPublicJwk(readAttributes(session, object, publicAttributes)) ?? readPartner(session, object)
  })
}

/** A way to sign with a key that never leaves its token. */
export function signOnToken(uri: Pkcs11Uri, pin: string | undefined, alg: AsymmetricAlgorithm, io: Io): RemoteKey['sign'] {
  return async (data) =>
    withSession(uri, pin, io, (session) => {
      const key = findPrivateKey(session, uri)
      const { mechanism, input } = chooseMechanism(alg, data)
      // Some keys want the PIN for each signature, such as the one for signatures of a PIV card.
      const always = readAttributes(session, key, [CKA.alwaysAuthenticate]).get(CKA.alwaysAuthenticate)?.[0] === 1
      if (always && session.pin === undefined)
        throw new UsageError('the pkcs11: key wants the PIN for each signature: give pin-source')
      session.pkcs11.C_SignInit(session.handle, mechanism, key)
      if (always && session.pin !== undefined) session.pkcs11.C_Login(session.handle, CKU.contextSpecific, session.pin)
      return session.pkcs11.C_Sign(session.handle, input, Buffer.alloc(mostBytes))
    })
}

function findPrivateKey(session: Session, uri: Pkcs11Uri): Buffer {
  const [key, ...others] = findKeys(session, CKO.privateKey, uri)
  if (others.length > 0) throw new UsageError('more than one private key on the token fits the pkcs11: key: name object and id')
  if (key !== undefined) return key
  const hint = session.pin === undefined ? ', or it shows only to those with a PIN: give pin-source' : ''
  throw new UsageError(`no private key on the token fits the pkcs11: key${hint}`)
}

function findKeys(
  { pkcs11, handle }: Session,
  keyClass: number,
  { label, id }: Pick<Pkcs11Uri, 'label' | 'id'>,
): readonly Buffer[] {
  pkcs11.C_FindObjectsInit(handle, [
    { type: CKA.class, value: keyClass },
    ...(label === undefined ? [] : [{ type: CKA.label, value: label }]),
    ...(id === undefined ? [] : [{ type: CKA.id, value: id }]),
  ])
  try {
    return pkcs11.C_FindObjects(handle, 2)
  } finally {
    pkcs11.C_FindObjectsFinal(handle)
  }
}

/** The public key that has the identifier of a private one, whatever its label. */
function readPartner(session: Session, object: Buffer): Jwk | undefined {
  const id = readAttributes(session, object, [CKA.id]).get(CKA.id)
  if (id === undefined || id.length === 0) return undefined
  const [partner, ...others] = findKeys(session, CKO.publicKey, { label: undefined, id })
  if (partner === undefined || others.length > 0) return undefined
  return readPublicJwk(readAttributes(session, partner, publicAttributes))
}

/** Attributes one by one: a token refuses all where it does not have one. */
function readAttributes({ pkcs11, handle }: Session, object: Buffer, types: readonly number[]): Attributes {
  const entries = types.flatMap((type) => {
    try {
      return pkcs11.C_GetAttributeValue(handle, object, [{ type }]).map(({ value }) => [type, value] as const)
    } catch {
      return []
    }
  })
  return new Map(entries)
}
