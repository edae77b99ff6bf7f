/** The one member that is a text on the wire and an array to policy operators (OpenID Federation 1.0, 6.1.3.1.8). */
export const scopeMember = 'scope'

/** RFC 6749 3.3. An item that holds a space would be one value to the operators and two to whoever reads the result. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Parses a scope, a text or an array, into its values in their order, runs of spaces counting as one (RFC 6749 3.3); `undefined`
 * for anything else, such as a value with a tab or an array item with a space in it.
 *
 * @example
 * ```ts
 * parseScope('openid  email') // ['openid', 'email']
 * ```
 */
export function parseScope(scope: unknown): readonly string[] | undefined {
  const values = typeof scope === 'string' ? scope.split(' ').filter((value) => value !== '') : scope
  return Array.isArray(values) && values.every(isScopeToken) ? values : undefined
}

function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && scopeToken.test(value)
}

export function formatScope(values: readonly unknown[]): string {
  return values.join(' ')
}
