/** Size and structure limits for everything that comes from outside. All configurable; each has a safe default. */
export interface Limits {
  /** Bytes of a compact statement. */
  readonly statementBytes: number
  /** Bytes of a registration request. */
  readonly requestBytes: number
  /** Levels of nested objects and arrays; the outermost is level 1. */
  readonly depth: number
  /** Object members in a document, all levels together. */
  readonly members: number
  /** Array items in a document, all levels together. */
  readonly items: number
  /** UTF-8 bytes of a text or member name. */
  readonly stringBytes: number
  /** UTF-8 bytes of a certificate in `x5c` or of a number member of a JWK. */
  readonly keyStringBytes: number
  /** Entries of `redirect_uris`. */
  readonly redirectUris: number
  /** Printable characters of a `kid`. */
  readonly kidLength: number
  /** Certificates in `x5c`. */
  readonly certificates: number
  /** Language-tagged forms of one member. */
  readonly languageTags: number
}

export const defaultLimits: Limits = Object.freeze({
  statementBytes: 32 * 1024,
  requestBytes: 128 * 1024,
  depth: 8,
  members: 200,
  items: 1000,
  stringBytes: 2 * 1024,
  keyStringBytes: 8 * 1024,
  redirectUris: 50,
  kidLength: 256,
  certificates: 5,
  languageTags: 50,
})

/** The default limits with some of them replaced. Throws `TypeError` for anything but positive whole numbers. */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new TypeError(`unknown limit "${name}"`)
    if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`limit "${name}" is not a positive whole number`)
  }
  return { ...defaultLimits, ...limits }
}
