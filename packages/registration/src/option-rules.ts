import { isIssuer } from './metadata/server-urls.js'
import type { RegistrationEndpointOptions } from './options.js'

interface OptionRule {
  /** Completes the sentence "the option ... must be". */
  readonly form: string
  readonly holds: (value: unknown) => boolean
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isFunction = (value: unknown) => typeof value === 'function'
const aFunction: OptionRule = { form: 'a function', holds: isFunction }
const anObject: OptionRule = { form: 'an object', holds: isObject }
/** What the decision reads, the decision checks. */
const ofTheDecision: OptionRule = { form: '', holds: () => true }
const oneOf = (...values: readonly unknown[]): OptionRule => ({
  form: values.map((value) => JSON.stringify(value)).join(' or '),
  holds: (value) => values.includes(value),
})
const duration: OptionRule = {
  form: 'seconds or a text such as "90 days"',
  holds: (value) => typeof value === 'number' || typeof value === 'string',
}

const storeFunctions = ['admit', 'find', 'replace', 'remove', 'consume', 'findInitialAccessToken']
const limitFunctions = ['attempt', 'countFailure', 'countRegistration', 'countSoftware']

const isOrigin = (value: unknown) => typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value

const rules: Readonly<Record<keyof RegistrationEndpointOptions, OptionRule>> = {
  issuer: { form: 'an https URL without query and fragment, or one with http on this machine', holds: isIssuer },
  store: {
    form: 'a client store such as memoryClientStore makes',
    holds: (value) => isObject(value) && storeFunctions.every((name) => isFunction(value[name])),
  },
  trust: { form: 'a function, such as trustIssuers makes', holds: isFunction },
  mode: oneOf('open', 'token', 'statement', 'statement-or-token'),
  path: {
    form: 'a path such as "/reg", and none of the well-known ones',
    holds: (value) => typeof value === 'string' && /^(\/[\w~-][\w.~-]*)+$/.test(value),
  },
  metadata: anObject,
  onUnprocessed: oneOf('reject', 'strip'),
  uniqueness: oneOf('none', 'software_id', 'duplicateKey'),
  secretLifetime: duration,
  tokenRotation: {
    form: 'false or an object with overlap, in seconds or a text such as "1 hour", and nothing else',
    holds: (value) =>
      value === false || (isObject(value) && Object.keys(value).join() === 'overlap' && duration.holds(value.overlap)),
  },
  cors: {
    form: 'true, false or an array of origins such as "https://app.example"',
    holds: (value) => typeof value === 'boolean' || (Array.isArray(value) && value.every(isOrigin)),
  },
  rateLimits: {
    form: 'limits such as createLimits makes',
    holds: (value) => isObject(value) && limitFunctions.every((name) => isFunction(value[name])),
  },
  addressOf: aFunction,
  clientAuthentication: anObject,
  onDecision: aFunction,
  onError: aFunction,
  now: aFunction,
  random: aFunction,
  audience: ofTheDecision,
  algorithms: ofTheDecision,
  clockTolerance: ofTheDecision,
  maxTokenAge: ofTheDecision,
  maxLifetime: ofTheDecision,
  requiredClaims: ofTheDecision,
  limits: ofTheDecision,
  status: ofTheDecision,
  cache: ofTheDecision,
  merge: ofTheDecision,
  metadata_policy: ofTheDecision,
  metadata_policy_crit: ofTheDecision,
  unknownMembers: ofTheDecision,
  redirectSchemes: ofTheDecision,
}

const required: readonly string[] = ['issuer', 'store']

/**
 * Holds options to their forms. A name that is not an option is refused as well: a misspelled limit would be no limit.
 *
 * Throws `TypeError`.
 */
export function validateOptions(options: unknown): void {
  if (!isObject(options)) throw new TypeError('options must be an object')
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(rules, name))
      throw new TypeError(`"${name}" is not an option here: there are ${Object.keys(rules).join(', ')}`)
  }
  for (const [name, { form, holds }] of Object.entries(rules)) {
    const value = options[name]
    if (value === undefined && !required.includes(name)) continue
    if (!holds(value)) throw new TypeError(`the option ${name} must be ${form}`)
  }
}
