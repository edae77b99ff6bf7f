import { DerFault } from '../der/der-fault.js'
import { readWhole, tags } from '../der/der-reader.js'
import { readPositiveInteger } from '../der/der-values.js'

/**
 * The two numbers of an ECDSA signature (RFC 3279 2.2.3) one after the other, each as long as the order of the curve, as WebCrypto takes
 * them.
 *
 * Throws `DerFault`.
 */
export function joinEcdsaSignature(signature: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  return readWhole(signature, tags.sequence, (reader) => {
    const joined = new Uint8Array(2 * bytes)
    for (const end of [bytes, 2 * bytes]) {
      const number = readPositiveInteger(reader.read(tags.integer).content)
      if (number.length > bytes) throw new DerFault('a number of the signature is longer than the order of the curve')
      joined.set(number, end - number.length)
    }
    return joined
  })
}
