import { encodeBase64url } from '@software-statement/core'
import type { StoredCredential } from '../stores/client-store.js'

/** Fills bytes with random ones, as `crypto.getRandomValues` does. */
export type Randomness = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array

/** A new secret or token: the text is told once, what is stored does not give it away. */
export interface NewCredential {
  /** 43 characters of base64url, of 256 random bits. */
  readonly text: string
  readonly stored: StoredCredential
}

const encoder = new TextEncoder()

/** SHA-256 of a text, as base64url. */
export async function digestText(text: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text))))
}

/**
 * Makes a secret or token of 256 random bits (RFC 6749 10.10 asks for 128 at least).
 *
 * @param at the time of the decision, in seconds since the epoch
 * @param lifetime in seconds; without one it never expires
 */
export async function createCredential(
  at: number,
  lifetime?: number,
  random: Randomness = (bytes) => crypto.getRandomValues(bytes),
): Promise<NewCredential> {
  const text = encodeBase64url(random(new Uint8Array(32)))
  const expiry = lifetime === undefined ? {} : { expiresAt: at + lifetime }
  return { text, stored: { digest: await digestText(text), issuedAt: at, ...expiry } }
}

/** What a text is compared with where nothing is stored: not the digest of any text that anybody knows. */
const nobodys: StoredCredential = { digest: 'A'.repeat(43), issuedAt: 0, expiresAt: 0 }

/**
 * Whether a text is one of the stored credentials that have not expired. It takes as long for the right text as for a wrong one, and
 * where there is none stored as where there is one.
 *
 * @param at the time of the decision, in seconds since the epoch
 */
export async function matchCredential(text: string, stored: readonly StoredCredential[], at: number): Promise<boolean> {
  const digest = await digestText(text)
  let matches = 0
  for (const { digest: known, expiresAt = Number.POSITIVE_INFINITY } of stored.length === 0 ? [nobodys] : stored) {
    matches |= Number(isSame(digest, known)) & Number(at < expiresAt)
  }
  return matches === 1
}

/** Compares every character, wherever the first difference is. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
}
