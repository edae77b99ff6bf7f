import { createPublicKey } from 'node:crypto'
import type { Jwk } from '@software-statement/core'
import type { KeyInput } from '@software-statement/signer'
import { UsageError } from '../usage-error.js'
import type { Input } from './read-file.js'
import { readJson, readText } from './read-json.js'

/** The keys of a file or a variable: one JWK, the keys of a JWK Set, or PEM text, also of a public key. Throws `UsageError`. */
export function parseKeys(input: Input): readonly KeyInput[] {
  const text = readText(input)
  if (text.startsWith('-----BEGIN PUBLIC KEY-----')) return [readPublicPem(text, input)]
  if (!text.trimStart().startsWith('{')) return [text]
  const document = readJson(input)
  if (!Array.isArray(document.keys)) return [document]
  if (document.keys.every((key): key is Jwk => typeof key === 'object' && key !== null)) return document.keys
  throw new UsageError(`${input.name}: the JWK Set holds something that is not a key`)
}

/** The one key of a file or a variable. Throws `UsageError`. */
export function parseKey(input: Input): KeyInput {
  const [key, ...others] = parseKeys(input)
  if (key === undefined || others.length > 0) throw new UsageError(`${input.name}: needs to hold exactly one key`)
  return key
}

/** What key stores tell of their keys most often (RFC 7468 13). */
function readPublicPem(text: string, { name }: Input): Jwk {
  try {
    return { ...createPublicKey(text).export({ format: 'jwk' }) }
  } catch (cause) {
    throw new UsageError(`${name}: the public key cannot be read`, { cause })
  }
}
