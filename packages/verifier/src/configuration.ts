import { bytesOf, decodeUtf8, defaultLimits, JsonFault, type JsonObject, parseStrictJson } from '@software-statement/core'
import * as z from 'zod'
import { createDecider, type DecisionOptions } from './decide.js'
import { createGuardedFetch } from './fetch/create-guarded-fetch.js'
import type { GuardedFetch } from './fetch/guarded-fetch.js'
import { mergeRules } from './merge/merge-rules.js'
import {
  type IssuerEntry,
  issuerEntrySchema,
  type TrustOptions,
  type TrustResolver,
  trustIssuers,
} from './trust/trust-issuers.js'

const issuerInFile = issuerEntrySchema.extend({
  jwksFile: z.string().min(1).exactOptional().describe('A file with its public keys, relative to this one'),
})

/** The shape of a trust file: who may sign software statements, and how they count. */
export const trustConfigurationSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  issuers: z.array(issuerInFile).min(1).describe('Who may sign statements; each with its keys: jwks, jwksFile or jwksUri'),
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
  /** Reads a `jwksFile`; the path is as it stands in the configuration. */
  readonly readFile?: (path: string) => Promise<Uint8Array>
  /** Gets remote key sets; default: `createGuardedFetch`, with the `allowHosts` of the file. With both it is not clear who decides. */
  readonly fetch?: GuardedFetch
}

/** A configuration is the operator's own: larger than a request, but as strict. */
const limits = { ...defaultLimits, members: 100_000, items: 100_000, depth: 16, stringBytes: defaultLimits.keyStringBytes }

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
  const { entries, fetch, options } = await readConfiguration(text, sources)
  return { trust: trustIssuers(entries, { ...sources, fetch }), options }
}

/** A trust file that has been read and checked, as far as that goes without making trust of it. */
export interface ReadConfiguration {
  readonly entries: readonly IssuerEntry[]
  readonly fetch: GuardedFetch
  readonly options: TrustConfiguration['options']
}

/** Reads a trust file. Throws as `parseTrustConfiguration` does, but for what is wrong with an entry. */
export async function readConfiguration(text: string | Uint8Array, sources: ConfigurationSources): Promise<ReadConfiguration> {
  const parsed = trustConfigurationSchema.safeParse(parseJson(text, 'the trust configuration'))
  if (!parsed.success) throw new TypeError(`the trust configuration: ${z.prettifyError(parsed.error)}`)
  const { issuers, allowHosts, $schema: _, ...options } = parsed.data
  const entries: IssuerEntry[] = []
  for (const entry of issuers) entries.push(await readKeys(entry, sources))
  // Constructing what they are for finds everything else that is wrong with them.
  createDecider(async () => undefined, { ...options, seen: 'consumed-by-caller' })
  return { entries, fetch: chooseFetch(allowHosts, sources), options }
}

function chooseFetch(allowHosts: readonly string[] | undefined, { fetch }: ConfigurationSources): GuardedFetch {
  if (fetch === undefined) return createGuardedFetch(allowHosts === undefined ? {} : { allowHosts })
  if (allowHosts === undefined) return fetch
  throw new TypeError('the trust configuration: allowHosts says nothing to the fetch that is given: allow the hosts there')
}

async function readKeys({ jwksFile, ...entry }: z.output<typeof issuerInFile>, { readFile }: ConfigurationSources) {
  if ([jwksFile, entry.jwks, entry.jwksUri].filter((source) => source !== undefined).length !== 1) {
    throw new TypeError(`issuer "${entry.issuer}" needs exactly one of jwks, jwksFile, jwksUri`)
  }
  if (jwksFile === undefined) return entry as unknown as IssuerEntry // has exactly one of jwks and jwksUri
  if (readFile === undefined) throw new TypeError(`issuer "${entry.issuer}": jwksFile cannot be read here`)
  const document = parseJson(await readFile(jwksFile), `jwksFile of "${entry.issuer}"`)
  return { ...entry, jwks: document } as unknown as IssuerEntry // checked by trustIssuers
}

function parseJson(text: string | Uint8Array, name: string): JsonObject {
  try {
    const bytes = bytesOf(text)
    const decoded = bytes === undefined ? text : decodeUtf8(bytes)
    if (typeof decoded !== 'string') throw new TypeError(`${name} must be text or bytes`)
    return parseStrictJson(decoded, limits)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw new TypeError(`${name}: ${cause.message}`, { cause })
  }
}
