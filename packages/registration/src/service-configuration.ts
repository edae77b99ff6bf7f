import { defaultLimits, parseConfigurationJson, signatureAlgorithms } from '@software-statement/core'
import { mergeRules } from '@software-statement/verifier'
import * as z from 'zod'
import type { ConfiguredMetadata } from './metadata/members.js'
import { configuredMetadataSchema } from './metadata/schema.js'

const duration = z.union([z.number().min(0), z.string().min(1)])
const text = z.string().min(1)
const texts = z.array(text)
const count = z.int().min(1)
const limit = z.union([count, z.literal('unlimited')])
const port = z.int().min(0).max(65535)
const optional = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.exactOptional().describe(description)

/** The limits of documents by their names, as `defaultLimits` has them. */
const limits = z.strictObject({
  statementBytes: count.exactOptional(),
  requestBytes: count.exactOptional(),
  depth: count.exactOptional(),
  members: count.exactOptional(),
  items: count.exactOptional(),
  stringBytes: count.exactOptional(),
  keyStringBytes: count.exactOptional(),
  redirectUris: count.exactOptional(),
  kidLength: count.exactOptional(),
  certificates: count.exactOptional(),
  languageTags: count.exactOptional(),
})

const rateLimits = z.strictObject({
  failures: optional(limit, 'Failed attempts with a token from one address before the first pause; default: 10'),
  firstPause: optional(duration, 'The first pause; it doubles with each failure after it; default: 10 seconds'),
  longestPause: optional(duration, 'The longest pause; default: 1 hour'),
  forgetAfter: optional(duration, 'How long failures are remembered after the last pause; default: 1 hour'),
  failuresPerAddress: optional(limit, 'Failed attempts a minute from one address; default: 100'),
  registrationsPerAddress: optional(limit, 'Registrations a minute from one address; default: 1000'),
  registrationsPerSoftware: optional(limit, 'Registrations a minute of one vouched software_id; default: 10000'),
  capacity: optional(count, 'Names that each limit counts under in memory; default: 50000'),
})

const proxies = z.strictObject({
  trustedProxies: optional(texts, 'Addresses of proxies of your own, such as "10.0.0.0/8"'),
  hops: optional(z.int().min(0), 'How many proxies a request always comes through; excludes trustedProxies'),
  forwardedBy: optional(z.enum(['x-forwarded-for', 'forwarded']), 'The header they write; default: x-forwarded-for'),
})

const server = z.strictObject({
  headersTimeout: optional(duration, 'How long the header of a request may take; default: 10 seconds'),
  requestTimeout: optional(duration, 'How long a whole request may take; default: 30 seconds'),
  keepAliveTimeout: optional(duration, 'How long a connection is kept after an answer; default: 5 seconds'),
  maxHeaderSize: optional(count, 'The longest header of a request, in bytes; default: 16384'),
  maxConnections: optional(count, 'How many connections there may be at once; default: 5000'),
  maxConnectionsPerAddress: optional(limit, 'How many of them from one address that is no proxy of yours; default: 256'),
  discardBytes: optional(z.int().min(0), 'How much of a request that is refused early is still read, in bytes; default: 2 GiB'),
  discardTime: optional(duration, 'How long that may take; default: 10 seconds'),
  drainTime: optional(duration, 'How long requests under way may take after SIGTERM; default: 10 seconds'),
})

