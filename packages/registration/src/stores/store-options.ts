import { parseDuration } from '@software-statement/core'
import { refuseUnknownOptions } from '../known-options.js'

interface OptionRule {
  /** Completes the sentence "the option ... must be". */
  readonly form: string
  readonly holds: (value: unknown) => boolean
}

const isPositive = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0
const positive: OptionRule = { form: 'a positive whole number', holds: isPositive }
const duration: OptionRule = {
  form: 'seconds or a text such as "5 seconds", and not 0',
  holds: (value) => (typeof value === 'number' || typeof value === 'string') && parseDuration(value) > 0,
}

/** A name that PostgreSQL takes for what it is, as PostgreSQL writes it. */
const identifier = /^[a-z_][a-z0-9_]{0,62}$/

const rules = {
  capacity: positive,
  busyTimeout: duration,
  schema: {
    form: 'a name of lower case letters, digits and underscores, at most 63',
    holds: (value) => typeof value === 'string' && identifier.test(value),
  },
  maxConnections: positive,
  connectTimeout: duration,
  queryTimeout: duration,
} as const satisfies Readonly<Record<string, OptionRule>>

export type StoreOptionName = keyof typeof rules

/**
 * Holds the options of a store to their forms. A name that is not an option is refused as well: a misspelled limit would be no limit.
 *
 * Throws `TypeError`.
 */
export function validateStoreOptions(options: object, known: readonly StoreOptionName[]): void {
  refuseUnknownOptions(options, new Set(known))
  const given = new Map(Object.entries(options))
  for (const name of known) {
    const value = given.get(name)
    if (value !== undefined && !rules[name].holds(value)) throw new TypeError(`the option ${name} must be ${rules[name].form}`)
  }
}
