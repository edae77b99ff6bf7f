import { generateSigningKey, publicJwks } from '@software-statement/signer'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { refuseDash, writeOutput } from '../input/read-file.js'
import type { Io } from '../io.js'
import { writeJson } from '../output/json.js'

/** Makes a key: the private JWK goes to a file, the public one to standard output. */
export async function keygen({ alg, out }: Flags<'keygen'>, io: Io): Promise<ExitCode> {
  refuseDash(out, 'a private key does not go to standard output')
  const key = await generateSigningKey(alg)
  await writeOutput(out, `${JSON.stringify(key, null, 2)}\n`, 0o600, io)
  const { keys } = await publicJwks([key])
  io.stdout(`${writeJson(keys[0], 2)}\n`)
  return exitCodes.accepted
}
