import {
  type Duration,
  defaultLimits,
  type IssuerRules,
  type Limits,
  parseClockTolerance,
  parseDuration,
  resolveLimits,
  type SignatureAlgorithm,
} from '@software-statement/core'

/** What the caller demands of a statement. Where an issuer entry limits as well, the narrower wins. */
export interface StatementDemands {
  /** Names of this server: `aud` must have one of them where the issuer's policy asks for it. */
  readonly audience?: string | readonly string[]
  /** At least one. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** Allowed difference of clocks, at most 1 hour; default: 60 seconds. */
  readonly clockTolerance?: Duration
  /** The longest time since `iat`, which is required then. */
  readonly maxTokenAge?: Duration
  /** The longest time between `iat` and `exp`; both are required then. */
  readonly maxLifetime?: Duration
  /** Claims the statement must have. */
  readonly requiredClaims?: readonly string[]
  /** Size and structure limits. */
  readonly limits?: Partial<Limits>
}

/** The caller's demands, read and checked once. */
export interface ParsedDemands {
  readonly audiences: readonly string[]
  readonly algorithms: readonly SignatureAlgorithm[] | undefined
  readonly clockTolerance: number | undefined
  readonly maxTokenAge: number | undefined
  readonly maxLifetime: number | undefined
  readonly requiredClaims: readonly string[]
  readonly limits: Limits
}

/** The rules for one statement: the caller's demands and the issuer's, the narrower of each. Times are in seconds. */
export interface StatementRules {
  readonly audiences: readonly string[]
  readonly audiencePolicy: 'required' | 'if-present' | 'ignore'
  /** The one clock reading, in seconds since the epoch. */
  readonly now: number
  readonly clockTolerance: number
  readonly maxTokenAge: number | undefined
  readonly maxLifetime: number | undefined
  readonly requiredClaims: readonly string[]
  readonly limits: Limits
}

const defaultClockTolerance = 60

/** Reads the caller's demands, whose forms have been validated. Throws `TypeError` if one makes no sense. */
export function parseDemands(demands: StatementDemands): ParsedDemands {
  const { audience = [], algorithms, requiredClaims = [], limits } = demands
  // Nothing could be accepted: that is nobody's intention.
  if (algorithms?.length === 0) throw new TypeError('algorithms must name at least one')
  return {
    audiences: typeof audience === 'string' ? [audience] : audience,
    algorithms,
    clockTolerance: demands.clockTolerance === undefined ? undefined : parseClockTolerance(demands.clockTolerance),
    maxTokenAge: parseOptional(demands.maxTokenAge),
    maxLifetime: parseOptional(demands.maxLifetime),
    requiredClaims,
    limits: limits === undefined ? defaultLimits : resolveLimits(limits),
  }
}

/** The rules for a statement of one issuer at one time. */
export function narrowRules(demands: ParsedDemands, rules: IssuerRules, now: number): StatementRules {
  return {
    audiences: demands.audiences,
    audiencePolicy: rules.audiencePolicy ?? 'if-present',
    now,
    clockTolerance: narrower(demands.clockTolerance, rules.clockTolerance) ?? defaultClockTolerance,
    maxTokenAge: narrower(demands.maxTokenAge, rules.maxTokenAge),
    maxLifetime: narrower(demands.maxLifetime, rules.maxLifetime),
    requiredClaims: [...demands.requiredClaims, ...(rules.requiredClaims ?? []), ...claimsForReplay(rules)],
    limits: demands.limits,
  }
}

/** A mark is kept under `jti`; one that may be forgotten at `exp` needs that as well. */
function claimsForReplay({ replay }: IssuerRules): readonly string[] {
  if (replay === 'once') return ['jti']
  return replay === 'until-exp' ? ['jti', 'exp'] : []
}

function narrower(demand: number | undefined, rule: Duration | undefined): number | undefined {
  const limit = parseOptional(rule)
  return demand === undefined || limit === undefined ? (demand ?? limit) : Math.min(demand, limit)
}

function parseOptional(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration)
}
