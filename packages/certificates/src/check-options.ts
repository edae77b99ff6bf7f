/** What an option has to be. */
export interface OptionRule {
  /** Completes the sentence "the option ... must be". */
  readonly form: string
  readonly holds: (value: unknown) => boolean
  readonly isRequired?: true
}

/**
 * Holds options to their forms; one that is `undefined` is left out. A name that is not an option, nor one of the others that are checked
 * elsewhere, is refused: a misspelled limit would be none.
 *
 * Throws `TypeError` that names the option.
 */
export function checkOptions(
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
  { prefix = '', others = [] }: { readonly prefix?: string; readonly others?: readonly string[] } = {},
): void {
  if (!isObject(options)) throw new TypeError('options must be an object')
  const known = [...Object.keys(rules), ...others]
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TypeError(`"${prefix}${name}" is not an option here: there are ${known.join(', ')}`)
  }
  for (const [name, { form, holds, isRequired }] of Object.entries(rules)) {
    const value = options[name]
    const isLeftOut = value === undefined && isRequired !== true
    if (!isLeftOut && !holds(value)) throw new TypeError(`the option ${prefix}${name} must be ${form}`)
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
