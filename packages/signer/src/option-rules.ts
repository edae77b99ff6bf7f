import { signatureAlgorithms, toAscii } from '@software-statement/core'
import { ApprovalPolicy } from './approval/parse-approval-policy.js'

interface OptionRule {
  /** Completes the sentence "the option ... must be". */
  readonly form: string
  readonly holds: (value: unknown) => boolean
}

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

const text: OptionRule = { form: 'a text', holds: isText }
const date: OptionRule = { form: 'a Date', holds: (value) => value instanceof Date }
const duration: OptionRule = {
  form: 'seconds or a text such as "90 days"',
  holds: (value) => typeof value === 'number' || typeof value === 'string',
}

/** A scheme as URLs print it: lower case, without the colon (RFC 3986 3.1). */
const scheme = /^[a-z][a-z0-9+.-]*$/

const algorithms: readonly unknown[] = signatureAlgorithms

const rules = {
  issuer: text,
  key: { form: 'a JWK, PEM text, CryptoKey, KeyObject or remote key', holds: (value) => isText(value) || isObject(value) },
  audience: { form: 'a text or an array of texts', holds: (value) => isText(value) || isTexts(value) },
  subject: text,
  expiresIn: duration,
  notBefore: date,
  alg: { form: `one of ${signatureAlgorithms.join(', ')}`, holds: (value) => algorithms.includes(value) },
  kid: text,
  typ: text,
  jti: text,
  passphrase: text,
  approval: { form: 'what parseApprovalPolicy makes', holds: (value) => value instanceof ApprovalPolicy },
  extraMembers: { form: 'an array of texts', holds: isTexts },
  redirectSchemes: {
    form: 'an array of URI schemes in lower case, without the colon',
    holds: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && scheme.test(name)),
  },
  x5c: { form: 'a function, such as certificateChain makes', holds: (value) => typeof value === 'function' },
  currentDate: date,
  limits: { form: 'an object', holds: isObject },
  cacheLifetime: duration,
  clockTolerance: duration,
  modulusLength: { form: 'a number of bits', holds: (value) => typeof value === 'number' },
} as const satisfies Readonly<Record<string, OptionRule>>

type OptionName = keyof typeof rules

export const keygenOptions = ['modulusLength'] as const satisfies readonly OptionName[]
export const jwksOptions = ['passphrase'] as const satisfies readonly OptionName[]
export const planOptions = [
  'cacheLifetime',
  'clockTolerance',
  'currentDate',
  'passphrase',
  'limits',
] as const satisfies readonly OptionName[]
export const signOptions = [
  'issuer',
  'key',
  'audience',
  'subject',
  'expiresIn',
  'notBefore',
  'alg',
  'kid',
  'typ',
  'jti',
  'passphrase',
  'approval',
  'extraMembers',
  'redirectSchemes',
  'x5c',
  'currentDate',
  'limits',
] as const satisfies readonly OptionName[]

/**
 * Holds options to their forms. A name that is not an option is refused as well: without its approval policy, a statement would be
 * signed that nobody has approved.
 *
 * Throws `TypeError`.
 */
export function validateOptions(options: unknown, known: readonly OptionName[]): void {
  if (!isObject(options)) throw new TypeError(`options must be an object with ${known.join(', ')}`)
  for (const [given, value] of Object.entries(options)) {
    const name = known.find((option) => option === given)
    if (name === undefined) throw new TypeError(`"${toAscii(given)}" is not an option here: there are ${known.join(', ')}`)
    if (value !== undefined && !rules[name].holds(value)) throw new TypeError(`the option ${name} must be ${rules[name].form}`)
  }
}
