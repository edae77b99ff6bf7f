/** What people give in place of a file name: JSON, PEM, tokens and what encodes them, what came with white space from elsewhere. */
const noPath = /^[\s{["']|-----BEGIN|eyJ|[\w+-]{40}|[\r\n]|\s$/

/** A scheme, which a drive of Windows is not (RFC 3986 3.1), and a PIN (RFC 7512 2.4): credentials may be behind either. */
const uri = /^[a-z][a-z0-9+.-]+:|pin-(?:value|source)/i

/** Where files with secrets are named, and secrets are given by mistake. */
const neverRepeated: readonly string[] = ['--passphrase-file', 'pin-source']

/**
 * Names an input in messages: by its path, or by the flag it was given for if it does not look like a path and may be a secret.
 */
export function nameInput(path: string, origin: string): string {
  if (path === '-') return 'standard input'
  if (neverRepeated.includes(origin)) return origin
  return noPath.test(path) || uri.test(path) || path.length > 255 ? `${origin} (which does not look like a path)` : path
}
