import { decodeBase64url } from '@software-statement/core'

/** A private key out of a PEM block (RFC 7468 10 and 11). */
export interface PemKey {
  readonly der: Uint8Array<ArrayBuffer>
  readonly encrypted: boolean
}

/** Labels that people have on their keys, with the way from there to PKCS#8. */
const otherLabels: ReadonlyMap<string, string> = new Map([
  ['RSA PRIVATE KEY', 'is PKCS#1; convert it with: openssl pkcs8 -topk8 -in key.pem -out pkcs8.pem'],
  ['EC PRIVATE KEY', 'is SEC 1; convert it with: openssl pkcs8 -topk8 -in key.pem -out pkcs8.pem'],
  ['EC PARAMETERS', 'is SEC 1; convert it with: openssl pkcs8 -topk8 -in key.pem -out pkcs8.pem'],
  ['OPENSSH PRIVATE KEY', 'is in the format of OpenSSH; convert it with: ssh-keygen -p -m PKCS8 -f key'],
  ['PUBLIC KEY', 'is a public key; signing needs the private one'],
  ['CERTIFICATE', 'is a certificate; signing needs the private key'],
])

const block = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]*)-----END \1-----[\r\n]*$/

/**
 * Reads a PEM text with exactly one private key in PKCS#8 and nothing else in it.
 *
 * Throws `TypeError`, with the way to convert it for a key in another format.
 */
export function readPem(text: string): PemKey {
  const [, label, body] = block.exec(text) ?? []
  const begins = label ?? /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1] ?? ''
  const hint = otherLabels.get(begins)
  if (hint !== undefined) throw new TypeError(`the PEM key ${hint}`)
  if (text.trimStart().startsWith('{')) throw new TypeError('the key is JSON text: give a JWK as the parsed object')
  if (body === undefined) throw new TypeError('the key is not a text with exactly one PEM block')
  if (label !== 'PRIVATE KEY' && label !== 'ENCRYPTED PRIVATE KEY') {
    throw new TypeError('the PEM block is not a PRIVATE KEY or ENCRYPTED PRIVATE KEY (PKCS#8)')
  }
  const der = decodeBase64(body.replace(/[\r\n]/g, ''))
  if (der === undefined) throw new TypeError('the PEM block is not base64')
  return { der, encrypted: label === 'ENCRYPTED PRIVATE KEY' }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined
  return decodeBase64url(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  )
}
