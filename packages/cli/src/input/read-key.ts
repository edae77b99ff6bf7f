import { type AsymmetricAlgorithm, algorithmsOfKey, asymmetricAlgorithms, type Jwk } from '@software-statement/core'
import type { KeyInput } from '@software-statement/signer'
import type { Io } from '../io.js'
import { type KeyReference, parseKeyReference } from '../keys/key-reference.js'
import { UsageError } from '../usage-error.js'
import { parseKey, parseKeys } from './parse-keys.js'
import { type Input, readInput } from './read-file.js'
import { readText } from './read-json.js'

const untold = 'the token does not tell the public key of the pkcs11: key'

/** What a key that signs elsewhere needs besides its name. */
interface SignerOptions {
  readonly alg: string | undefined
  /** File with the public key. */
  readonly publicKey: string | undefined
}

/** Reads the one key that is to sign. Throws `UsageError`, `TrustUnavailableError`. */
export async function readSigningKey(text: string, { alg, publicKey }: SignerOptions, io: Io): Promise<KeyInput> {
  const reference = parseKeyReference(text)
  if (reference.scheme === 'file' || reference.scheme === 'env') {
    if (publicKey !== undefined) throw new UsageError('--public-key is for a key that signs elsewhere: exec: or pkcs11:')
    return parseKey(await readKeyText(reference, '--key', io))
  }
  const given = publicKey === undefined ? undefined : await readPublicKey(publicKey, io)
  if (reference.scheme === 'exec') {
    if (given === undefined) throw new UsageError('an exec: key needs --public-key: what it signs is verified')
    const { signThrough } = await import('../keys/exec-key.js')
    const chosen = chooseAlgorithm(given, alg)
    return { alg: chosen, publicJwk: given, sign: signThrough(reference.command, chosen, io) }
  }
  const { readTokenKey, signOnToken } = await import('../keys/pkcs11/key.js')
  const { uri, pin } = await readToken(reference.uri, io)
  const publicJwk = given ?? readTokenKey(uri, pin, io)
  if (publicJwk === undefined) throw new UsageError(`${untold}: give --public-key`)
  const chosen = chooseAlgorithm(publicJwk, alg)
  return { alg: chosen, publicJwk, sign: signOnToken(uri, pin, chosen, io) }
}

/**
 * Reads keys of which the public halves are wanted. An `exec:` key cannot tell its own: it takes the next of the files with public keys.
 *
 * Throws `UsageError`, `TrustUnavailableError`.
 */
export async function readPublishedKeys(
  texts: readonly string[],
  publicKeys: readonly string[],
  io: Io,
): Promise<readonly KeyInput[]> {
  const keys: KeyInput[] = []
  const files = [...publicKeys]
  for (const text of texts) {
    const reference = parseKeyReference(text)
    if (reference.scheme === 'exec') {
      const file = files.shift()
      if (file === undefined) throw new UsageError('each exec: key needs a --public-key')
      keys.push(await readPublicKey(file, io))
    } else if (reference.scheme === 'pkcs11') {
      const { readTokenKey } = await import('../keys/pkcs11/key.js')
      const { uri, pin } = await readToken(reference.uri, io)
      const key = readTokenKey(uri, pin, io)
      if (key === undefined) throw new UsageError(`${untold}: name a file with it instead`)
      keys.push(key)
    } else keys.push(...parseKeys(await readKeyText(reference, 'a key', io)))
  }
  if (files.length > 0) throw new UsageError('there are more --public-key than exec: keys')
  return keys
}

/** Reads a passphrase: the first line of a file. */
export async function readPassphrase(path: string | undefined, io: Io): Promise<{ readonly passphrase?: string }> {
  if (path === undefined) return {}
  const input = await readInput(path, '--passphrase-file', io)
  const [passphrase = ''] = readText(input).split(/\r?\n/, 1)
  if (passphrase === '') throw new UsageError(`${input.name}: the first line is empty`)
  return { passphrase }
}

type TextReference = Extract<KeyReference, { readonly scheme: 'file' | 'env' }>

async function readKeyText(reference: TextReference, origin: string, io: Io): Promise<Input> {
  if (reference.scheme === 'file') return readInput(reference.path, origin, io)
  const { name } = reference
  // What is no name of a variable may be the secret itself, and is not repeated.
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new UsageError('env: needs the name of an environment variable')
  const text = io.env[name] ?? ''
  if (text === '') throw new UsageError(`${origin}: the environment variable behind env: is not set, or empty`)
  return { bytes: new TextEncoder().encode(text), name: `env:${name}` }
}

async function readPublicKey(path: string, io: Io): Promise<Jwk> {
  const input = await readInput(path, '--public-key', io)
  const key = parseKey(input)
  if (typeof key === 'object' && 'kty' in key && typeof key.kty === 'string') return key
  throw new UsageError(`${input.name}: is not a public key as JWK or PEM`)
}

async function readToken(text: string, io: Io) {
  const { parsePkcs11Uri } = await import('../keys/pkcs11/uri.js')
  const { readPin } = await import('../keys/pkcs11/pin.js')
  const uri = parsePkcs11Uri(text)
  return { uri, pin: await readPin(uri, io) }
}

/** The algorithm that is asked for, else the one of the key; RSA keys that name none sign with RS256 (RFC 7591 2.3). */
function chooseAlgorithm(publicJwk: Jwk, asked: string | undefined): AsymmetricAlgorithm {
  const fitting = asymmetricAlgorithms.filter((alg) => algorithmsOfKey(publicJwk).includes(alg))
  const chosen = fitting.find((alg) => alg === (asked ?? publicJwk.alg ?? (publicJwk.kty === 'RSA' ? 'RS256' : fitting[0])))
  if (chosen !== undefined) return chosen
  throw new UsageError(`the public key does not fit ${asked === undefined ? 'any algorithm' : `--alg ${asked}`}`)
}
