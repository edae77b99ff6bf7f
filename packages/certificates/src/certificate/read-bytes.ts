import { bytesOf, decodeBase64url, splitPem } from '@software-statement/core'
import { DerFault } from '../der/der-fault.js'

/** Something that is encoded in DER: its bytes, or as text base64 (RFC 4648 4, as in `x5c`) or PEM (RFC 7468). */
export type Encoded = string | Uint8Array | ArrayBuffer

/**
 * The bytes of what is given as DER, base64 or PEM, up to a number of bytes; a text holds one PEM block, of the given label, and may have
 * explanations around it.
 *
 * Throws `DerFault`; `TypeError` for what is neither text nor bytes.
 */
export function readBytes(encoded: unknown, label: string, mostBytes: number): Uint8Array {
  const bytes = typeof encoded === 'string' ? readText(encoded, label, mostBytes) : bytesOf(encoded)
  if (bytes === undefined) throw new TypeError('must be PEM or base64 text, or DER bytes')
  if (bytes.length > mostBytes) throw new DerFault(`it has more than ${mostBytes} bytes`)
  return bytes.slice()
}

function readText(text: string, label: string, mostBytes: number): Uint8Array {
  // Base64 in lines, and some explanations.
  if (text.length > 1.5 * mostBytes + 10_000) throw new DerFault('a text is too long')
  if (!text.includes('-----')) return decodeBase64(text)
  const split = splitPem(text)
  if (split === undefined) throw new DerFault('a PEM block is damaged or cut off')
  const [block, ...others] = split
  if (block === undefined || others.length > 0) throw new DerFault('a text must hold one PEM block')
  if (block.label !== label) throw new DerFault(`the label of the PEM block must be ${label}`)
  return decodeBase64(block.base64)
}

/** White space may be anywhere, as in PEM; else the spelling is the canonical one. */
function decodeBase64(text: string): Uint8Array {
  const base64 = text.replaceAll(/[ \t\r\n]/g, '')
  const bytes = /^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0 ? decode(base64) : undefined
  if (bytes === undefined || bytes.length === 0) throw new DerFault('a text is neither base64 nor PEM')
  return bytes
}

const decode = (base64: string) => decodeBase64url(base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
