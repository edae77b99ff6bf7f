/** One request that has been judged as far as its URL goes. */
export interface TransportRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Fires when the request is over, well or not: the connection is of no use then. */
  readonly signal: AbortSignal
  /** Judges the addresses of the host before one of them is connected to; throws. */
  readonly check: (addresses: readonly string[]) => void
}

/** The beginning of an answer, before anything of it is believed. */
export interface TransportAnswer {
  /** 0 for a redirect that the platform hides. */
  readonly status: number
  readonly headers: Headers
  /** As it comes over the wire, or decoded: what is encoded is refused by its headers. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Sends one request, without following redirects, without credentials or a cache. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>

/** What a transport can be told. */
export interface TransportOptions {
  /** Finds the addresses of a host instead of the system's resolver. Node only. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
  /** PEM certificates of authorities to trust instead of Node's own. Node only. */
  readonly ca?: string | readonly string[]
}