/** The shape of the configuration of a registration service: everything that is data. */
export const serviceConfigurationSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  host: optional(text, 'The address to listen at; default: 127.0.0.1'),
  port: optional(port, 'The port to listen at; 0: a free one; default: 7591'),
  issuer: optional(text, 'The issuer identifier of the server, of which every URL is made; default: where it listens'),
  store: optional(
    text,
    'A SQLite file, relative to this one, postgres://..., env:NAME for a variable that holds one of them, or memory',
  ),
  mode: optional(z.enum(['open', 'token', 'statement', 'statement-or-token']), 'Who may register; default: open'),
  trust: optional(text, 'The trust file, relative to this one: who may sign statements'),
  path: optional(text, 'Where to register, below the issuer; default: /reg'),
  metadata: optional(configuredMetadataSchema, 'Members of the metadata of the server (RFC 8414 2), published and enforced'),
  onUnprocessed: optional(z.enum(['reject', 'strip']), 'What to do with a statement where nobody is trusted; default: reject'),
  uniqueness: optional(z.enum(['none', 'software_id', 'duplicateKey']), 'What may be registered once only; default: none'),
  secretLifetime: optional(duration, 'How long a client_secret lives; default: for ever'),
  tokenRotation: optional(
    z.union([z.literal(false), z.strictObject({ overlap: duration })]),
    'Whether an update gives a new registration access token, and how long older ones still count; default: false',
  ),
  cors: optional(
    z.union([z.boolean(), texts]),
    'Which web pages may ask: none, all, or those of the listed origins; default: false',
  ),
  rateLimits: optional(rateLimits, 'Who is slowed down, and when'),
  proxies: optional(proxies, 'Which proxies stand before the server'),
  audience: optional(z.union([text, texts]), 'Names of this server in statements; default: issuer and registration endpoint'),
  algorithms: optional(
    z.array(z.enum([...signatureAlgorithms])),
    'What statements may be signed with; default: what their issuers may use',
  ),
  clockTolerance: optional(duration, 'Allowed difference of clocks; default: 60 seconds'),
  maxTokenAge: optional(duration, 'The longest time since a statement was issued'),
  maxLifetime: optional(duration, 'The longest lifetime of a statement'),
  requiredClaims: optional(texts, 'Claims that a statement must have'),
  limits: optional(limits, 'Size and structure limits of requests and statements'),
  merge: optional(z.record(z.string(), z.enum([...mergeRules])), 'As in a trust file; one of the two may have it'),
  metadata_policy: optional(
    z.record(z.string(), z.record(z.string(), z.unknown())),
    'As in a trust file; one of the two may have it',
  ),
  metadata_policy_crit: optional(texts, 'As in a trust file; one of the two may have it'),
  unknownMembers: optional(z.enum(['ignore', 'keep', 'refuse']), 'As in a trust file; one of the two may have it'),
  redirectSchemes: optional(texts, 'As in a trust file; one of the two may have it'),
  statementCache: optional(z.union([z.literal(false), count]), 'How many approved statements are remembered; default: 1000'),
  server: optional(server, 'Limits of connections'),
  log: optional(
    z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) }),
    'What is logged: "info" (default) every request, "warn" refusals, "error" faults and outages',
  ),
  metrics: optional(
    z.union([z.boolean(), z.strictObject({ host: text.exactOptional(), port })]),
    'Metrics for Prometheus at /metrics: true (default) at the same port, at another one, or not at all',
  ),
})

/** What a configuration file says: names and forms are checked, what they mean is for those who use them. */
export type ServiceConfiguration = Readonly<Omit<z.output<typeof serviceConfigurationSchema>, 'metadata'>> & {
  readonly metadata?: ConfiguredMetadata
}

/**
 * Reads the configuration of a registration service: strict JSON by `serviceConfigurationSchema`. Nothing it names is opened.
 *
 * Throws `TypeError` that says what is malformed and where.
 *
 * @example
 * ```ts
 * const { mode, metadata } = parseServiceConfiguration('{ "mode": "token", "metadata": { "scopes_supported": ["mail"] } }')
 * mode // 'token'
 * ```
 */
export function parseServiceConfiguration(text: string | Uint8Array): ServiceConfiguration {
  const document = parseConfigurationJson(text, 'the configuration', { stringBytes: defaultLimits.keyStringBytes })
  const parsed = serviceConfigurationSchema.safeParse(document)
  if (!parsed.success) throw new TypeError(`the configuration: ${z.prettifyError(parsed.error)}`)
  return parsed.data as ServiceConfiguration // the members of metadata are listed where its schema is made
}
