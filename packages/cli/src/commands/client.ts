import type { JsonObject } from '@software-statement/core'
import type { GuardedMessage } from '@software-statement/verifier'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { prepareOutput } from '../input/read-file.js'
import type { Io } from '../io.js'
import { printable } from '../output/printable.js'
import { mergeAnswer, readClientFile, type SavedClient } from '../registration/client-file.js'
import { sendToNamed } from '../registration/named-server.js'
import { readRequest } from '../registration/registration-request.js'
import { saveAnswer } from '../registration/save-answer.js'
import { ask, readMembers, reportRefusal } from '../registration/server-answer.js'
import { UsageError } from '../usage-error.js'

/** Reads, updates or deletes a client (RFC 7592). The file is kept as the server has it. */
export async function client(action: string, [path = '']: readonly string[], flags: Flags<'client'>, io: Io): Promise<ExitCode> {
  const { metadata, statement } = flags
  if (action !== 'update' && (metadata !== undefined || statement !== undefined)) {
    throw new UsageError(`--metadata and --statement are for client update, not for client ${action}`)
  }
  if (action === 'update' && metadata === undefined)
    throw new UsageError('client update needs --metadata: what it does not name is given up')
  const saved = await readClientFile(path, io)
  if (action === 'delete') return deleteClient(saved, path, io)
  const change =
    metadata === undefined ? {} : { body: JSON.stringify(toUpdate(await readRequest({ metadata, statement }, io), saved)) }
  return exchange(saved, path, change, io)
}

/** What a client must not send (RFC 7592 2.2). Its secret says nothing that its token does not. */
const neverSent = [
  'client_secret',
  'client_secret_expires_at',
  'client_id_issued_at',
  'registration_access_token',
  'registration_client_uri',
]

/** Throws `UsageError` for metadata of another client. */
function toUpdate(metadata: JsonObject, { clientId }: SavedClient): JsonObject {
  if (metadata.client_id !== undefined && metadata.client_id !== clientId) {
    throw new UsageError('the metadata has another client_id than the file of the client')
  }
  return { ...Object.fromEntries(Object.entries(metadata).filter(([name]) => !neverSent.includes(name))), client_id: clientId }
}

async function exchange(saved: SavedClient, path: string, change: { readonly body?: string }, io: Io): Promise<ExitCode> {
  // An answer may bring a new token, and with it the end of the old one: it must be possible to keep it.
  const file = await prepareOutput(path, 0o600, true, io)
  let answer: JsonObject
  try {
    const [method, type] =
      change.body === undefined ? (['GET', {}] as const) : (['PUT', { 'content-type': 'application/json' }] as const)
    answer = mergeAnswer(saved, readMembers(await sendWithToken(saved, { method, headers: type, ...change }, io), [200]))
  } catch (error) {
    await file.discard()
    return reportRefusal(error, io)
  }
  await saveAnswer(answer, file, io)
  return exitCodes.accepted
}

async function deleteClient(saved: SavedClient, path: string, io: Io): Promise<ExitCode> {
  try {
    const answer = await sendWithToken(saved, { method: 'DELETE' }, io)
    if (answer.status !== 204) readMembers(answer, [])
  } catch (error) {
    return reportRefusal(error, io)
  }
  await io.removeFile(path)
  io.stderr(`204: client ${printable(saved.clientId)} is deleted, and so is the file with its token\n`)
  return exitCodes.accepted
}

function sendWithToken({ url, token }: SavedClient, message: GuardedMessage, io: Io) {
  const headers = { ...message.headers, authorization: `Bearer ${token}` }
  return ask(sendToNamed(url, io), url.href, { ...message, headers })
}
