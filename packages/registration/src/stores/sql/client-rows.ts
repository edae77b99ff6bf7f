import { freezeJson } from '@software-statement/core'
import type { InitialAccessToken, StoredClient } from '../client-store.js'
import type { ClientRow, InitialAccessTokenRow } from './tables.js'

export function writeClient(client: StoredClient): ClientRow {
  const { statement } = client
  return {
    client_id: client.clientId,
    version: client.version,
    issued_at: client.issuedAt,
    metadata: JSON.stringify(client.metadata),
    provenance: JSON.stringify(client.provenance),
    statement: statement === undefined ? null : JSON.stringify(statement),
    secrets: JSON.stringify(client.secrets),
    tokens: JSON.stringify(client.tokens),
    unique_keys: JSON.stringify(client.uniqueKeys),
    credentials_expire_at: firstExpiry(client),
  }
}

/** Reads what `writeClient` wrote: the types of the parsed JSON are those of the client it came from. */
export function readClient(row: ClientRow): StoredClient {
  return freezeJson({
    clientId: row.client_id,
    metadata: JSON.parse(row.metadata),
    provenance: JSON.parse(row.provenance),
    ...(row.statement === null ? {} : { statement: JSON.parse(row.statement) }),
    issuedAt: row.issued_at,
    secrets: JSON.parse(row.secrets),
    tokens: JSON.parse(row.tokens),
    uniqueKeys: JSON.parse(row.unique_keys),
    version: row.version,
  })
}

export function writeInitialAccessToken({ digest, issuedAt, expiresAt, uses }: InitialAccessToken): InitialAccessTokenRow {
  return { digest, issued_at: issuedAt, expires_at: expiresAt ?? null, uses: uses ?? null }
}

export function readInitialAccessToken({ digest, issued_at, expires_at, uses }: InitialAccessTokenRow): InitialAccessToken {
  return Object.freeze({
    digest,
    issuedAt: issued_at,
    ...(expires_at === null ? {} : { expiresAt: expires_at }),
    ...(uses === null ? {} : { uses }),
  })
}

/** When there will be something to forget: the newest secret and token of a client are kept. */
function firstExpiry({ secrets, tokens }: StoredClient): number | null {
  const replaced = [...secrets.slice(1), ...tokens.slice(1)]
  const times = replaced.flatMap(({ expiresAt }) => expiresAt ?? [])
  return times.length === 0 ? null : Math.min(...times)
}
