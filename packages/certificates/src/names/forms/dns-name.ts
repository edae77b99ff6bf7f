/** Labels of letters, digits, hyphens and, as some hosts have them, underscores (RFC 1034 3.5), none of them empty. */
const host = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** A host name in lower case, or `undefined` for a text that is none. */
export function parseHostName(text: string): string | undefined {
  const name = text.toLowerCase()
  return host.test(name) ? name : undefined
}

/** A dNSName in lower case, `*.` in front allowed, or `undefined` for a text that is none. */
export function parseDnsName(text: string): string | undefined {
  const isWildcard = text.startsWith('*.')
  const name = parseHostName(isWildcard ? text.slice(2) : text)
  return name === undefined || !isWildcard ? name : `*.${name}`
}

/** Whether a host is the base or below it: zero or more labels in front (RFC 5280 4.2.1.10). */
export function isWithinDomain(name: string, base: string): boolean {
  const labels = name.length - base.length
  return base === '' || (name.endsWith(base) && (labels === 0 || name[labels - 1] === '.'))
}

/** Whether some of the names that a dNSName stands for are the base or below it: `*.a.example` stands for `b.a.example` as well. */
export function mayBeWithinDomain(name: string, base: string): boolean {
  if (isWithinDomain(name, base)) return true
  return name.startsWith('*.') && base.slice(base.indexOf('.') + 1) === name.slice(2) && base.includes('.')
}
