/**
 * How long an answer may be used, in seconds from now, as its HTTP headers say (RFC 9111 4.2): `max-age`, else `Expires`, less
 * the `Age` it has already; nothing where they are silent. `no-store` and `no-cache` are no time at all.
 */
export function readLifetime(headers: Headers, now: Date): number | undefined {
  const directives = (headers.get('cache-control') ?? '').toLowerCase().split(',')
  const named = directives.map((directive) => directive.trim().split('=', 2))
  if (named.some(([name]) => name === 'no-store' || name === 'no-cache')) return 0
  const limits = named.flatMap(([name, value = '']) => (name === 'max-age' ? [readSeconds(value.replace(/^"(.*)"$/, '$1'))] : []))
  const age = readSeconds((headers.get('age') ?? '0').trim())
  if (limits.length > 0) return Math.max(0, Math.min(...limits) - age)
  const expires = headers.get('expires')
  return expires === null ? undefined : Math.max(0, readExpires(expires, headers.get('date'), now) - age)
}

/**
 * The headers that tell how long an answer may be used whose server says that it has not changed: as before, where it says nothing now
 * (RFC 9111 4.3.4), but for what was only about that one answer.
 */
export function renewFreshness(before: Headers, after: Headers): Headers {
  const kept = ['cache-control', 'expires'].map((name) => [name, after.get(name) ?? before.get(name)] as const)
  const own = ['age', 'date'].map((name) => [name, after.get(name)] as const)
  return new Headers([...kept, ...own].flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

/** What is no number of seconds counts as none: an answer that cannot be understood is not used for long (RFC 9111 4.2.1). */
function readSeconds(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : 0
}

/** Measured on the server's own clock, where it tells it. A date that is none has passed (RFC 9111 5.3). */
function readExpires(expires: string, date: string | null, now: Date): number {
  const end = Date.parse(expires)
  const start = Date.parse(date ?? '')
  const seconds = (end - (Number.isNaN(start) ? now.getTime() : start)) / 1000
  return Number.isNaN(seconds) ? 0 : seconds
}
