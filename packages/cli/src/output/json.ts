import { hasSecretMembers, type Jwk } from '@software-statement/core'
import { printable } from './printable.js'

/** Members of registration responses that are credentials (RFC 7591 3.2.1, RFC 7592 3). */
const credentials: ReadonlySet<string> = new Set(['client_secret', 'registration_access_token'])

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

/**
 * Writes a value as JSON for people and programs: no credential and no private key in it, and nothing that a terminal obeys,
 * while it stays JSON. Everything that comes from outside is shown through this.
 */
export function writeJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(redact(value), null, indent)
  return text.split('\n').map(printable).join('\n')
}

/** Writes the value of a member by the same rules: what is a credential is known by the name of the member. */
export function writeMember(name: string, value: unknown): string {
  return writeJson({ [name]: value }).slice(`{${writeJson(name)}:`.length, -1)
}

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null) return value
  const isSecretKey = hasSecretMembers(value as Jwk) && Object.hasOwn(value, 'kty') // looked at by name only
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isSecret = credentials.has(name.split('#', 1)[0] ?? '') || (isSecretKey && !publicKeyMembers.has(name))
      return [name, isSecret ? redacted : redact(member)]
    }),
  )
}
