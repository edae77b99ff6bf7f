/** What is sent. */
export interface GuardedMessage {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Ends the request early: it rejects with the signal's reason then. */
  readonly signal?: AbortSignal
}

/** A whole answer, of any status but those of redirects. */
export interface GuardedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/**
 * Sends a request to a server that somebody names. It resolves for every whole answer, errors of the server among them, and rejects with
 * `GuardedFetchError` for anything else. `createGuardedSend` makes one; a test may write its own.
 */
export type GuardedSend = (url: string, message: GuardedMessage) => Promise<GuardedAnswer>
