import { signatureAlgorithms } from '@software-statement/core'

interface OptionRule {
  /** Completes the sentence "the option ... must be". */
  readonly form: string
  readonly holds: (value: unknown) => boolean
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts: OptionRule = { form: 'an array of non-empty texts', holds: isTexts }
const object: OptionRule = { form: 'an object', holds: isObject }
const duration: OptionRule = {
  form: 'seconds or a text such as "90 days"',
  holds: (value) => typeof value === 'number' || typeof value === 'string',
}
const wholeNumber: OptionRule = {
  form: 'a positive whole number',
  holds: (value) => Number.isSafeInteger(value) && Number(value) > 0,
}
const callable: OptionRule = { form: 'a function', holds: (value) => typeof value === 'function' }
const oneOf = (...values: readonly unknown[]): OptionRule => ({
  form: values.map((value) => JSON.stringify(value)).join(' or '),
  holds: (value) => values.includes(value),
})

/** A scheme as URLs print it: lower case, without the colon (RFC 3986 3.1). */
const scheme = /^[a-z][a-z0-9+.-]*$/

const algorithms: readonly unknown[] = signatureAlgorithms

const rules = {
  audience: { form: 'a non-empty text or an array of them', holds: (value) => isText(value) || isTexts(value) },
  algorithms: {
    form: `an array of ${signatureAlgorithms.join(', ')}`,
    holds: (value) => Array.isArray(value) && value.every((alg) => algorithms.includes(alg)),
  },
  clockTolerance: duration,
  maxTokenAge: duration,
  maxLifetime: duration,
  requiredClaims: texts,
  limits: object,
  status: callable,
  checkAll: oneOf(true, false),
  cache: {
    form: 'a cache such as memoryStatementCache makes',
    holds: (value) => isObject(value) && typeof value.find === 'function' && typeof value.remember === 'function',
  },
  statement: oneOf('required', 'optional'),
  merge: object,
  metadata_policy: object,
  metadata_policy_crit: texts,
  unknownMembers: oneOf('ignore', 'keep', 'refuse'),
  redirectSchemes: {
    form: 'an array of URI schemes in lower case, without the colon',
    holds: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && scheme.test(name)),
  },
  seen: {
    form: 'an object with a function consume, or "consumed-by-caller"',
    holds: (value) => value === 'consumed-by-caller' || (isObject(value) && typeof value.consume === 'function'),
  },
  currentDate: { form: 'a Date', holds: (value) => value instanceof Date },
  acceptedAt: { form: 'a valid Date', holds: (value) => value instanceof Date && !Number.isNaN(value.getTime()) },
  capacity: wholeNumber,
  max: wholeNumber,
  fetch: callable,
  keyCache: object,
  now: callable,
  minAge: duration,
  maxAge: duration,
  defaultAge: duration,
  cooldown: duration,
  staleIfError: duration,
  ports: { form: 'an array of port numbers', holds: (value) => Array.isArray(value) && value.every(Number.isSafeInteger) },
  allowHosts: texts,
  allowHttp: texts,
  resolve: callable,
  ca: { form: 'PEM certificates', holds: (value) => isText(value) || isTexts(value) },
  timeout: duration,
  maxBytes: wholeNumber,
  storedStatement: { form: 'a text', holds: (value) => typeof value === 'string' },
  registered: {
    form: 'an object with metadata and provenance',
    holds: (value) => isObject(value) && isObject(value.metadata) && isObject(value.provenance),
  },
} as const satisfies Readonly<Record<string, OptionRule>>

export type OptionName = keyof typeof rules

/** What every verification understands, of which `verifyJws` needs the algorithms only. */
const demands = ['audience', 'algorithms', 'clockTolerance', 'maxTokenAge', 'maxLifetime', 'requiredClaims', 'limits'] as const

export const jwsOptions = ['algorithms'] as const satisfies readonly OptionName[]
export const verifyOptions = [...demands, 'status', 'checkAll', 'cache', 'currentDate'] as const satisfies readonly OptionName[]
export const requestOptions = [
  'currentDate',
  'storedStatement',
  'acceptedAt',
  'registered',
] as const satisfies readonly OptionName[]
export const decisionOptions = [
  ...demands,
  'status',
  'checkAll',
  'cache',
  'statement',
  'merge',
  'metadata_policy',
  'metadata_policy_crit',
  'unknownMembers',
  'redirectSchemes',
  'seen',
] as const satisfies readonly OptionName[]
export const memoryOptions = ['capacity'] as const satisfies readonly OptionName[]
export const cacheOptions = ['max'] as const satisfies readonly OptionName[]
export const remoteKeysOptions = ['fetch', 'keyCache', 'now'] as const satisfies readonly OptionName[]
export const keyCacheOptions = [
  'minAge',
  'maxAge',
  'defaultAge',
  'cooldown',
  'staleIfError',
] as const satisfies readonly OptionName[]
export const guardedFetchOptions = [
  'ports',
  'allowHosts',
  'resolve',
  'ca',
  'timeout',
  'maxBytes',
  'fetch',
] as const satisfies readonly OptionName[]
export const guardedSendOptions = [...guardedFetchOptions, 'allowHttp'] as const satisfies readonly OptionName[]

/**
 * Holds options to their forms. A name that is not an option is refused as well: a misspelled limit would be no limit.
 *
 * Throws `TypeError`.
 */
export function validateOptions(options: object, known: readonly OptionName[]): void {
  if (!isObject(options)) throw new TypeError('options must be an object')
  for (const [given, value] of Object.entries(options)) {
    const name = known.find((option) => option === given)
    if (name === undefined) throw new TypeError(`"${given}" is not an option here: there are ${known.join(', ')}`)
    if (value !== undefined && !rules[name].holds(value)) throw new TypeError(`the option ${name} must be ${rules[name].form}`)
  }
}

/** Throws `TypeError` unless trust is a function: without one there is nobody to trust. */
export function validateTrust(trust: unknown): void {
  if (typeof trust !== 'function') throw new TypeError('trust must be a function, such as trustIssuers makes')
}
