import type { ApprovedRegistration } from '@software-statement/verifier'
import type { Circumstances } from '../circumstances.js'
import { createClientId } from '../credentials/client-id.js'
import { provideSecrets } from '../credentials/client-secret.js'
import { createCredential } from '../credentials/credential.js'
import { answerClient } from '../http/answer.js'
import { tokenRefused } from '../http/bearer-token.js'
import { outcomeFault, storeUnavailable } from '../store-outcomes.js'
import { askStore } from '../stores/ask-store.js'
import type { StoredClient } from '../stores/client-store.js'
import { clientInformation } from './client-information.js'
import { decideRequest } from './decide.js'
import { checkInitialAccessToken } from './initial-access-token.js'
import { readRequest } from './read-request.js'
import { isVouched, uniqueKeysOf } from './unique-keys.js'

/**
 * Registers a client (RFC 7591 3): limits and token before the body is read, the whole decision, and last one transaction that consumes
 * what may be used once and admits the client.
 *
 * Throws the `StatementError` that refuses it.
 */
export async function registerClient(circumstances: Circumstances): Promise<Response> {
  const { settings, address, at, findings } = circumstances
  await settings.rateLimits.countRegistration(address)
  const initialAccessToken = await checkInitialAccessToken(circumstances)
  const request = await readRequest(circumstances)
  const decision = await decideRequest(request, { statement: demandOf(circumstances, initialAccessToken) }, circumstances)
  await countSoftware(decision, circumstances)

  const token = await createCredential(at, undefined, settings.random)
  const { secrets, created } = await provideSecrets(decision.metadata, [], at, settings)
  const client = await admitClient(
    {
      metadata: decision.metadata,
      provenance: decision.provenance,
      ...statementOf(decision, at),
      issuedAt: at,
      secrets,
      tokens: [token.stored],
      uniqueKeys: await uniqueKeysOf(decision, settings.uniqueness),
      version: 1,
    },
    {
      at,
      ...(decision.replay === undefined ? {} : { replay: decision.replay }),
      ...(initialAccessToken === undefined ? {} : { initialAccessToken }),
    },
    circumstances,
  )
  findings.client_id = client.clientId
  const told = { registration_access_token: token.text, ...(created === undefined ? {} : { client_secret: created }) }
  return answerClient(201, clientInformation(client, settings.urls.registration, told))
}

/** Who has shown an initial access token needs no statement, but a statement that is sent counts all the same. */
function demandOf({ settings: { mode } }: Circumstances, initialAccessToken: string | undefined): 'required' | 'optional' {
  if (mode === 'statement') return 'required'
  return mode === 'statement-or-token' && initialAccessToken === undefined ? 'required' : 'optional'
}

/** What is bounded together is software that a statement vouches for: nobody is counted for what others claim. */
async function countSoftware(decision: ApprovedRegistration, { settings: { rateLimits } }: Circumstances): Promise<void> {
  const { software_id } = decision.metadata
  if (decision.statement === undefined || software_id === undefined || !isVouched(decision, 'software_id')) return
  await rateLimits.countSoftware(decision.statement.issuer, software_id)
}

function statementOf({ statement }: ApprovedRegistration, acceptedAt: number): Pick<StoredClient, 'statement'> {
  return statement === undefined ? {} : { statement: { compact: statement.compact, issuer: statement.issuer, acceptedAt } }
}

/** More than once means that the random generator is broken: two ids of 128 bits are never the same. */
const idAttempts = 3

async function admitClient(
  client: Omit<StoredClient, 'clientId'>,
  admission: Parameters<Circumstances['settings']['store']['admit']>[1],
  { settings: { store, random } }: Circumstances,
): Promise<StoredClient> {
  for (let attempt = 0; attempt < idAttempts; attempt++) {
    const named: StoredClient = { ...client, clientId: createClientId(random) }
    const outcome = await askStore(() => store.admit(named, admission))
    if (outcome === 'admitted') return named
    if (outcome === 'replayed' || outcome === 'key-taken') throw outcomeFault(outcome)
    if (outcome === 'token-spent') throw tokenRefused('the initial access token has been used up meanwhile')
    if (outcome !== 'id-taken') throw storeUnavailable('the store gave no known answer')
  }
  throw new Error('the random generator repeats itself')
}
