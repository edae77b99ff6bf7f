import type { Io } from '../../io.js'
import { UsageError } from '../../usage-error.js'

/** The part of pkcs11js that is used here; its own types are not there where it is not installed. */
export interface Pkcs11 {
  load(path: string): void
  close(): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(tokenPresent: boolean): Buffer[]
  C_GetTokenInfo(slot: Buffer): TokenInfo
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_Login(session: Buffer, user: number, pin: string): void
  C_FindObjectsInit(session: Buffer, template: Template): void
  C_FindObjects(session: Buffer, most: number): Buffer[]
  C_FindObjectsFinal(session: Buffer): void
  C_GetAttributeValue(session: Buffer, key: Buffer, template: Template): { readonly type: number; readonly value: Buffer }[]
  C_SignInit(session: Buffer, mechanism: Mechanism, key: Buffer): void
  C_Sign(session: Buffer, data: Buffer, signature: Buffer): Buffer
}

/** Texts are padded with blanks. */
export interface TokenInfo {
  readonly label: string
  readonly manufacturerID: string
  readonly serialNumber: string
  readonly model: string
}

export type Template = readonly { readonly type: number; readonly value?: number | string | Buffer }[]

export interface Mechanism {
  readonly mechanism: number
  readonly parameter?: { readonly type: number; readonly hashAlg: number; readonly mgf: number; readonly saltLen: number }
}

/** Loads pkcs11js and through it the PKCS #11 library of a token. Throws `UsageError`. */
export function loadModule(path: string, io: Io): Pkcs11 {
  const pkcs11 = makePkcs11(io)
  try {
    pkcs11.load(path)
  } catch (cause) {
    throw new UsageError('the module-path of the pkcs11: key is not a PKCS #11 library that can be loaded', { cause })
  }
  return pkcs11
}

function makePkcs11(io: Io): Pkcs11 {
  try {
    const { PKCS11 } = io.loadPkcs11() as { readonly PKCS11: new () => Pkcs11 } // what the package exports
    return new PKCS11()
  } catch (cause) {
    throw new UsageError('a pkcs11: key needs the package pkcs11js: npm install pkcs11js, beside software-statement', { cause })
  }
}
