import { createPrivateKey } from 'node:crypto'
import { signDigest } from './key-stores/sign-digest.js'
import { keys } from './keys.js'

const alwaysAuthenticate = 0x202

/**
 * A library for a token whose one key, on P-256, is there for all to see and wants the PIN for each signature. It writes down who logs in
 * with what: 1 for the session, 2 for a signature.
 */
export function makeCarefulToken() {
  const logins: (readonly [user: number, pin: string])[] = []
  const privateKey = createPrivateKey({ key: { ...keys.p256 }, format: 'jwk' })
  class PKCS11 {
    readonly load = () => undefined
    readonly close = () => undefined
    readonly C_Initialize = () => undefined
    readonly C_Finalize = () => undefined
    readonly C_GetSlotList = () => [Buffer.alloc(8)]
    readonly C_GetTokenInfo = () => ({ label: 'careful', manufacturerID: '', serialNumber: '', model: '' })
    readonly C_OpenSession = () => Buffer.alloc(8)
    readonly C_Login = (_: Buffer, user: number, pin: string) => logins.push([user, pin])
    readonly C_FindObjectsInit = () => undefined
    readonly C_FindObjects = () => [Buffer.alloc(8)]
    readonly C_FindObjectsFinal = () => undefined
    readonly C_GetAttributeValue = (_: Buffer, __: Buffer, [asked]: readonly { readonly type: number }[]) => {
      if (asked?.type !== alwaysAuthenticate) throw new Error('CKR_ATTRIBUTE_TYPE_INVALID')
      return [{ type: alwaysAuthenticate, value: Buffer.of(1) }]
    }
    readonly C_SignInit = () => undefined
    readonly C_Sign = (_: Buffer, digest: Buffer) => Buffer.from(signDigest(privateKey, digest).raw)
  }
  return { logins, loadPkcs11: () => ({ PKCS11 }) }
}
