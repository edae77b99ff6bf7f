/** What people give in place of a file name: JSON, PEM, tokens and what encodes them, what came with white space from elsewhere. */
const noPath = /^[\s{["']|-----BEGIN|eyJ|[\w+-]{40}|[\r\n]|\s$/

/** Where files with secrets are named, and secrets are given by mistake. */
const neverRepeated: readonly string[] = ['--passphrase-file', 'pin-source']

/**
 * Names an input in messages: by its path, or by the flag it was given for if it does not look like a path and may be a secret.
 */
export function nameInput(path: string, origin: string): string {
  if (path === '-') return 'standard input'
  if (neverRepeated.includes(origin)) return origin
  return noPath.test(path) || path.length > 255 ? `${origin} (which does not look like a path)` : path
}
