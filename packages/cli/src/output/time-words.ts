const units = [
  ['years', 31_557_600],
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const

/** A length of time in words, in the largest unit of which there are two: `90 days`, `36 hours`. */
export function describeSpan(seconds: number): string {
  const [name, length] = units.find(([, length]) => seconds >= 2 * length) ?? ['seconds', 1]
  const amount = Math.floor(seconds / length)
  return `${amount} ${amount === 1 ? name.slice(0, -1) : name}`
}

/** How far a time is from now: `in 89 days`, `2 hours ago`. Both in seconds. */
export function describeDistance(time: number, now: number): string {
  if (time === now) return 'now'
  return time > now ? `in ${describeSpan(time - now)}` : `${describeSpan(now - time)} ago`
}

/** A NumericDate as RFC 3339, or `undefined` if it is no time that a calendar has. */
export function formatTime(seconds: unknown): string | undefined {
  const date = typeof seconds === 'number' ? new Date(seconds * 1000) : undefined
  if (date === undefined || Number.isNaN(date.getTime())) return undefined
  return date.toISOString().replace('.000Z', 'Z')
}
