import { DerReader, tags } from '../der/der-reader.js'
import { nextObjectIdentifier } from '../der/der-values.js'

/** An AlgorithmIdentifier (RFC 5280 4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly algorithm: string
  /** The parameters with tag and length, if there are any. */
  readonly parameters: Uint8Array | undefined
  /** All its bytes. */
  readonly der: Uint8Array
}

/** The next element as an AlgorithmIdentifier. Throws `DerFault`. */
export function nextAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const { content, bytes } = reader.read(tags.sequence)
  const inner = new DerReader(content)
  const algorithm = nextObjectIdentifier(inner)
  const parameters = inner.isAtEnd ? undefined : inner.read().bytes
  inner.expectEnd()
  return { algorithm, parameters, der: bytes }
}
