import { hasSecretMembers, type Jwk } from '@software-statement/core'

/**
 * Members that are credentials by their names: those of registration responses (RFC 7591 3.2.1, RFC 7592 3) and of whatever else
 * people keep beside them, such as `access_token`, `initial_access_token`, `client_assertion`, `password`.
 */
const credential = /(?:^|_)(?:secret|token|assertion|password|passphrase)$/

/** Members that hold a key, or keys. */
const keyHolders: readonly string[] = ['jwks', 'keys', 'jwk']

/** What makes an object a key that stands somewhere else. */
const keyMarks = ['kty', 'crv', 'n'] as const

/** Members of a JWK that may be shown: what is not among them may be a secret. */
const publicKeyMembers: ReadonlySet<string> = new Set([
  'kty',
  'kid',
  'use',
  'alg',
  'key_ops',
  'crv',
  'x',
  'y',
  'n',
  'e',
  'pub',
  'x5c',
  'x5t',
  'x5t#S256',
  'x5u',
])

const redacted = '[redacted]'

/** The userinfo of a URI (RFC 3986 3.2.1), with backslashes as browsers read them. */
const userinfo = /([/\\]{2})[^/\\?#\s]*@/g

/** A copy of a value as JSON has it, without credentials and without private keys. */
export function redact(value: unknown, isKey = false): unknown {
  if (typeof value === 'string') return redactText(value, isKey)
  if (Array.isArray(value)) return value.map((item) => redact(item, isKey))
  if (typeof value !== 'object' || value === null) return value
  const isSecretKey =
    hasSecretMembers(value as Jwk) && // looked at by the names of its members only
    (isKey || keyMarks.some((mark) => Object.hasOwn(value, mark)))
  return Object.fromEntries(
    Object.entries(value).map(([tagged, member]) => {
      const [name = ''] = tagged.split('#', 1)
      const isSecret = credential.test(name) || (isSecretKey && !publicKeyMembers.has(tagged))
      return [tagged, isSecret ? redacted : redact(member, isKey || keyHolders.includes(name))]
    }),
  )
}

/** A key may also stand there as text: as PEM, or as the JSON that it should have been. */
function redactText(text: string, isKey: boolean): string {
  if (text.includes('PRIVATE KEY-----') || (isKey && /^\s*[{[]/.test(text))) return redacted
  return text.replace(userinfo, `$1${redacted}@`)
}
