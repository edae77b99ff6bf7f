import { publicJwks } from '@software-statement/signer'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readPassphrase, readPublishedKeys } from '../input/read-key.js'
import type { Io } from '../io.js'
import { writeJson } from '../output/json.js'

/** Writes the JWK Set to publish for some keys. */
export async function jwks(current: readonly string[], flags: Flags<'jwks'>, io: Io): Promise<ExitCode> {
  const { next = [], retired = [], 'public-key': publicKeys = [] } = flags
  const keys = await readPublishedKeys([...current, ...next, ...retired], publicKeys, io)
  const published = await publicJwks(keys, await readPassphrase(flags['passphrase-file'], io))
  io.stdout(`${writeJson(published, 2)}\n`)
  return exitCodes.accepted
}
