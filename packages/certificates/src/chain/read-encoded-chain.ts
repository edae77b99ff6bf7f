import { splitPem } from '@software-statement/core'
import type { Certificate } from '../certificate/certificate.js'
import { parseCertificate } from '../certificate/parse-certificate.js'
import type { Encoded } from '../certificate/read-bytes.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'

/**
 * Reads a chain: PEM text with one certificate after the other, or certificates one by one, as PEM, base64 or DER.
 *
 * Throws `TypeError` if there is none, or one cannot be read.
 */
export function readEncodedChain(chain: string | readonly Encoded[]): readonly [leaf: Certificate, ...others: Certificate[]] {
  const list: unknown = typeof chain === 'string' ? splitText(chain) : chain
  if (!Array.isArray(list)) throw new TypeError('a chain must be PEM text or an array of certificates')
  const [leaf, ...others] = list.map((encoded: unknown, index) => readOne(encoded, index))
  if (leaf === undefined) throw new TypeError('a chain must have at least one certificate')
  return [leaf, ...others]
}

function splitText(text: string): readonly string[] {
  if (!text.includes('-----')) return [text]
  const blocks = splitPem(text)
  if (blocks === undefined) throw new TypeError('a PEM block of the chain is damaged or cut off')
  return blocks.map((block) => block.text)
}

function readOne(encoded: unknown, index: number): Certificate {
  try {
    return parseCertificate(encoded, { list: index === 0 ? 'leaf' : 'intermediates', index: Math.max(0, index - 1) })
  } catch (cause) {
    if (!(cause instanceof CertificatePathError || cause instanceof TypeError)) throw cause
    throw new TypeError(`certificate ${index + 1} of the chain: ${cause.message}`, { cause })
  }
}
