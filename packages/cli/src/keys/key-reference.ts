/** Where a key is, as it is named on the command line. */
export type KeyReference =
  | { readonly scheme: 'file'; readonly path: string }
  | { readonly scheme: 'env'; readonly name: string }
  | { readonly scheme: 'pkcs11'; readonly uri: string }
  | { readonly scheme: 'exec'; readonly command: string }

/**
 * Reads the name of a key: `env:NAME`, `pkcs11:...`, `exec:COMMAND`, `file:PATH`; everything else is the name of a file. Schemes may be
 * in capitals (RFC 3986 3.1).
 */
export function parseKeyReference(text: string): KeyReference {
  const [, name, rest = ''] = /^(file|env|pkcs11|exec):(.*)$/is.exec(text) ?? []
  const scheme = name?.toLowerCase()
  switch (scheme) {
    case 'file':
      return { scheme, path: rest }
    case 'env':
      return { scheme, name: rest }
    case 'pkcs11':
      return { scheme, uri: text }
    case 'exec':
      return { scheme, command: rest }
    default:
      return { scheme: 'file', path: text }
  }
}
