import { parseConfigurationJson, pemMembers } from '@software-statement/core'
import * as z from 'zod'
import { createDecider, type DecisionOptions } from './decide.js'
import { createGuardedFetch } from './fetch/create-guarded-fetch.js'
import type { GuardedFetch } from './fetch/guarded-fetch.js'
import { mergeRules } from './merge/merge-rules.js'
import {
  certificateEntrySchema,
  type MakeCertificateTrust,
  placeFault,
  type ReadEntry,
  readCertificateEntry,
} from './trust/certificate-entry.js'
import { type IssuerEntry, issuerEntrySchema, type TrustOptions, trustIssuers } from './trust/trust-issuers.js'
import { type TrustResolver, trustAny } from './trust/trust-resolver.js'

const issuerInFile = issuerEntrySchema.extend({
  issuer: issuerEntrySchema.shape.issuer.exactOptional(),
  jwksFile: z.string().min(1).exactOptional().describe('A file with its public keys, relative to this one'),
  x509: certificateEntrySchema
    .exactOptional()
    .describe('Instead of issuer and keys: trust in whoever has a certificate of some authorities'),
})

/** The shape of a trust file: who may sign software statements, and how they count. */
export const trustConfigurationSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  issuers: z
    .array(issuerInFile)
    .min(1)
    .describe('Who may sign statements: each an issuer with its keys (jwks, jwksFile or jwksUri), or x509'),
  allowHosts: z
    .array(z.string().min(1))
    .exactOptional()
    .describe(
      'Hosts of key sets that may be at private addresses: "keys.internal", or with a port of their own "localhost:8443"',
    ),
  merge: z
    .record(z.string(), z.enum([...mergeRules]))
    .exactOptional()
    .describe('How a member of the statement and one of the request become one; default: override'),
  metadata_policy: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .exactOptional()
    .describe('The server’s policy for merged metadata (OpenID Federation 1.0, 6.1); every operator in it has to be understood'),
  metadata_policy_crit: z
    .array(z.string())
    .exactOptional()
    .describe('Operators that have to be understood, whether metadata_policy uses them or not'),
  unknownMembers: z
    .enum(['ignore', 'keep', 'refuse'])
    .exactOptional()
    .describe('What to do with members nobody knows; default: ignore'),
  redirectSchemes: z
    .array(z.string().min(1))
    .exactOptional()
    .describe('Private-use redirect URI schemes without a period that are accepted, such as vscode'),
})

/** What a trust file says. */
export interface TrustConfiguration {
  readonly trust: TrustResolver
  /** The options of `decideRegistration` that stand in the file. */
  readonly options: Pick<
    DecisionOptions,
    'merge' | 'metadata_policy' | 'metadata_policy_crit' | 'unknownMembers' | 'redirectSchemes'
  >
}

/** Where a trust file gets what it names. */
export interface ConfigurationSources extends TrustOptions {
  /** Reads a `jwksFile`, or a file of an `x509` entry; the path is as it stands in the configuration. */
  readonly readFile?: (path: string) => Promise<Uint8Array>
  /** Gets remote key sets; default: `createGuardedFetch`, with the `allowHosts` of the file. With both it is not clear who decides. */
  readonly fetch?: GuardedFetch
  /** Makes trust of `x509` entries: `trustCertificates` of `@software-statement/certificates`, which is not loaded without them. */
  readonly trustCertificates?: MakeCertificateTrust
}

/** Lists of certificates stand in it, in PEM. */
const form = { stringBytes: 1_048_576, multilineMembers: pemMembers }

/**
 * Reads a trust file: strict JSON by `trustConfigurationSchema`, everything in it checked, nothing fetched.
 *
 * Throws `TypeError` that says what is malformed and where, `MetadataPolicyError` for an illegal policy, one with an
 * operator that is not understood among them.
 *
 * @example
 * ```ts
 * const { trust, options } = await parseTrustConfiguration(text, { readFile: (path) => readFile(join(directory, path)) })
 * const decide = createDecider(trust, { ...options, audience: 'https://as.example' })
 * ```
 */
export async function parseTrustConfiguration(
  text: string | Uint8Array,
  sources: ConfigurationSources = {},
): Promise<TrustConfiguration> {
  const { entries, certificates, fetch, options } = await readConfiguration(text, sources)
  const issuers = trustIssuers(entries, { fetch, ...timesOf(sources) })
  if (certificates.length === 0) return { trust: issuers, options }
  const others = await Promise.all(certificates.map((entry) => makeCertificateTrust(entry, fetch, sources)))
  return { trust: trustAny(issuers, ...others), options }
}

/** How long remote key sets are kept, and by which clock. */
export function timesOf({ keyCache, now }: ConfigurationSources): Pick<TrustOptions, 'keyCache' | 'now'> {
  return { ...(keyCache && { keyCache }), ...(now && { now }) }
}

