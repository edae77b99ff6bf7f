import { createInitialAccessToken } from '@software-statement/registration'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { isFileName, resolveStore } from '../input/resolve-store.js'
import type { Io } from '../io.js'
import { openStore } from '../serve/store.js'
import { UsageError } from '../usage-error.js'

/** Makes an initial access token. The store gets its digest, standard output the token. Throws `UsageError` for a file that is not there. */
export async function tokenCreate(flags: Flags<'token'>, io: Io): Promise<ExitCode> {
  const name = resolveStore(flags.store, io)
  if (name === 'memory') throw new UsageError('a store in memory ends with this command: name a file or a database')
  const uses = parseCount(flags.count ?? '1')
  // A new file would be one that no server reads: its token would be good for nothing.
  if (isFileName(name) && !(await io.isFile(name))) {
    throw new UsageError('--store: there is no such SQLite file; the server makes its file when it starts for the first time')
  }
  const store = await openStore(name, io)
  try {
    const lifetime = flags['expires-in'] === undefined ? {} : { expiresIn: flags['expires-in'] }
    io.stdout(`${await createInitialAccessToken(store, { uses, ...lifetime, now: io.now })}\n`)
  } finally {
    await store.close()
  }
  return exitCodes.accepted
}

function parseCount(text: string): number | 'unlimited' {
  if (text === 'unlimited') return text
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError('--count must be a positive whole number, or unlimited')
}
