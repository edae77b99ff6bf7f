import { deriveClientKind } from '@software-statement/core'
import type { Circumstances } from '../circumstances.js'
import { answerClient } from '../http/answer.js'
import { clientInformation } from '../register/client-information.js'
import { authorizeClient } from './authorize-client.js'

/** Tells a client its registration (RFC 7592 2.1). Reading changes nothing: neither secret nor token are new. */
export async function readClient(clientId: string, circumstances: Circumstances): Promise<Response> {
  const { client, token } = await authorizeClient(clientId, circumstances)
  Object.assign(circumstances.findings, deriveClientKind(client.metadata))
  const { registration } = circumstances.settings.urls
  return answerClient(200, clientInformation(client, registration, { registration_access_token: token }))
}
