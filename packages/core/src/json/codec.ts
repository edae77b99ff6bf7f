/** Texts and bytes: what every platform can do, and Node several times faster with its own means. */
export interface Codec {
  /**
   * Decodes texts of canonical base64url (RFC 7515 2, RFC 4648 3.5); `undefined` for anything else. The bytes may share memory with each
   * other, and do with nothing else.
   */
  decodeBase64url(...texts: readonly string[]): readonly (Uint8Array<ArrayBuffer> | undefined)[]
  /** The bytes of a text that is ASCII. */
  encodeAscii(text: string): Uint8Array<ArrayBuffer>
  /** Decodes UTF-8, a byte order mark included; `undefined` where it is not valid. */
  decodeUtf8(bytes: Uint8Array): string | undefined
  isAscii(text: string): boolean
  /** The length of a text in bytes of UTF-8, three for a lone surrogate. */
  utf8Length(text: string): number
}
