/**
 * Makes sure that options are an object, of which every name is known: a misspelled limit would be no limit.
 *
 * Throws `TypeError`.
 *
 * @param what completes the sentence '"..." is not'
 */
export function refuseUnknownOptions(options: unknown, known: ReadonlySet<string>, what = 'an option here'): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw new TypeError('options must be an object')
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) throw new TypeError(`"${unknown}" is not ${what}: there are ${[...known].join(', ')}`)
}
