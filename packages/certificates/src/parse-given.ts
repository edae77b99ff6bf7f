import type { CertificateReference } from './errors/certificate-path-error.js'

/**
 * Parses a certificate or a list that a caller has given.
 *
 * Throws what the parser throws; a `TypeError` says where what is no text and no bytes was given.
 */
export function parseGiven<Parsed>(
  parse: (encoded: unknown, reference: CertificateReference) => Parsed,
  encoded: unknown,
  reference: CertificateReference,
): Parsed {
  try {
    return parse(encoded, reference)
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`${describePlace(reference)} ${error.message}`)
    throw error
  }
}

/** Where something was given: `leaf`, `anchors[2]`. */
export function describePlace({ list, index }: CertificateReference): string {
  return list === 'leaf' ? list : `${list}[${index}]`
}
