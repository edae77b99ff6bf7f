import * as z from 'zod'
import { type SignatureAlgorithm, signatureAlgorithms } from '../jose/algorithms.js'
import { isOtherKind } from '../jose/header.js'
import { isRedirectHost, redirectHostPattern } from '../metadata/redirect-uri.js'
import { parseClockTolerance } from '../time/clock-tolerance.js'
import { type Duration, parseDuration } from '../time/duration.js'

const duration = z
  .union([z.number(), z.string()])
  .refine((value) => isReadBy(parseDuration, value), { error: 'is not a duration: seconds or a text such as "90 days"' })

const clockTolerance = z
  .union([z.number(), z.string()])
  .refine((value) => isReadBy(parseClockTolerance, value), { error: 'is not a duration of at most an hour' })

function isReadBy(parse: (value: Duration) => number, value: Duration): boolean {
  try {
    parse(value)
    return true
  } catch {
    return false
  }
}

const names = z.array(z.string().min(1)).min(1)

const redirectHost = z
  .string()
  .refine(isRedirectHost, {
    error: 'is not a host such as "app.example" or "app.example:8443", or a scheme such as "com.example.app:"',
  })
  .meta({ pattern: redirectHostPattern.source })

const mayAssert = z.strictObject({
  software_id: names.exactOptional().describe('The software_ids it may vouch for, compared exactly'),
  redirectHosts: z
    .array(redirectHost)
    .min(1)
    .exactOptional()
    .describe(
      'Hosts of redirect URIs it may vouch for: "app.example", "app.example:8443", "com.example.app:" for a private-use scheme',
    ),
  scope: names.exactOptional().describe('Scope tokens it may vouch for'),
  grant_types: names.exactOptional().describe('Grant types it may vouch for'),
  members: names.exactOptional().describe('The only members it may vouch for; a name covers its language-tagged forms'),
})

const typ = z
  .string()
  .min(1)
  .refine((value) => !isOtherKind(value), { error: 'belongs to another kind of JWT' })

/** What one issuer's statements must keep to, and what the issuer may vouch for. */
export const issuerRulesSchema = z.strictObject({
  algorithms: z
    .array(z.enum([...signatureAlgorithms]))
    .min(1)
    .exactOptional()
    .describe('Signature algorithms the issuer may use; default: every asymmetric one that fits its keys'),
  distrust: z
    .array(z.string().min(1))
    .exactOptional()
    .describe('Keys that no longer count, wherever they stand: their kid or RFC 7638 thumbprint (SHA-256, base64url)'),
  typ: z.array(typ).min(1).exactOptional().describe('Accepted typ values; default: software-statement+jwt, ssa+jwt, JWT'),
  allowUntyped: z.boolean().exactOptional().describe('Accept statements without typ; default: false'),
  x5c: z
    .enum(['refuse', 'ignore'])
    .exactOptional()
    .describe('What to do with a certificate chain in the header; default: refuse'),
  audiencePolicy: z
    .enum(['required', 'if-present', 'ignore'])
    .exactOptional()
    .describe('Whether a statement must name this server as its audience; default: if-present'),
  maxLifetime: duration.exactOptional().describe('The longest time between iat and exp; both are required then'),
  maxTokenAge: duration.exactOptional().describe('The longest time since iat, which is required then'),
  clockTolerance: clockTolerance.exactOptional().describe('Allowed difference of clocks, at most 1 hour; default: 60 seconds'),
  requiredClaims: names.exactOptional().describe('Claims a statement must have'),
  replay: z
    .enum(['reusable', 'until-exp', 'once'])
    .exactOptional()
    .describe('How often one statement may be used; default: reusable'),
  mayAssert: mayAssert.exactOptional().describe('What the issuer may vouch for; default: anything'),
})

/**
 * How often a statement may be used: any number of times, or once. With `until-exp` it must have an `exp`; with `once` it need not,
 * and without one its use is remembered for ever. In either mode a use may be forgotten `clockTolerance` after the `exp`, because the
 * statement is refused as expired from then on. Raising `clockTolerance` opens what was forgotten again, for the difference.
 */
export type ReplayMode = 'reusable' | 'until-exp' | 'once'

/** What one issuer's statements must keep to, and what the issuer may vouch for. Where the caller demands more, that counts. */
export interface IssuerRules {
  /** Signature algorithms the issuer may use; default: every asymmetric one that fits its keys. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** Keys that no longer count, wherever they stand: their `kid` or RFC 7638 thumbprint. */
  readonly distrust?: readonly string[]
  /** Accepted `typ` values; default: `software-statement+jwt`, `ssa+jwt`, `JWT`. Those of other kinds of JWT cannot be accepted. */
  readonly typ?: readonly string[]
  /** Accept statements without `typ`; default: false. */
  readonly allowUntyped?: boolean
  /** What to do with a certificate chain in the header; default: `refuse`. */
  readonly x5c?: 'refuse' | 'ignore'
  /** Whether a statement must name this server as its audience; default: `if-present`. */
  readonly audiencePolicy?: 'required' | 'if-present' | 'ignore'
  /** The longest time between `iat` and `exp`; both are required then. */
  readonly maxLifetime?: Duration
  /** The longest time since `iat`, which is required then. */
  readonly maxTokenAge?: Duration
  /** Allowed difference of clocks, at most 1 hour; default: 60 seconds. */
  readonly clockTolerance?: Duration
  /** Claims a statement must have. */
  readonly requiredClaims?: readonly string[]
  /** How often one statement may be used; default: `reusable`. */
  readonly replay?: ReplayMode
  /** What the issuer may vouch for; default: anything. */
  readonly mayAssert?: MayAssert
}

/** What an issuer may vouch for; a list that is absent bounds nothing. */
export interface MayAssert {
  /** The `software_id` values it may vouch for, compared exactly; a statement must have one of them. */
  readonly software_id?: readonly string[]
  /** Hosts of redirect URIs: `app.example`, `app.example:8443`, `com.example.app:` for a private-use scheme. */
  readonly redirectHosts?: readonly string[]
  /** Scope tokens. */
  readonly scope?: readonly string[]
  /** Grant types. */
  readonly grant_types?: readonly string[]
  /** The only members it may vouch for; a name covers its language-tagged forms. */
  readonly members?: readonly string[]
}

/**
 * Holds rules to their forms, and copies them.
 *
 * Throws `TypeError` that says which rule is malformed and why.
 *
 * @example
 * ```ts
 * validateIssuerRules({ maxLifetime: '5 minutes' }) // { maxLifetime: '5 minutes' }
 * ```
 */
export function validateIssuerRules(rules: unknown): IssuerRules {
  const parsed = issuerRulesSchema.safeParse(rules)
  if (!parsed.success) throw new TypeError(`issuer rules: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
