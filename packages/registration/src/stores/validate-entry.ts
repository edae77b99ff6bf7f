import { freezeJson } from '@software-statement/core'
import type { ReplayMark } from '@software-statement/verifier'
import type { InitialAccessToken, StoredClient, StoredCredential } from './client-store.js'

// What a caller hands to a store is held to its form here, the same for every store: each keeps what the others keep.

/** Throws `TypeError` unless a time is a number of seconds: no comparison with NaN holds, and nothing would ever expire or all would. */
export function validateTime(at: number): void {
  if (!Number.isFinite(at)) throw new TypeError('a time is not a number of seconds')
}

/** Throws `TypeError` for a mark that could not be found again. */
export function validateMark({ issuer, jti, expiresAt }: ReplayMark): void {
  if (typeof issuer !== 'string' || typeof jti !== 'string') throw new TypeError('a mark has no issuer or no jti')
  if (expiresAt !== undefined) validateTime(expiresAt)
}

/**
 * Copies a client, so that nobody changes what is stored, as JSON: every store gives back the same.
 *
 * Throws `TypeError` for a client that no store could keep.
 */
export function copyClient(client: StoredClient): StoredClient {
  if (!isStorable(client.clientId)) throw new TypeError('a client_id is empty, or holds what is no character')
  if (!isVersion(client.version)) throw new TypeError('the version of a client is not a positive whole number')
  validateTime(client.issuedAt)
  for (const credential of [...client.secrets, ...client.tokens]) validateCredential(credential)
  if (!client.uniqueKeys.every((key) => typeof key === 'string')) throw new TypeError('a unique key is not a text')
  // The parsed type is the written one: a stored client holds JSON and nothing else.
  return freezeJson(JSON.parse(JSON.stringify(client)) as StoredClient)
}

/** Copies an initial access token. Throws `TypeError` for one that no store could keep. */
export function copyInitialAccessToken(token: InitialAccessToken): InitialAccessToken {
  validateCredential(token)
  const { digest, issuedAt, expiresAt, uses } = token
  if (uses !== undefined && !(Number.isSafeInteger(uses) && uses >= 0)) {
    throw new TypeError('the uses of an initial access token are not a whole number')
  }
  return Object.freeze({
    digest,
    issuedAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(uses === undefined ? {} : { uses }),
  })
}

/**
 * Tells whether a text can be the name of something stored: not every database holds NUL or half a surrogate pair. What is asked
 * for by another name is not there.
 */
export function isStorable(text: string): boolean {
  return typeof text === 'string' && text !== '' && !text.includes('\0') && text.isWellFormed()
}

function isVersion(version: number): boolean {
  // What the integers of PostgreSQL hold.
  return Number.isInteger(version) && version > 0 && version <= 2_147_483_647
}

function validateCredential({ digest, issuedAt, expiresAt }: StoredCredential): void {
  if (typeof digest !== 'string' || !isStorable(digest)) throw new TypeError('a digest is not a text')
  validateTime(issuedAt)
  if (expiresAt !== undefined) validateTime(expiresAt)
}
