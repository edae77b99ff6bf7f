/** Who asks. */
export interface Asker {
  readonly request: Request
  /** The address the connection comes from, as the host says. */
  readonly address?: string
}

/** What the bearer token of a request is for: registrations, or one client's configuration. */
export interface TokenSubject {
  readonly client_id?: string
}

/**
 * Bounds how often somebody may ask. Each function is called once for a request at most, in this order; one that throws
 * `AccessError` with `ERR_RATE_LIMITED` ends the request with 429 and its `retryAfter`.
 */
export interface RateLimits {
  /** Before anything of a registration request is read. */
  admitRequest(asker: Asker): Promise<void>
  /** Before a bearer token is compared. */
  admitToken(asker: Asker, subject: TokenSubject): Promise<void>
  /** After a bearer token was compared. */
  reportToken(asker: Asker, subject: TokenSubject, outcome: 'accepted' | 'refused'): Promise<void>
  /** After a registration was approved, before the client is admitted; with the issuer if a statement vouched for it. */
  admitRegistration(asker: Asker, software: { readonly issuer?: string; readonly software_id?: string }): Promise<void>
}
