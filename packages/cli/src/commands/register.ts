import type { JsonObject } from '@software-statement/core'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { prepareOutput, refuseDash } from '../input/read-file.js'
import type { Io } from '../io.js'
import { writeWholeJson } from '../output/json.js'
import { discoverRegistration } from '../registration/discover.js'
import { readServerUrl, sendToNamed } from '../registration/named-server.js'
import { readToken } from '../registration/read-token.js'
import { readRequest } from '../registration/registration-request.js'
import { saveAnswer } from '../registration/save-answer.js'
import { ask, readMembers, reportRefusal, ServerRefusal } from '../registration/server-answer.js'
import { UsageError } from '../usage-error.js'

/** Registers a client. What the server answers is told once: it goes to the file, or else to standard output. */
export async function register([server = '']: readonly string[], flags: Flags<'register'>, io: Io): Promise<ExitCode> {
  refuseDash(flags.out, 'without --out the answer goes to standard output')
  if (flags.force === true && flags.out === undefined) throw new UsageError('--force is of use with --out only')
  const named = readServerUrl(server, 'SERVER')
  const request = await readRequest({ metadata: flags.metadata, statement: flags.statement }, io)
  const token = flags.token === undefined ? undefined : await readToken(flags.token, io)
  // What could not be kept must not be made.
  const file = flags.out === undefined ? undefined : await prepareOutput(flags.out, 0o600, flags.force === true, io)
  let answer: JsonObject
  try {
    answer = await send(named, server, request, token, io)
  } catch (error) {
    await file?.discard()
    return reportRefusal(error, io)
  }
  if (answer.client_secret === undefined && answer.registration_access_token === undefined) {
    io.stderr('note: the server gave neither a secret nor a token: this registration cannot be read, updated or deleted\n')
  }
  if (file === undefined) io.stdout(`${writeWholeJson(answer, 2)}\n`)
  else await saveAnswer(answer, file, io)
  return exitCodes.accepted
}

async function send(named: URL, issuer: string, request: JsonObject, token: string | undefined, io: Io): Promise<JsonObject> {
  const sendTo = sendToNamed(named, io)
  const endpoint = await discoverRegistration(issuer, sendTo)
  const answer = await ask(sendTo, endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(request),
  })
  // RFC 7591 3.2.1 says 201; there are servers that say 200.
  const members = readMembers(answer, [201, 200])
  if (typeof members.client_id === 'string') return members
  throw new ServerRefusal(
    'the server answered without a client_id: whether there is a client now is not known',
    exitCodes.unknown,
  )
}
