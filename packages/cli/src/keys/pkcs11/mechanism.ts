import { createHash } from 'node:crypto'
import type { AsymmetricAlgorithm } from '@software-statement/core'
import type { Mechanism } from './module.js'

/** `pkcs11js` names the structure of a parameter by a number of its own. */
const rsaPssParameter = 5

const ecdsa = { mechanism: 0x1041 } as const // CKM_ECDSA: takes the hash
const eddsa = { mechanism: 0x1057 } as const // CKM_EDDSA
const pss = (mechanism: number, hashAlg: number, mgf: number, saltLen: number): Mechanism => ({
  mechanism,
  parameter: { type: rsaPssParameter, hashAlg, mgf, saltLen },
})

/** CKM_ECDSA, CKM_SHA*_RSA_PKCS_PSS with the salt as long as the hash (RFC 7518 3.5), CKM_SHA*_RSA_PKCS, CKM_EDDSA. */
const mechanisms: Readonly<Record<AsymmetricAlgorithm, Mechanism>> = {
  ES256: ecdsa,
  ES384: ecdsa,
  ES512: ecdsa,
  PS256: pss(0x43, 0x250, 2, 32),
  PS384: pss(0x44, 0x260, 3, 48),
  PS512: pss(0x45, 0x270, 4, 64),
  RS256: { mechanism: 0x40 },
  RS384: { mechanism: 0x41 },
  RS512: { mechanism: 0x42 },
  EdDSA: eddsa,
  Ed25519: eddsa,
}

/** How a token signs with an algorithm, and what it is given to sign: for ECDSA the hash, which every token takes. */
export function chooseMechanism(
  alg: AsymmetricAlgorithm,
  data: Uint8Array,
): { readonly mechanism: Mechanism; readonly input: Buffer } {
  const input = alg.startsWith('ES')
    ? createHash(`sha${alg.slice(2)}`)
        .update(data)
        .digest()
    : Buffer.from(data)
  return { mechanism: mechanisms[alg], input }
}
