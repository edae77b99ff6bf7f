/** A length of time: seconds, or text such as `"90 days"` or `"10 minutes"`; at most 100 years. */
export type Duration = number | string

const unitSeconds: ReadonlyMap<string, number> = new Map(
  (
    [
      [1, 's sec secs second seconds'],
      [60, 'm min mins minute minutes'],
      [3600, 'h hr hrs hour hours'],
      [86_400, 'd day days'],
      [604_800, 'w week weeks'],
      [31_557_600, 'y yr yrs year years'],
    ] as const
  ).flatMap(([seconds, names]) => names.split(' ').map((name) => [name, seconds])),
)

/** What is longer is a mistake, such as milliseconds, or stands for no limit at all. */
const longest = 100 * 31_557_600

/**
 * Reads a duration as seconds. A year is 365.25 days.
 *
 * Throws `TypeError` for anything that is not a length of time, and for more than 100 years.
 *
 * @example
 * ```ts
 * parseDuration('90 days') // 7776000
 * parseDuration(300) // 300
 * ```
 */
export function parseDuration(duration: Duration): number {
  if (typeof duration === 'number') {
    if (duration >= 0 && duration <= longest) return duration
    throw new TypeError('a duration must be a number of seconds from 0 to 100 years')
  }
  const [, amount, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?) ?([a-z]+)?$/i.exec(duration) ?? []
  const factor = unitSeconds.get(unit.toLowerCase())
  if (amount === undefined || factor === undefined) {
    throw new TypeError('a duration must be seconds or a text such as "90 days", "12 hours", "10 minutes"')
  }
  const seconds = Number(amount) * factor
  if (seconds > longest) throw new TypeError('a duration must be at most 100 years')
  return seconds
}
