const blocks = /-----BEGIN ([^\r\n-]*)-----([^-]*)-----END \1-----/g

/** A boundary, or at the end of a text what may be the beginning of one. */
const boundary = /-----(?:BEGIN|END|[A-Z]*$)|-$/

/** A block of a PEM text. */
export interface PemBlock {
  /** What it says it is, such as `CERTIFICATE`. */
  readonly label: string
  /** What stands between its boundaries, white space included. */
  readonly base64: string
  /** The whole block. */
  readonly text: string
}

/**
 * Splits PEM text into its blocks (RFC 7468): what stands between them is explanation. `undefined` where a boundary stands outside of a whole
 * block: one that is damaged or cut off must not be passed over as if it was not there.
 *
 * @example
 * ```ts
 * splitPem('Root:\n-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n')?.length // 1
 * splitPem('-----BEGIN CERTIFICATE-----\nMII') // undefined
 * ```
 */
export function splitPem(text: string): readonly PemBlock[] | undefined {
  if (boundary.test(text.replaceAll(blocks, '\n'))) return undefined
  return [...text.matchAll(blocks)].map(([whole, label = '', base64 = '']) => ({ label, base64, text: whole }))
}
