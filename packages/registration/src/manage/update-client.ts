import type { ApprovedRegistration } from '@software-statement/verifier'
import type { Circumstances } from '../circumstances.js'
import { provideSecrets } from '../credentials/client-secret.js'
import { digestText, type Randomness } from '../credentials/credential.js'
import { answerClient } from '../http/answer.js'
import { tokenRefused } from '../http/bearer-token.js'
import { clientInformation } from '../register/client-information.js'
import { readRequest } from '../register/read-request.js'
import { uniqueKeysOf } from '../register/unique-keys.js'
import { outcomeFault, storeUnavailable } from '../store-outcomes.js'
import { askStore } from '../stores/ask-store.js'
import type { StoredClient, StoredStatement } from '../stores/client-store.js'
import { authorizeClient, findAuthorized } from './authorize-client.js'
import { checkUpdate, withoutDeletions } from './check-update.js'
import { decideUpdate } from './decide-update.js'
import { rotateToken } from './rotate-token.js'

/** How often an update is decided, since somebody else may have changed the client meanwhile. */
const updateAttempts = 10

/** The longest that the second attempt is put off, in milliseconds; it doubles with each, to two seconds of waiting in all at most. */
const firstPause = 4

/**
 * Replaces what a client is registered with (RFC 7592 2.2): the decision of a registration on what is sent, within what a statement has
 * locked, and one transaction that consumes what may be used once and stores the result unless the client has been changed meanwhile.
 *
 * Throws the `StatementError` that refuses it.
 */
export async function updateClient(clientId: string, circumstances: Circumstances): Promise<Response> {
  const { settings, at } = circumstances
  const authorized = await authorizeClient(clientId, circumstances)
  const request = await readRequest(circumstances, withoutDeletions)
  let { client } = authorized
  for (let attempt = 0; attempt < updateAttempts; attempt++) {
    // Those that overtook each other would do so again if they came back together.
    if (attempt > 0) {
      await pauseUpTo(firstPause * 2 ** (attempt - 1), settings.random)
      const found = await findAuthorized(clientId, authorized.token, circumstances)
      if (found === undefined) throw removed()
      client = found
    }
    await checkUpdate(request.members, client, at)
    const decision = await decideUpdate(request, client, circumstances)
    const { next, told } = await makeNext(client, decision, authorized.token, circumstances)
    const replay = decision.replay === undefined ? {} : { replay: decision.replay }
    const outcome = await askStore(() => settings.store.replace(next, { at, ...replay }))
    if (outcome === 'replaced') return answerClient(200, clientInformation(next, settings.urls.registration, told))
    if (outcome === 'replayed' || outcome === 'key-taken') throw outcomeFault(outcome)
    if (outcome !== 'changed' && outcome !== 'gone') throw storeUnavailable('the store gave no known answer')
    if (outcome === 'gone') throw removed()
  }
  throw storeUnavailable('the client is being changed all the time', { retryAfter: 2 })
}

const removed = () => tokenRefused('the client or its token has been removed meanwhile')

/** Waits for a random part of a time, in milliseconds. */
async function pauseUpTo(longest: number, random: Randomness): Promise<void> {
  const [part = 0] = random(new Uint8Array(1))
  await new Promise((resolve) => setTimeout(resolve, (longest * part) / 255))
}

/** The client as it will be, and what it is told. */
async function makeNext(client: StoredClient, decision: ApprovedRegistration, token: string, circumstances: Circumstances) {
  const { settings, at, findings } = circumstances
  const { metadata, provenance } = decision
  const { secrets, created } = await provideSecrets(metadata, client.secrets, at, settings)
  const { tokens, told } = await rotateToken(client.tokens, token, at, settings)
  const statement = statementOf(decision, client.statement, at)
  if (statement !== undefined) findings.statementDigest = await digestText(statement.compact)
  const next: StoredClient = {
    clientId: client.clientId,
    metadata,
    provenance,
    ...(statement === undefined ? {} : { statement }),
    issuedAt: client.issuedAt,
    secrets,
    tokens,
    uniqueKeys: await uniqueKeysOf(decision, settings.uniqueness),
    version: client.version + 1,
  }
  return { next, told: { registration_access_token: told, ...(created === undefined ? {} : { client_secret: created }) } }
}

/** The same statement again was accepted when it came first. */
function statementOf(
  { statement }: ApprovedRegistration,
  stored: StoredStatement | undefined,
  at: number,
): StoredStatement | undefined {
  if (statement === undefined || statement.compact === stored?.compact) return stored
  return { compact: statement.compact, issuer: statement.issuer, acceptedAt: at }
}
