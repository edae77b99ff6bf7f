import type { Jwk } from '@software-statement/core'
import type { KeyInput } from '@software-statement/signer'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { nameInput, readInput } from './read-file.js'
import { readJson, readText } from './read-json.js'

/** Reads the keys of a file: one JWK, the keys of a JWK Set, or PEM text. Throws `UsageError`. */
export async function readKeys(path: string, io: Io): Promise<readonly KeyInput[]> {
  const bytes = await readInput(path, io)
  const text = readText(bytes, path)
  if (!text.trimStart().startsWith('{')) return [text]
  const document = readJson(bytes, path)
  if (!Array.isArray(document.keys)) return [document]
  if (document.keys.every((key): key is Jwk => typeof key === 'object' && key !== null)) return document.keys
  throw new UsageError(`${nameInput(path)}: the JWK Set holds something that is not a key`)
}

/** Reads the one key of a file. Throws `UsageError`. */
export async function readKey(path: string, io: Io): Promise<KeyInput> {
  const [key, ...others] = await readKeys(path, io)
  if (key === undefined || others.length > 0) throw new UsageError(`${nameInput(path)}: needs to hold exactly one key`)
  return key
}

/** Reads a passphrase: the first line of a file. */
export async function readPassphrase(path: string | undefined, io: Io): Promise<{ readonly passphrase?: string }> {
  if (path === undefined) return {}
  const [passphrase = ''] = readText(await readInput(path, io), path).split(/\r?\n/, 1)
  if (passphrase === '') throw new UsageError(`${nameInput(path)}: the first line is empty`)
  return { passphrase }
}
