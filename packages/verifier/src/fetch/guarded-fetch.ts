/** What may be said of a guarded request beside its URL. */
export interface GuardedRequest {
  /** Media types the answer may have, such as `application/json` or `application/*+json`; default: these two. */
  readonly accept?: readonly string[]
  /** An entity tag that an earlier answer had: the answer may be 304 then (RFC 9110 13.1.2). */
  readonly ifNoneMatch?: string
  /** Ends the request early: it rejects with the signal's reason then. */
  readonly signal?: AbortSignal
}

/** A whole answer that has passed every check. */
export interface GuardedResponse {
  /** 304 only where `ifNoneMatch` was given; the body is empty then. */
  readonly status: 200 | 304
  readonly headers: Headers
  readonly body: Uint8Array
}

/**
 * Gets a document that a configuration names. It resolves for a whole answer with status 200 only, and rejects with
 * `GuardedFetchError` for anything else. `createGuardedFetch` makes one; a test may write its own.
 */
export type GuardedFetch = (url: string, request?: GuardedRequest) => Promise<GuardedResponse>

/**
 * What kept a document from being fetched: the `url` is not one that may be asked, the `address` behind it is not public, the
 * answer is a `redirect`, has another `status`, `media-type` or content `encoding` than asked for or more bytes than its `size`
 * may be, does not come in time, or the `network` failed.
 */
export type GuardedFetchReason =
  | 'url'
  | 'address'
  | 'redirect'
  | 'status'
  | 'media-type'
  | 'encoding'
  | 'size'
  | 'timeout'
  | 'network'

/** A document could not be fetched, or must not be. The message is for operators. */
export class GuardedFetchError extends Error {
  override readonly name = 'GuardedFetchError'
  readonly reason: GuardedFetchReason
  /** The HTTP status, where the `reason` is `status` or `redirect`. */
  declare readonly status?: number

  constructor(reason: GuardedFetchReason, message: string, details: { readonly cause?: unknown; readonly status?: number } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.reason = reason
    if (details.status !== undefined) this.status = details.status
  }
}
