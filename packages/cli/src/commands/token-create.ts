import { createInitialAccessToken } from '@software-statement/registration'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { resolveStore } from '../input/resolve-store.js'
import type { Io } from '../io.js'
import { openStore } from '../serve/store.js'
import { UsageError } from '../usage-error.js'

/** Makes an initial access token. The store gets its digest, standard output the token. */
export async function tokenCreate(flags: Flags<'token'>, io: Io): Promise<ExitCode> {
  const name = resolveStore(flags.store, io)
  if (name === 'memory') throw new UsageError('a store in memory ends with this command: name a file or a database')
  const uses = parseCount(flags.count ?? '1')
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
