import { publicJwks } from '@software-statement/signer'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readKeys, readPassphrase } from '../input/read-key.js'
import type { Io } from '../io.js'
import { writeJson } from '../output/json.js'

/** Writes the JWK Set to publish for some keys. */
export async function jwks(paths: readonly string[], flags: Flags<'jwks'>, io: Io): Promise<ExitCode> {
  const keys = []
  for (const path of paths) keys.push(...(await readKeys(path, io)))
  const published = await publicJwks(keys, await readPassphrase(flags['passphrase-file'], io))
  io.stdout(`${writeJson(published, 2)}\n`)
  return exitCodes.accepted
}
