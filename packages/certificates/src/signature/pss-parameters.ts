import { nextAlgorithmIdentifier } from '../certificate/algorithm-identifier.js'
import { DerFault } from '../der/der-fault.js'
import { context, DerReader, readWhole, tags } from '../der/der-reader.js'
import { nextObjectIdentifier, readCount } from '../der/der-values.js'

interface PssParameters {
  readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512'
  readonly saltLength: number
}

const hashes: ReadonlyMap<string, PssParameters['hash']> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])
/** As many as the longest modulus has. */
const mostSaltBytes = 1024

const maskGeneration = '1.2.840.113549.1.1.8'

/**
 * The parameters of RSASSA-PSS (RFC 4055 3.1): one hash of SHA-2 for message and mask. Every default is one for SHA-1, so that what is left
 * out is refused, but for the trailer.
 *
 * Throws `DerFault`.
 */
export function readPssParameters(parameters: Uint8Array | undefined): PssParameters {
  if (parameters === undefined) throw new DerFault('the parameters of RSASSA-PSS are missing')
  return readWhole(parameters, tags.sequence, (reader) => {
    const hash = readHash(explicit(reader, 0))
    const mask = readMaskHash(explicit(reader, 1))
    if (hash === undefined || mask !== hash) throw new DerFault('RSASSA-PSS needs one hash of SHA-2 for message and mask')
    const salt = reader.readOptional(context(2, 'constructed'))
    const saltLength = salt === undefined ? 20 : readInteger(salt.content)
    if (saltLength > mostSaltBytes) throw new DerFault('the salt of RSASSA-PSS is longer than any signature')
    const trailer = reader.readOptional(context(3, 'constructed'))
    if (trailer !== undefined && readInteger(trailer.content) !== 1) throw new DerFault('the trailer of RSASSA-PSS is not 1')
    return { hash, saltLength }
  })
}

function explicit(reader: DerReader, number: number): DerReader | undefined {
  const element = reader.readOptional(context(number, 'constructed'))
  return element && new DerReader(element.content)
}

function readHash(reader: DerReader | undefined): PssParameters['hash'] | undefined {
  if (reader === undefined) return undefined
  const { algorithm } = nextAlgorithmIdentifier(reader)
  reader.expectEnd()
  return hashes.get(algorithm)
}

function readMaskHash(reader: DerReader | undefined): PssParameters['hash'] | undefined {
  if (reader === undefined) return undefined
  const mask = reader.enter(tags.sequence)
  reader.expectEnd()
  return nextObjectIdentifier(mask) === maskGeneration ? readHash(mask) : undefined
}

function readInteger(bytes: Uint8Array): number {
  const reader = new DerReader(bytes)
  const count = readCount(reader.read(tags.integer).content)
  reader.expectEnd()
  return count
}
