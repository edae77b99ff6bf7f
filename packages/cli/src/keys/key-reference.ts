/** Where a key is, as it is named on the command line. */
export type KeyReference =
  | { readonly scheme: 'file'; readonly path: string }
  | { readonly scheme: 'env'; readonly name: string }
  | { readonly scheme: 'pkcs11'; readonly uri: string }
  | { readonly scheme: 'exec'; readonly command: string }

/** Reads the name of a key: `env:NAME`, `pkcs11:...`, `exec:COMMAND`, `file:PATH`; everything else is the name of a file. */
export function parseKeyReference(text: string): KeyReference {
  const [, scheme, rest = ''] = /^(file|env|pkcs11|exec):(.*)$/s.exec(text) ?? []
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
