import type { ClientMetadata } from '@software-statement/core'
import type { MemberProvenance, ReplayMark } from '@software-statement/verifier'

/** A secret or token of a client, as it is stored: what it was is known to the client alone. */
export interface StoredCredential {
  /** SHA-256 of the text, base64url: it has 256 random bits, so that no slow hash is needed. */
  readonly digest: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** From when on it no longer counts, in seconds since the epoch; absent: never. A replaced one gets the end of the overlap here. */
  readonly expiresAt?: number
}

/** The statement a client is registered with. */
export interface StoredStatement {
  /** Byte for byte as it came. */
  readonly compact: string
  readonly issuer: string
  /** The time of the decision that accepted it, in seconds since the epoch. */
  readonly acceptedAt: number
}

/** A registered client. */
export interface StoredClient {
  readonly clientId: string
  /** Everything registered, without what RFC 7591 3.2.1 adds to a response. */
  readonly metadata: ClientMetadata
  /** Where each member of `metadata` comes from: members of a statement are locked. */
  readonly provenance: { readonly [member: string]: MemberProvenance }
  readonly statement?: StoredStatement
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** Newest first. Empty for clients that have none. */
  readonly secrets: readonly StoredCredential[]
  /** Registration access tokens, newest first. */
  readonly tokens: readonly StoredCredential[]
  /** Names that no two clients of a store may share, such as one issuer and software_id where one registration each is allowed. */
  readonly uniqueKeys: readonly string[]
  /** Counts the changes, from 1: whoever replaces a client says which version was read. */
  readonly version: number
}

/** A token that permits registrations (RFC 7591 3, initial access token), as it is stored. */
export interface InitialAccessToken {
  /** SHA-256 of the token, base64url. */
  readonly digest: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** From when on it no longer counts, in seconds since the epoch; absent: never. */
  readonly expiresAt?: number
  /** How many registrations it is still good for; absent: any number. */
  readonly uses?: number
}

/** What is consumed when a client is admitted or replaced: all of it and the client, or nothing at all. */
export interface Admission {
  /** The time of the decision, in seconds since the epoch. */
  readonly at: number
  /** The mark of a statement that may be used once. */
  readonly replay?: ReplayMark
  /** The digest of the initial access token the registration was made with. */
  readonly initialAccessToken?: string
}

/** What became of an admission; only `admitted` has changed anything. Where several are true, the first of this list is told. */
export type AdmissionOutcome =
  | 'admitted'
  /** The initial access token does not count (any more). */
  | 'token-spent'
  /** The mark had been consumed before. */
  | 'replayed'
  /** There is a client of this `client_id` already. */
  | 'id-taken'
  /** Another client has one of the unique keys. */
  | 'key-taken'

/** What became of a replacement; only `replaced` has changed anything. Where several are true, the first of this list is told. */
export type ReplacementOutcome =
  | 'replaced'
  /** There is no such client (any more). */
  | 'gone'
  /** The client has been changed since it was read: read it again and decide anew. */
  | 'changed'
  | 'replayed'
  | 'key-taken'

/**
 * Where clients, seen statements and initial access tokens are kept. Every function is one atomic step that is durable when its
 * promise resolves; a store that cannot tell rejects with `TrustUnavailableError`, code `ERR_STORE_UNAVAILABLE`, and the endpoint
 * answers 503. What no store could keep, such as a time that is not a number, is a `TypeError`.
 */
export interface ClientStore {
  /** Admits a client of version 1. */
  admit(client: StoredClient, admission: Admission): Promise<AdmissionOutcome>
  find(clientId: string): Promise<StoredClient | undefined>
  /** Puts `client` in the place of the one of its `clientId`, if that has the version before `client.version`. */
  replace(client: StoredClient, admission: Omit<Admission, 'initialAccessToken'>): Promise<ReplacementOutcome>
  /** Removes a client and everything that belongs to it, but for the marks of statements. Answers whether there was one. */
  remove(clientId: string): Promise<boolean>
  /** Consumes a mark that belongs to no admission, such as the `jti` of a client assertion; the shape of `SeenStatements`. */
  consume(mark: ReplayMark, at: number): Promise<'first' | 'seen'>
  /** Writes a token down. One whose digest is there already stays as it is: adding it again gives it no new uses. */
  addInitialAccessToken(token: InitialAccessToken): Promise<void>
  /** The token of a digest, whether it still counts or not. */
  findInitialAccessToken(digest: string): Promise<InitialAccessToken | undefined>
  /**
   * Forgets marks, initial access tokens and replaced credentials that have expired. Answers how many. The newest secret and token
   * of a client stay, expired or not, and its version does: what was read before is as true as it was.
   */
  forgetExpired(at: number): Promise<number>
  /** Resolves if the store can be read and written. */
  check(): Promise<void>
  /** Ends what is open. Nothing may be asked afterwards. */
  close(): Promise<void>
}
