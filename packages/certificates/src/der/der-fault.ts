/** Bytes that are not what they should be, as far as a reader can tell: whoever reads knows which certificate they are of. */
export class DerFault extends Error {
  override readonly name = 'DerFault'
}
