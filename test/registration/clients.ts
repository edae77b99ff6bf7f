import type { ClientStore, InitialAccessToken, StoredClient, StoredCredential } from '@software-statement/registration'
import type { ReplayMark } from '@software-statement/verifier'

/** The time of every decision that says no other, in seconds. */
export const now = 1_900_000_000

export const credential = (digest: string, expiresAt?: number): StoredCredential => ({
  digest,
  issuedAt: now,
  ...(expiresAt === undefined ? {} : { expiresAt }),
})

export const makeClient = (clientId: string, members: Partial<StoredClient> = {}): StoredClient => ({
  clientId,
  metadata: { client_name: `Client ${clientId}`, redirect_uris: ['https://mail.example/cb'] },
  provenance: { client_name: { source: 'statement', rule: 'override', lost: 'Other' } },
  statement: { compact: 'e30.e30.AA', issuer: 'https://publisher.example', acceptedAt: now },
  issuedAt: now,
  secrets: [credential(`secret-${clientId}`)],
  tokens: [credential(`token-${clientId}`)],
  uniqueKeys: [],
  version: 1,
  ...members,
})

export const makeMark = (jti: string, members: Partial<ReplayMark> = {}): ReplayMark => ({
  issuer: 'https://publisher.example',
  jti,
  mode: 'once',
  ...members,
})

export const makeToken = (digest: string, members: Partial<InitialAccessToken> = {}): InitialAccessToken => ({
  digest,
  issuedAt: now,
  ...members,
})

/** What JSON makes of a value: -0 is 0 there. */
export const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

/** All that a store can be asked of what is named here, as one value to compare. */
export async function look(store: ClientStore, clients: readonly string[], tokens: readonly string[] = []): Promise<unknown> {
  const found = await Promise.all(clients.map((id) => store.find(id)))
  return { clients: found, tokens: await Promise.all(tokens.map((digest) => store.findInitialAccessToken(digest))) }
}
