import { readInput } from '../input/read-file.js'
import { readText } from '../input/read-json.js'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'

/** What may be in the header of a request (RFC 6750 2.1). */
const syntax = /^[\w.~+/-]+=*$/

/** Reads a token: `file:PATH`, `env:NAME`, or the token itself. Throws `UsageError`, which repeats nothing of it. */
export async function readToken(text: string, io: Io): Promise<string> {
  const [, scheme, rest = ''] = /^(file|env):(.*)$/s.exec(text) ?? []
  const token = (await tokenOf(scheme, scheme === undefined ? text : rest, io)).trim()
  if (syntax.test(token)) return token
  throw new UsageError(
    `--token: ${scheme === undefined ? 'what is given' : `what stands behind ${scheme}:`} is not one bearer token`,
  )
}

async function tokenOf(scheme: string | undefined, text: string, io: Io): Promise<string> {
  if (scheme === 'file') return readText(await readInput(text, '--token', io))
  if (scheme !== 'env') return text
  if (!/^[A-Za-z_]\w*$/.test(text)) throw new UsageError('--token env: needs the name of an environment variable')
  return io.env[text] ?? ''
}
