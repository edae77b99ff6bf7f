/** Numbers of PKCS #11 3.0: objects, their attributes, kinds of keys, sessions, users. */
export const CKO = { publicKey: 2, privateKey: 3 } as const
export const CKA = {
  class: 0x00,
  label: 0x03,
  keyType: 0x100,
  id: 0x102,
  modulus: 0x120,
  publicExponent: 0x122,
  ecParams: 0x180,
  ecPoint: 0x181,
  alwaysAuthenticate: 0x202,
} as const
export const CKK = { rsa: 0x00, ec: 0x03, ecEdwards: 0x40 } as const
export const CKF = { serialSession: 0x04 } as const
export const CKU = { user: 1, contextSpecific: 2 } as const
