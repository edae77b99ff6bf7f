import type { ClientStore, InitialAccessToken, StoredClient, StoredCredential } from '@software-statement/registration'
import type { ReplayMark } from '@software-statement/verifier'
import fc from 'fast-check'

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

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('\0', 'a\0b', '\ud800', '__proto__', "'; drop table clients; --", '"', '\\', '\u2028', 'é', 'e\u0301'),
)
const seconds = fc.oneof(fc.integer({ min: 0, max: 4_000_000_000 }), fc.double({ min: 0, max: 4e9, noNaN: true }))
const credentials = fc.array(
  fc.record(
    { digest: fc.base64String({ minLength: 4 }), issuedAt: seconds, expiresAt: seconds },
    { requiredKeys: ['digest', 'issuedAt'] },
  ),
  { maxLength: 3 },
)

/** Clients with anything in them that a store has to give back. */
export const anyClient: fc.Arbitrary<StoredClient> = fc
  .record(
    {
      clientId: text.filter((id) => id !== '' && !id.includes('\0') && id.isWellFormed()),
      metadata: fc.dictionary(text, fc.jsonValue()),
      provenance: fc.dictionary(
        text,
        fc.record({ source: fc.constantFrom('statement', 'request', 'server'), rule: text, lost: fc.jsonValue() }),
      ),
      statement: fc.record({ compact: text, issuer: text, acceptedAt: seconds }),
      issuedAt: seconds,
      secrets: credentials,
      tokens: credentials,
      uniqueKeys: fc.uniqueArray(text, { maxLength: 3 }),
      version: fc.constant(1),
    },
    { requiredKeys: ['clientId', 'metadata', 'provenance', 'issuedAt', 'secrets', 'tokens', 'uniqueKeys', 'version'] },
  )
  // The values of metadata have types of their own; a store keeps any JSON.
  .map((client) => throughJson(client) as StoredClient)

/** All that a store can be asked of what is named here, as one value to compare. */
export async function look(store: ClientStore, clients: readonly string[], tokens: readonly string[] = []): Promise<unknown> {
  const found = await Promise.all(clients.map((id) => store.find(id)))
  return { clients: found, tokens: await Promise.all(tokens.map((digest) => store.findInitialAccessToken(digest))) }
}
