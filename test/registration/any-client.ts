import type { StoredClient } from '@software-statement/registration'
import fc from 'fast-check'
import { throughJson } from './clients.js'

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