/** An `x509` entry, its files read, and its position among all issuers of the file. */
export interface PlacedEntry extends ReadEntry {
  readonly position: number
}

/** Makes trust of an `x509` entry. Rejects with `TypeError` if it is malformed, or nobody can. */
export async function makeCertificateTrust(
  { position, entry, places }: PlacedEntry,
  fetch: GuardedFetch,
  { trustCertificates, now }: ConfigurationSources,
): Promise<TrustResolver> {
  if (trustCertificates === undefined) {
    const hint = 'give trustCertificates of @software-statement/certificates'
    throw new TypeError(`the trust configuration: an x509 entry cannot be read here: ${hint}`)
  }
  return atEntry(position, async () => {
    try {
      return await trustCertificates({ ...entry, fetch, ...(now && { now }) })
    } catch (error) {
      throw placeFault(error, places)
    }
  })
}

/** Makes something of an entry. What is malformed in it is told with the position of the entry. */
async function atEntry<Made>(position: number, make: () => Promise<Made>): Promise<Made> {
  try {
    return await make()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new TypeError(`the trust configuration: issuers[${position}]: ${cause.message}`, { cause })
  }
}

/** A trust file that has been read and checked, as far as that goes without making trust of it. */
export interface ReadConfiguration {
  readonly entries: readonly IssuerEntry[]
  readonly certificates: readonly PlacedEntry[]
  readonly fetch: GuardedFetch
  readonly options: TrustConfiguration['options']
}

/** Reads a trust file. Throws as `parseTrustConfiguration` does, but for what is wrong with an entry. */
export async function readConfiguration(text: string | Uint8Array, sources: ConfigurationSources): Promise<ReadConfiguration> {
  const parsed = trustConfigurationSchema.safeParse(parseConfigurationJson(text, 'the trust configuration', form))
  if (!parsed.success) throw new TypeError(`the trust configuration: ${z.prettifyError(parsed.error)}`)
  const { issuers, allowHosts, $schema: _, ...options } = parsed.data
  const entries: IssuerEntry[] = []
  const certificates: PlacedEntry[] = []
  for (const [index, inFile] of issuers.entries()) {
    const { issuer, x509, ...others } = inFile
    if (x509 !== undefined && issuer === undefined) {
      certificates.push({ position: index, ...(await readCertificates(index, { x509, ...others }, sources)) })
    } else if (x509 === undefined && issuer !== undefined) entries.push(await readKeys({ issuer, ...others }, sources))
    else throw new TypeError(`the trust configuration: issuers[${index}] needs either issuer or x509`)
  }
  // Constructing what they are for finds everything else that is wrong with them.
  createDecider(async () => undefined, { ...options, seen: 'consumed-by-caller' })
  return { entries, certificates, fetch: chooseFetch(allowHosts, sources), options }
}

function chooseFetch(allowHosts: readonly string[] | undefined, { fetch }: ConfigurationSources): GuardedFetch {
  if (fetch === undefined) return createGuardedFetch(allowHosts === undefined ? {} : { allowHosts })
  if (allowHosts === undefined) return fetch
  throw new TypeError('the trust configuration: allowHosts says nothing to the fetch that is given: allow the hosts there')
}

type EntryInFile = z.output<typeof issuerInFile>

async function readCertificates(
  index: number,
  { x509, jwks, jwksUri, jwksFile, x5c, ...rules }: Omit<EntryInFile, 'issuer' | 'x509'> & Required<Pick<EntryInFile, 'x509'>>,
  { readFile }: ConfigurationSources,
): Promise<ReadEntry> {
  if ([jwks, jwksUri, jwksFile, x5c].some((member) => member !== undefined)) {
    throw new TypeError(
      `the trust configuration: issuers[${index}] has its keys by x509: jwks, jwksUri, jwksFile, x5c exclude it`,
    )
  }
  const { entry, places } = await atEntry(index, () => readCertificateEntry(x509, readFile))
  return { entry: { ...rules, ...entry }, places }
}

type KeyedEntryInFile = Omit<EntryInFile, 'issuer' | 'x509'> & Required<Pick<EntryInFile, 'issuer'>>

async function readKeys({ jwksFile, ...entry }: KeyedEntryInFile, { readFile }: ConfigurationSources) {
  if ([jwksFile, entry.jwks, entry.jwksUri].filter((source) => source !== undefined).length !== 1) {
    throw new TypeError(`issuer "${entry.issuer}" needs exactly one of jwks, jwksFile, jwksUri`)
  }
  if (jwksFile === undefined) return entry as unknown as IssuerEntry // has exactly one of jwks and jwksUri
  if (readFile === undefined) throw new TypeError(`issuer "${entry.issuer}": jwksFile cannot be read here`)
  const document = parseConfigurationJson(await readFile(jwksFile), `jwksFile of "${entry.issuer}"`, form)
  return { ...entry, jwks: document } as unknown as IssuerEntry // checked by trustIssuers
}
