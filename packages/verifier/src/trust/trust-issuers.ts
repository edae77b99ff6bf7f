import {
  type IssuerRules,
  issuerRulesSchema,
  type JwkSet,
  type ParsedStatement,
  parseDuration,
  toAscii,
} from '@software-statement/core'
import * as z from 'zod'
import { type KeySource, localKeys } from '../keys/key-source.js'
import { type RemoteKeysOptions, remoteKeys } from '../keys/remote-keys.js'
import { remoteKeysOptions, validateOptions } from '../options.js'
import { type KeyedIssuer, markAsRead, type TrustResolver } from './trust-resolver.js'

/** One entry of `trustIssuers`: rules, and keys either inline or at a URL. */
export type IssuerEntry = IssuerRules & { readonly issuer: string } & (
    | { readonly jwks: JwkSet; readonly jwksUri?: never }
    | { readonly jwksUri: string; readonly jwks?: never }
  )

/** The shape of an entry with either kind of key source. */
export const issuerEntrySchema = issuerRulesSchema.extend({
  issuer: z.string().min(1).describe('The iss of its statements, compared exactly'),
  jwks: z
    .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })
    .exactOptional()
    .describe('Its public keys (RFC 7517)'),
  jwksUri: z
    .url({ protocol: /^https$/ })
    .exactOptional()
    .describe('Where it publishes its keys, https only'),
})

/** How the keys of issuers with a `jwksUri` are obtained and kept. */
export type TrustOptions = RemoteKeysOptions

/**
 * Makes a trust resolver from a list of issuers. Keys and rules belong to one entry: no key of one issuer verifies a
 * statement of another. Keys at a `jwksUri` are obtained when a statement needs them, as `remoteKeys` says.
 *
 * Throws `TypeError` if an entry is malformed, an issuer stands there twice, or its keys are unsound.
 *
 * @example
 * ```ts
 * const trust = trustIssuers([{ issuer: 'https://publisher.example', jwksUri: 'https://publisher.example/jwks' }])
 * ```
 */
export function trustIssuers(entries: readonly IssuerEntry[], options: TrustOptions = {}): TrustResolver {
  validateOptions(options, remoteKeysOptions)
  if (!Array.isArray(entries)) throw new TypeError('trustIssuers needs an array of issuer entries')
  const issuers = indexIssuers(entries.map((entry) => toTrustedIssuer(entry, (_, uri) => remoteKeys(uri, options))))
  const resolve = async (statement: ParsedStatement) => findIssuerOf(statement, issuers)
  return Object.assign(resolve, { limitsReplay: [...issuers.values()].some(limitsReplay) })
}

/** Issuers by their exact names. Throws `TypeError` if one stands there twice. */
export function indexIssuers(trusted: readonly KeyedIssuer[]): ReadonlyMap<string, KeyedIssuer> {
  const issuers = new Map<string, KeyedIssuer>()
  for (const issuer of trusted) {
    if (issuers.has(issuer.issuer)) throw new TypeError(`issuer "${issuer.issuer}" stands there twice`)
    issuers.set(issuer.issuer, issuer)
  }
  return issuers
}

/** The issuer a statement names, by its exact name. */
export function findIssuerOf({ claims }: ParsedStatement, issuers: ReadonlyMap<string, KeyedIssuer>): KeyedIssuer | undefined {
  return typeof claims.iss === 'string' ? issuers.get(claims.iss) : undefined
}

/** Whether an issuer limits how often a statement may be used. */
export function limitsReplay({ replay }: IssuerRules): boolean {
  return replay !== undefined && replay !== 'reusable'
}

/** Makes the keys of an issuer that are at a URL. */
export type RemoteSource = (issuer: string, uri: string) => KeySource

/** Reads one entry. Throws `TypeError` that says which and why. */
export function toTrustedIssuer(entry: IssuerEntry, remote: RemoteSource): KeyedIssuer {
  const parsed = issuerEntrySchema.safeParse(entry)
  if (!parsed.success) throw new TypeError(`issuer entry: ${z.prettifyError(parsed.error)}`)
  const { jwks, jwksUri, ...rules } = parsed.data
  try {
    const trusted = { ...readDurations(rules), keys: toKeySource(jwks, jwksUri, rules, remote) }
    return markAsRead(trusted, trusted)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new TypeError(`issuer "${toAscii(rules.issuer)}": ${reason}`, { cause: error })
  }
}

/** Durations as seconds, so that no verification has to read their texts again. */
function readDurations<Rules extends IssuerRules>(rules: Rules): Rules {
  const names = ['clockTolerance', 'maxLifetime', 'maxTokenAge'] as const
  const given = names.flatMap((name) => (rules[name] === undefined ? [] : [[name, parseDuration(rules[name])]]))
  return { ...rules, ...Object.fromEntries(given) }
}

function toKeySource(
  jwks: JwkSet | undefined,
  uri: string | undefined,
  rules: IssuerRules & { readonly issuer: string },
  remote: RemoteSource,
): KeySource {
  if (jwks !== undefined && uri !== undefined) throw new TypeError('jwks and jwksUri exclude each other')
  if (uri !== undefined) return remote(rules.issuer, uri)
  if (jwks === undefined) throw new TypeError('needs jwks or jwksUri')
  return localKeys(jwks, rules.algorithms)
}
