// Date also takes 24:00:00, RFC 3339 does not.
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * Reads a point in time: RFC 3339 text with a time zone, or seconds since the epoch.
 *
 * Throws `TypeError` for anything else, dates that do not exist among them.
 *
 * @example
 * ```ts
 * parseInstant('2026-11-21T12:00:00Z')
 * parseInstant('1795262400')
 * ```
 */
export function parseInstant(text: string): Date {
  if (/^\d{1,11}$/.test(text)) return new Date(Number(text) * 1000)
  const date = rfc3339.test(text) ? new Date(text.toUpperCase()) : undefined
  // Date rolls 30 February over into March: the day must survive a round trip in its own time zone.
  const midnight = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (date === undefined || Number.isNaN(date.getTime()) || midnight.toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw new TypeError('a time must be RFC 3339, such as 2026-11-21T12:00:00Z, or seconds since 1970')
  }
  return date
}

/**
 * A date as seconds since the epoch (RFC 7519 NumericDate), fractions cut off. Throws `TypeError` for an invalid date: no
 * comparison with it would hold, so that nothing would ever have expired.
 */
export function toNumericDate(date: Date): number {
  const time = date.getTime()
  if (Number.isNaN(time)) throw new TypeError('the date is not valid')
  return Math.floor(time / 1000)
}
