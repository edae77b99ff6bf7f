import { type Duration, type IssuerRules, isPlainObject, parseDuration, validateIssuerRules } from '@software-statement/core'
import type { GuardedFetch } from '@software-statement/verifier'
import { checkOptions, type OptionRule } from '../check-options.js'
import { type CertificatePathOptions, pathRules, type ResolvedOptions, resolveOptions } from '../options.js'
import { type IssuerFrom, issuerFromRule } from './issuer-names.js'

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

const isFunction = (value: unknown) => typeof value === 'function'

type OwnOption = Exclude<keyof CertificateTrustOptions, keyof CertificatePathOptions | keyof IssuerRules>

const ownRules: Readonly<Record<OwnOption, OptionRule>> = {
  issuerFrom: { ...issuerFromRule, isRequired: true },
  distributionPoints: {
    form: 'an array of https URLs',
    holds: (value) => Array.isArray(value) && value.every(isHttps),
  },
  fetch: { form: 'a function', holds: isFunction },
  maxAge: { form: 'a duration: seconds or a text such as "10 minutes"', holds: isDuration },
  now: { form: 'a function', holds: isFunction },
}

/** Options of paths, and rules: what they have to be is checked elsewhere. */
const otherNames = [...Object.keys(pathRules), ...Object.keys(ruleNames)].filter((name) => name !== 'at')

/** Throws `TypeError` that names the option. */
export function parseTrustOptions(options: CertificateTrustOptions): ParsedTrustOptions {
  if (isPlainObject(options) && 'at' in options)
    throw new TypeError('"at" is not an option here: it is the time of each statement')
  checkOptions(options, ownRules, { others: otherNames })
  const { issuerFrom, distributionPoints = [], fetch, maxAge = '10 minutes', now: _, ...given } = options
  // One that is undefined is left out: spread over a default, it would take its place.
  const others = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const isRule = ([name]: readonly [string, unknown]) => Object.hasOwn(ruleNames, name)
  const rules = validateIssuerRules(Object.fromEntries(Object.entries(others).filter(isRule)))
  // What is left is checked name by name, and needs a time: that of each statement comes later.
  const left = Object.entries(others).filter((entry) => !isRule(entry))
  const pathOptions = Object.fromEntries([...left, ['at', new Date(0)]]) as unknown as CertificatePathOptions
  if (fetch === undefined && distributionPoints.length > 0)
    throw new TypeError('the option fetch is needed for distributionPoints')
  const revocation = distributionPoints.length === 0 ? {} : { revocation: 'check' as const }
  return {
    ...resolveOptions({ keyUsage: ['digitalSignature'], ...revocation, ...pathOptions }),
    ...{ issuerFrom, distributionPoints, fetch, maxAge: parseDuration(maxAge), rules },
  }
}

function isDuration(value: unknown): boolean {
  try {
    parseDuration(value as Duration) // which says whether it is one
    return true
  } catch {
    return false
  }
}

function isHttps(address: unknown): boolean {
  return typeof address === 'string' && URL.canParse(address) && new URL(address).protocol === 'https:'
}
