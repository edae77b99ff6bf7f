import { type Duration, type IssuerRules, isPlainObject, parseDuration, validateIssuerRules } from '@software-statement/core'
import type { GuardedFetch } from '@software-statement/verifier'
import { type CertificatePathOptions, type ResolvedOptions, resolveOptions } from '../options.js'
import type { IssuerFrom } from './issuer-names.js'

/** What trust by certificate is made of: what a path is held to, the rules for what is signed, and who signs. */
export interface CertificateTrustOptions extends Omit<CertificatePathOptions, 'at'>, Omit<IssuerRules, 'x5c'> {
  /** How the `iss` of a statement follows from the leaf; it is compared byte for byte. */
  readonly issuerFrom: IssuerFrom
  /**
   * Addresses of distribution points that lists of revoked certificates are fetched from, exactly as they stand in certificates: https only.
   * `revocation` is `check` by default with them.
   */
  readonly distributionPoints?: readonly string[]
  /** Gets lists: `createGuardedFetch()` of the verifier. Needed with `distributionPoints`. */
  readonly fetch?: GuardedFetch
  /** How long a path that was validated is used again, less where a certificate or list ends before; default: 10 minutes. */
  readonly maxAge?: Duration
  /** The clock that the age of fetched lists is measured with, and the time of statements if nobody tells it; default: the system's. */
  readonly now?: () => Date
}

/** The options, read and checked once. */
export interface ParsedTrustOptions extends ResolvedOptions {
  readonly issuerFrom: IssuerFrom
  readonly distributionPoints: readonly string[]
  readonly fetch: GuardedFetch | undefined
  /** In seconds. */
  readonly maxAge: number
  readonly rules: Omit<IssuerRules, 'x5c'>
}

/** Every name, so that a misspelled one is found. */
const ruleNames = {
  algorithms: true,
  distrust: true,
  typ: true,
  allowUntyped: true,
  audiencePolicy: true,
  maxLifetime: true,
  maxTokenAge: true,
  clockTolerance: true,
  requiredClaims: true,
  replay: true,
  mayAssert: true,
} as const satisfies Readonly<Record<keyof Omit<IssuerRules, 'x5c'>, true>>

/** Throws `TypeError` that names the option. */
export function parseTrustOptions(options: CertificateTrustOptions): ParsedTrustOptions {
  if (!isPlainObject(options)) throw new TypeError('options must be an object')
  if ('at' in options) throw new TypeError('"at" is not an option here: it is the time of each statement')
  const { issuerFrom, distributionPoints = [], fetch, maxAge = '10 minutes', now, ...given } = options
  // One that is undefined is left out: spread over a default, it would take its place.
  const others = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const isRule = ([name]: readonly [string, unknown]) => Object.hasOwn(ruleNames, name)
  const rules = validateIssuerRules(Object.fromEntries(Object.entries(others).filter(isRule)))
  // What is left is checked name by name, and needs a time: that of each statement comes later.
  const left = Object.entries(others).filter((entry) => !isRule(entry))
  const pathOptions = Object.fromEntries([...left, ['at', new Date(0)]]) as unknown as CertificatePathOptions
  if (!isIssuerFrom(issuerFrom)) throw new TypeError('the option issuerFrom must be "san-uri" or an object of subjects by iss')
  if (!Array.isArray(distributionPoints) || !distributionPoints.every(isHttps)) {
    throw new TypeError('the option distributionPoints must be an array of https URLs')
  }
  if (fetch !== undefined && typeof fetch !== 'function') throw new TypeError('the option fetch must be a function')
  if (now !== undefined && typeof now !== 'function') throw new TypeError('the option now must be a function')
  if (fetch === undefined && distributionPoints.length > 0)
    throw new TypeError('the option fetch is needed for distributionPoints')
  const revocation = distributionPoints.length === 0 ? {} : { revocation: 'check' as const }
  return {
    ...resolveOptions({ keyUsage: ['digitalSignature'], ...revocation, ...pathOptions }),
    ...{ issuerFrom, distributionPoints, fetch, maxAge: parseMaxAge(maxAge), rules },
  }
}

function parseMaxAge(maxAge: Duration): number {
  try {
    return parseDuration(maxAge)
  } catch (cause) {
    throw new TypeError('the option maxAge must be a duration: seconds or a text such as "10 minutes"', { cause })
  }
}

function isIssuerFrom(value: unknown): value is IssuerFrom {
  const isText = (name: unknown) => typeof name === 'string' && name !== ''
  if (value === 'san-uri') return true
  if (!isPlainObject(value) || Object.keys(value).length === 0) return false
  return Object.values(value).every((subjects) => isText(subjects) || (Array.isArray(subjects) && subjects.every(isText)))
}

function isHttps(address: unknown): address is string {
  return typeof address === 'string' && URL.canParse(address) && new URL(address).protocol === 'https:'
}
