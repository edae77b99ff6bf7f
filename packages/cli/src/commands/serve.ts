import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Io } from '../io.js'
import { runService } from '../serve/service.js'
import { readSettings } from '../serve/settings.js'

/** Runs a registration endpoint until a signal ends it. */
export async function serve(flags: Flags<'serve'>, io: Io): Promise<ExitCode> {
  await runService(await readSettings(flags, io), io)
  return exitCodes.accepted
}
