export interface DecodedSegments {
  readonly segments: readonly (Uint8Array<ArrayBuffer> | undefined)[]
  readonly signed: Uint8Array<ArrayBuffer>
}

/** Texts and bytes: what every platform can do, and Node several times faster with its own means. */
export interface Codec {
  /** Decodes canonical base64url (RFC 7515 2, RFC 4648 3.5); `undefined` for anything else. The bytes share no memory with others. */
  decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined
  /**
   * Decodes segments of a compact JWS, each as `decodeBase64url` does, and gives the bytes of what was signed as well, which is ASCII if
   * its segments are. They may share memory with each other, and do with nothing else.
   */
  decodeSegments(segments: readonly string[], signed: string): DecodedSegments
  /** Decodes UTF-8, a byte order mark included; `undefined` where it is not valid. */
  decodeUtf8(bytes: Uint8Array): string | undefined
  isAscii(text: string): boolean
  /** The length of a text in bytes of UTF-8, three for a lone surrogate. */
  utf8Length(text: string): number
}
