import { type Duration, encodeBase64, type IssuerRules, splitPem } from '@software-statement/core'
import * as z from 'zod'
import type { GuardedFetch } from '../fetch/guarded-fetch.js'
import type { TrustResolver } from './trust-resolver.js'

/** A file of certificates or lists instead of one of them. */
const file = z.strictObject({ file: z.string().min(1).describe('A PEM or DER file, relative to this one') })
const encoded = z.union([z.string().min(1).describe('PEM or base64'), file], {
  error: 'is neither PEM or base64, nor a file as { "file": "name.pem" }',
})
const texts = z.array(z.string().min(1))

/** The names of RFC 5280 4.2.1.3. */
const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

/** Trust in whoever has a certificate of some authorities, as a trust file has it. */
export const certificateEntrySchema = z.strictObject({
  anchors: z.array(encoded).min(1).describe('Certificates of the authorities that are trusted'),
  issuerFrom: z
    .union([z.literal('san-uri'), z.record(z.string().min(1), z.union([z.string().min(1), texts.min(1)]))], {
      error: 'is neither "san-uri" nor an object that has a subject, or an array of them, for each iss',
    })
    .describe(
      'What the iss has to be: a URI of subjectAltName (UDAP), or for each iss the subjects of its certificates (RFC 4514)',
    ),
  intermediates: z.array(encoded).exactOptional().describe('Certificates that may stand between'),
  crls: z.array(encoded).exactOptional().describe('Lists of revoked certificates'),
  distributionPoints: texts
    .exactOptional()
    .describe('Addresses that lists of revoked certificates may be fetched from, https only'),
  revocation: z
    .enum(['require', 'check', 'off'])
    .exactOptional()
    .describe('Whether certificates are looked up in lists of revoked ones; default: check with lists, else off'),
  keyUsage: z
    .array(z.enum([...keyUsages]))
    .exactOptional()
    .describe('What the key of the leaf has to be for (RFC 5280 4.2.1.3); default: digitalSignature'),
  extendedKeyUsage: texts.exactOptional().describe('The purposes the key of the leaf has to be for (RFC 5280 4.2.1.12)'),
  maxPathLength: z.int().min(0).exactOptional().describe('How many intermediates there may be'),
  profile: z
    .enum(['strict', 'compatible'])
    .exactOptional()
    .describe('Whether RFC 5280 section 4 is asked of authorities; default: strict'),
  policies: z
    .strictObject({
      userInitialPolicySet: texts.min(1).exactOptional(),
      initialExplicitPolicy: z.boolean().exactOptional(),
      initialPolicyMappingInhibit: z.boolean().exactOptional(),
      initialAnyPolicyInhibit: z.boolean().exactOptional(),
    })
    .exactOptional()
    .describe('The inputs on certificate policies (RFC 5280 6.1.1)'),
  maxAge: z
    .union([z.number(), z.string()], { error: 'is not a duration: seconds or a text such as "10 minutes"' })
    .exactOptional()
    .describe('How long a path that was validated is used again; default: 10 minutes'),
})

type CertificateEntry = Readonly<z.output<typeof certificateEntrySchema>>

/** What trust by certificate is made of: what a trust file says, its files read, and how lists are fetched. */
export interface CertificateTrust
  extends Omit<CertificateEntry, 'anchors' | 'intermediates' | 'crls' | 'maxAge'>,
    Omit<IssuerRules, 'x5c'> {
  /** PEM or base64, as intermediates and lists. */
  readonly anchors: readonly string[]
  readonly intermediates?: readonly string[]
  readonly crls?: readonly string[]
  readonly maxAge?: Duration
  readonly fetch?: GuardedFetch
  readonly now?: () => Date
}

/** Makes trust by certificate: `trustCertificates` of `@software-statement/certificates`. */
export type MakeCertificateTrust = (trust: CertificateTrust) => TrustResolver | Promise<TrustResolver>

export type FileReader = ((path: string) => Promise<Uint8Array>) | undefined

/** Where in an entry each certificate and list stands, for people. */
type Places = Readonly<Record<'anchors' | 'intermediates' | 'crls', readonly string[]>>

/** An entry with its files read. */
export interface ReadEntry {
  readonly entry: CertificateTrust
  readonly places: Places
}

/** Reads the files of an entry: a PEM file may hold several certificates or lists. Throws `TypeError` where one cannot be read. */
export async function readCertificateEntry(
  { anchors, intermediates, crls, ...others }: z.output<typeof certificateEntrySchema>,
  readFile: FileReader,
): Promise<ReadEntry> {
  const read = {
    anchors: await readList('anchors', anchors, readFile),
    intermediates: await readList('intermediates', intermediates ?? [], readFile),
    crls: await readList('crls', crls ?? [], readFile),
  }
  const textsOf = (name: keyof typeof read) => read[name].map(({ text }) => text)
  const placesOf = (name: keyof typeof read) => read[name].map(({ place }) => place)
  return {
    entry: {
      ...others,
      anchors: textsOf('anchors'),
      ...(intermediates === undefined ? {} : { intermediates: textsOf('intermediates') }),
      ...(crls === undefined ? {} : { crls: textsOf('crls') }),
    },
    places: { anchors: placesOf('anchors'), intermediates: placesOf('intermediates'), crls: placesOf('crls') },
  }
}

async function readList(name: string, list: readonly z.output<typeof encoded>[], readFile: FileReader) {
  const read = await Promise.all(
    list.map(async (one, index) => {
      if (typeof one === 'string') return [{ text: one, place: `${name}[${index}]` }]
      const blocks = await readBlocks(one.file, readFile)
      const numberOf = (at: number) => (blocks.length === 1 ? '' : `number ${at + 1} of `)
      return blocks.map((text, at) => ({ text, place: `${name}[${index}], ${numberOf(at)}the file "${one.file}"` }))
    }),
  )
  return read.flat()
}

async function readBlocks(path: string, readFile: FileReader): Promise<readonly string[]> {
  if (readFile === undefined) throw new TypeError(`the file "${path}" cannot be read here`)
  const bytes = await readFile(path)
  const text = new TextDecoder('latin1').decode(bytes)
  if (!text.includes('-----BEGIN ')) return [encodeBase64(bytes)]
  const blocks = splitPem(text)
  if (blocks === undefined) throw new TypeError(`the file "${path}" has a PEM block that is damaged or cut off`)
  return blocks.map((block) => block.text)
}

/** What `CertificatePathError` of `@software-statement/certificates` says of a certificate or list that was given. */
const fault = z.object({
  message: z.string(),
  certificate: z.object({ list: z.enum(['anchors', 'intermediates', 'crls']), index: z.int() }),
})

/** Tells what is wrong with a certificate or list by its place in the entry, and not by its position among all that were read. */
export function placeFault(error: unknown, places: Places): unknown {
  const { data } = fault.safeParse(error instanceof TypeError ? error.cause : undefined)
  const place = data && places[data.certificate.list][data.certificate.index]
  return place === undefined ? error : new TypeError(`${place}: ${data?.message}`, { cause: error })
}
