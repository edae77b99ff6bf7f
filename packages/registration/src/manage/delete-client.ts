import type { Circumstances } from '../circumstances.js'
import { answerNothing } from '../http/answer.js'
import { tokenRefused } from '../http/bearer-token.js'
import { askStore } from '../stores/ask-store.js'
import { authorizeClient } from './authorize-client.js'

/** Removes a client with its secrets and tokens (RFC 7592 2.3). */
export async function deleteClient(clientId: string, circumstances: Circumstances): Promise<Response> {
  const { client } = await authorizeClient(clientId, circumstances)
  const removed = await askStore(() => circumstances.settings.store.remove(client.clientId))
  if (!removed) throw tokenRefused('the client has been removed meanwhile')
  return answerNothing()
}
