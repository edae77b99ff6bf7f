import { UsageError } from '../../usage-error.js'

/** A key on a token, as a PKCS #11 URI names it (RFC 7512 2.3). */
export interface Pkcs11Uri {
  /** What the token has to be, by the names of RFC 7512. */
  readonly token: ReadonlyMap<TokenAttribute, string>
  readonly slotId: number | undefined
  /** CKA_LABEL of the key. */
  readonly label: string | undefined
  /** CKA_ID of the key. */
  readonly id: Buffer | undefined
  readonly modulePath: string
  readonly pin: { readonly value: string } | { readonly source: string } | undefined
}

export type TokenAttribute = (typeof tokenAttributes)[number]

const tokenAttributes = ['token', 'manufacturer', 'serial', 'model'] as const
const pathAttributes: readonly string[] = [...tokenAttributes, 'object', 'id', 'type', 'slot-id']
const queryAttributes: readonly string[] = ['module-path', 'pin-source', 'pin-value']

/** Reads a PKCS #11 URI. Throws `UsageError`, whose message repeats nothing of it but names: a PIN may stand in it. */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  const [path = '', ...queries] = uri.slice('pkcs11:'.length).split('?')
  if (queries.length > 1) throw new UsageError('the pkcs11: key has more than one question mark')
  const attributes = readAttributes(path.split(';'), pathAttributes)
  const query = readAttributes((queries[0] ?? '').split('&'), queryAttributes)

  const modulePath = textOf(query, 'module-path')
  if (modulePath === undefined) throw new UsageError('the pkcs11: key needs a module-path: the PKCS #11 library of the token')
  if ((textOf(attributes, 'type') ?? 'private') !== 'private') throw new UsageError('the pkcs11: key is not of type private')
  const id = attributes.get('id')
  const label = textOf(attributes, 'object')
  if (label === undefined && id === undefined) throw new UsageError('the pkcs11: key needs an object or an id')
  return {
    token: new Map(tokenAttributes.flatMap((name) => [[name, textOf(attributes, name)] as const]).filter(isGiven)),
    slotId: readSlotId(textOf(attributes, 'slot-id')),
    label,
    id,
    modulePath,
    pin: readPin(textOf(query, 'pin-value'), textOf(query, 'pin-source')),
  }
}

function readAttributes(parts: readonly string[], known: readonly string[]): ReadonlyMap<string, Buffer> {
  const attributes = new Map<string, Buffer>()
  for (const part of parts) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(at, 0))
    // Whoever does not know an attribute cannot tell whether a key has it (RFC 7512 2.3).
    if (!known.includes(name)) throw new UsageError(`the pkcs11: key has an attribute that is not among ${known.join(', ')}`)
    if (attributes.has(name)) throw new UsageError(`the pkcs11: key has two attributes ${name}`)
    attributes.set(name, decodePercent(name, part.slice(at + 1)))
  }
  return attributes
}

/** Octets may be percent-encoded (RFC 3986 2.1), and need not be text. */
function decodePercent(name: string, text: string): Buffer {
  if (/%(?![0-9A-Fa-f]{2})/.test(text))
    throw new UsageError(`the ${name} of the pkcs11: key has a % without two hexadecimal digits`)
  const pieces = text.split(/(%[0-9A-Fa-f]{2})/)
  return Buffer.concat(pieces.map((piece) => (piece.startsWith('%') ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece))))
}

function textOf(attributes: ReadonlyMap<string, Buffer>, name: string): string | undefined {
  return attributes.get(name)?.toString('utf8')
}

function isGiven(entry: readonly [TokenAttribute, string | undefined]): entry is readonly [TokenAttribute, string] {
  return entry[1] !== undefined
}

function readSlotId(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new UsageError('the slot-id of the pkcs11: key is not a number')
  return Number(text)
}

function readPin(value: string | undefined, source: string | undefined): Pkcs11Uri['pin'] {
  // RFC 7512 2.4: both together are invalid.
  if (value !== undefined && source !== undefined) throw new UsageError('the pkcs11: key has both pin-value and pin-source')
  if (source !== undefined) return { source }
  return value === undefined ? undefined : { value }
}
