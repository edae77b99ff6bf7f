import { TrustUnavailableError } from '@software-statement/core'
import type { Io } from '../../io.js'
import { UsageError } from '../../usage-error.js'
import { CKF, CKU } from './constants.js'
import { loadModule, type Pkcs11, type TokenInfo } from './module.js'
import type { Pkcs11Uri, TokenAttribute } from './uri.js'

/** A session with the token of a URI. */
export interface Session {
  readonly pkcs11: Pkcs11
  readonly handle: Buffer
  readonly pin: string | undefined
}

const members: Readonly<Record<TokenAttribute, keyof TokenInfo>> = {
  token: 'label',
  manufacturer: 'manufacturerID',
  serial: 'serialNumber',
  model: 'model',
}

/** Faults of the PIN: the command line has to change, and trying again would lock the token. */
const pinFaults: readonly string[] = [
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_LOCKED',
  'CKR_PIN_EXPIRED',
]

/**
 * Does something in a session with the token of a URI, logged in where there is a PIN; the session ends with it.
 *
 * Throws `UsageError` if the URI names no token or a wrong PIN, `TrustUnavailableError` if the token does not do what it should.
 */
export function withSession<Result>(uri: Pkcs11Uri, pin: string | undefined, io: Io, use: (session: Session) => Result): Result {
  const pkcs11 = loadModule(uri.modulePath, io)
  try {
    pkcs11.C_Initialize()
    try {
      const handle = pkcs11.C_OpenSession(findSlot(pkcs11, uri), CKF.serialSession)
      if (pin !== undefined) pkcs11.C_Login(handle, CKU.user, pin)
      return use({ pkcs11, handle, pin })
    } finally {
      pkcs11.C_Finalize() // ends the session, and the login with it
    }
  } catch (cause) {
    throw explain(cause)
  } finally {
    pkcs11.close()
  }
}

function findSlot(pkcs11: Pkcs11, { token, slotId }: Pkcs11Uri): Buffer {
  const slots = pkcs11.C_GetSlotList(true)
  if (slots.length === 0) {
    throw new TrustUnavailableError('ERR_SIGNER_UNAVAILABLE', 'the PKCS #11 library of the pkcs11: key sees no token')
  }
  const found = slots.filter((slot) => {
    if (slotId !== undefined && toNumber(slot) !== slotId) return false
    const info = pkcs11.C_GetTokenInfo(slot)
    return [...token].every(([name, value]) => info[members[name]].replace(/[ \0]+$/, '') === value)
  })
  const [slot] = found
  if (slot === undefined) throw new UsageError('no token fits the pkcs11: key')
  if (found.length > 1) throw new UsageError('more than one token fits the pkcs11: key: name token, serial or slot-id')
  return slot
}

/** A CK_ULONG, on the machines there are: little end first. */
function toNumber(slot: Buffer): number {
  return slot.readUIntLE(0, Math.min(slot.length, 6))
}

function explain(cause: unknown): unknown {
  if (cause instanceof UsageError || cause instanceof TrustUnavailableError) return cause
  const [code] = (cause instanceof Error ? /\bCKR_\w+/.exec(cause.message) : undefined) ?? []
  if (code !== undefined && pinFaults.includes(code))
    return new UsageError(`the PIN of the pkcs11: key is refused: ${code}`, { cause })
  const message = `the token of the pkcs11: key fails: ${code ?? 'it says not why'}`
  return new TrustUnavailableError('ERR_SIGNER_UNAVAILABLE', message, { cause })
}
