import type { StoredClient, StoredCredential } from './client-store.js'

/** True from the moment on at which something no longer counts. */
export function isExpired(expiresAt: number | undefined, at: number): boolean {
  return expiresAt !== undefined && expiresAt <= at
}

/** True for a replaced credential, one that is not the newest, that has expired. The newest stays: it tells that and when it expired. */
const isForgettable = (at: number) => (credential: StoredCredential, index: number) =>
  index > 0 && isExpired(credential.expiresAt, at)

/** Counts the replaced credentials of a client that have expired. */
export function countExpired({ secrets, tokens }: StoredClient, at: number): number {
  return [secrets, tokens].reduce((sum, credentials) => sum + credentials.filter(isForgettable(at)).length, 0)
}

/** The client without the replaced credentials that have expired. */
export function withoutExpired(client: StoredClient, at: number): StoredClient {
  const keep = (credentials: readonly StoredCredential[]) =>
    credentials.filter((credential, index) => !isForgettable(at)(credential, index))
  return { ...client, secrets: keep(client.secrets), tokens: keep(client.tokens) }
}
