import {
  type CertificateChain,
  type Duration,
  defaultLimits,
  isOtherKind,
  type Limits,
  resolveLimits,
  roleOfClaim,
  type SignatureAlgorithm,
  statementTyp,
  toAscii,
  toNumericDate,
  utf8Length,
} from '@software-statement/core'
import type { ApprovalPolicy } from './approval/parse-approval-policy.js'
import { readKid } from './keys/public-half.js'
import type { KeyInput } from './keys/read-key.js'
import { readLifetime } from './lifetime.js'
import { signOptions, validateOptions } from './option-rules.js'

export interface SignOptions {
  /** The `iss` of the statement (RFC 7591 2.3). */
  readonly issuer: string
  /** The private key, or a `RemoteKey` that signs elsewhere. */
  readonly key: KeyInput
  /** The authorization servers the statement is for: its `aud`; absent: any. */
  readonly audience?: string | readonly string[]
  readonly subject?: string
  /** How long the statement is valid from now; default: 90 days, less where the approval wants it. */
  readonly expiresIn?: Duration
  /** When the statement begins to be valid: its `nbf`. */
  readonly notBefore?: Date
  /** Default: the one the key names or its curve leaves; `RS256` for another RSA key, as RFC 7591 2.3 recommends. */
  readonly alg?: SignatureAlgorithm
  /** Default: the key's own, else its RFC 7638 thumbprint. */
  readonly kid?: string
  /** Default: `software-statement+jwt`. */
  readonly typ?: string
  /** Default: a random UUID. */
  readonly jti?: string
  /** Opens an encrypted PEM key. */
  readonly passphrase?: string
  /** Says what may be vouched for: anything else is refused. Absent: all that keeps the metadata rules. */
  readonly approval?: ApprovalPolicy
  /** Members that are not known here and may be vouched for all the same, each by its exact name. */
  readonly extraMembers?: readonly string[]
  /** Private-use redirect URI schemes without a period that are accepted all the same, such as `vscode`. */
  readonly redirectSchemes?: readonly string[]
  /**
   * Gives the certificates for the header (`x5c`), checked against what is signed: `certificateChain` of
   * `@software-statement/certificates` makes one.
   */
  readonly x5c?: CertificateChain
  /** The time of issue; default: now. Read once. */
  readonly currentDate?: Date
  readonly limits?: Partial<Limits>
}

/** The options, read and checked once; times and lengths of time are whole seconds. */
export interface ParsedOptions {
  readonly issuer: string
  readonly audience: string | readonly string[] | undefined
  readonly subject: string | undefined
  readonly expiresIn: number | undefined
  readonly notBefore: number | undefined
  readonly alg: SignatureAlgorithm | undefined
  readonly kid: string | undefined
  readonly typ: string
  readonly approval: ApprovalPolicy | undefined
  readonly extraMembers: readonly string[]
  readonly redirectSchemes: readonly string[]
  readonly x5c: CertificateChain | undefined
  readonly limits: Limits
}

/** Reads the options of a signer. Throws `TypeError` if one is malformed, missing or not known. */
export function parseOptions(options: SignOptions): ParsedOptions {
  validateOptions(options, signOptions)
  const { alg, approval, extraMembers = [], redirectSchemes = [] } = options
  const limits = options.limits === undefined ? defaultLimits : resolveLimits(options.limits)
  return {
    issuer: readText('issuer', options.issuer, limits),
    audience: readAudience(options.audience, limits),
    subject: readOptional(options.subject, (subject) => readText('subject', subject, limits)),
    expiresIn: readOptional(options.expiresIn, readLifetime),
    notBefore: readOptional(options.notBefore, (date) => readDate('notBefore', date)),
    alg,
    kid: readOptional(options.kid, (kid) => readKid(kid, limits.kidLength)),
    typ: readTyp(options.typ ?? statementTyp),
    approval,
    extraMembers: extraMembers.map(readExtraMember),
    redirectSchemes,
    x5c: options.x5c,
    limits,
  }
}

/** A date as seconds since the epoch. Throws `TypeError` for one that a verifier would refuse. */
export function readDate(name: string, date: Date): number {
  const seconds = date instanceof Date ? toNumericDate(date) : Number.NaN
  if (seconds > 0 && seconds < 1e11) return seconds
  throw new TypeError(`${name} must be a date after 1970`)
}

/** A text that goes into a claim and is compared there exactly: printable, not empty, no blank at its ends. Throws `TypeError`. */
export function readText(name: string, text: unknown, limits: Limits): string {
  const isFit = typeof text === 'string' && text !== '' && !/\p{C}/u.test(text) && utf8Length(text) <= limits.stringBytes
  if (!isFit) throw new TypeError(`${name} must be printable text of 1 to ${limits.stringBytes} bytes`)
  if (text.trim() !== text) throw new TypeError(`${name} must not begin or end with white space`)
  return text
}

function readOptional<Value, Result>(value: Value | undefined, read: (value: Value) => Result): Result | undefined {
  return value === undefined ? undefined : read(value)
}

function readAudience(audience: SignOptions['audience'], limits: Limits): ParsedOptions['audience'] {
  if (!Array.isArray(audience)) return readOptional(audience, (text) => readText('audience', text, limits))
  if (audience.length === 0) throw new TypeError('audience must not be empty')
  return audience.map((text) => readText('audience', text, limits))
}

/** Letters that media types have (RFC 6838 4.2). */
const mediaType = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}(?:\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126})?$/

function readTyp(typ: unknown): string {
  if (typeof typ !== 'string' || !mediaType.test(typ)) throw new TypeError('typ must be a media type')
  if (isOtherKind(typ)) throw new TypeError(`typ "${typ}" is another kind of JWT`)
  return typ
}

function readExtraMember(name: unknown): string {
  if (typeof name === 'string' && roleOfClaim(name) !== 'jwt' && roleOfClaim(name) !== 'forbidden') return name
  throw new TypeError(`extraMembers must not name ${toAscii(String(name))}: no statement may vouch for it`)
}
