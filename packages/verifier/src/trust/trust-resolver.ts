import {
  type IssuerRules,
  issuerRulesSchema,
  type JwkSet,
  type ParsedStatement,
  StatementError,
  TrustUnavailableError,
  toAscii,
} from '@software-statement/core'
import * as z from 'zod'
import { type KeySource, localKeys } from '../keys/key-source.js'
import { validateTrust } from '../options.js'

/** A certificate of the path that trust in an issuer rests on, for people and logs. */
export interface TrustedCertificate {
  /** As text (RFC 4514). */
  readonly subject: string
  /** As text (RFC 4514). */
  readonly issuer: string
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Whether it was looked up in lists of revoked certificates: an anchor never is, nor one that has ended. */
  readonly revocationChecked: boolean
  /** Why it is in the path: `issuerName`, `keyIdentifier` and `signature` say what makes it the issuer of the one before. */
  readonly reasons?: readonly string[]
}

interface IssuerBase extends IssuerRules {
  /** The `iss` of its statements, compared exactly. */
  readonly issuer: string
  /** The certificates that trust rests on, from the leaf to the anchor, where it rests on certificates. */
  readonly certificatePath?: readonly TrustedCertificate[]
}

/** An issuer that may sign statements: its keys, as a source or a JWK Set, and the rules for what it signs. */
export type TrustedIssuer = IssuerBase &
  ({ readonly keys: KeySource; readonly jwks?: never } | { readonly jwks: JwkSet; readonly keys?: never })

/** A trusted issuer with a source of its keys. */
export type KeyedIssuer = IssuerBase & { readonly keys: KeySource }

/** What a resolver may want to know beside the statement. */
export interface TrustQuery {
  /** The time of the verification; a resolver that is not told it takes that of its clock. */
  readonly currentDate: Date
  /**
   * For the statement that a client is registered with: when it was accepted. Each certificate has to be valid then or at `currentDate`; who
   * is trusted, with which keys, and what is revoked is asked as of `currentDate`. A certificate that has ended by then is refused where a
   * list names it as revoked, and counts where none tells its status any more: lists may drop it once it has ended.
   */
  readonly acceptedAt?: Date
}

/**
 * Finds the issuer that may have signed a statement, or nothing. It must not be guided by anything but who the issuer says
 * it is: keys come from the statement only where a certificate path to a trust anchor vouches for them.
 *
 * What it answers is read once, and again when a member of it is another one; a frozen answer every time, which has keys imported and
 * statements verified again. A change inside a member, such as a key that is added to `jwks.keys`, need not be noticed: make another
 * member, or answer with another object.
 */
export interface TrustResolver {
  (statement: ParsedStatement, query?: TrustQuery): Promise<TrustedIssuer | undefined>
  /**
   * Whether an issuer it knows limits how often a statement may be used. A resolver that does not say so is found out when such
   * an issuer's statement comes: the decision throws `TypeError` unless it was given `seen`.
   */
  readonly limitsReplay?: boolean
}

/**
 * Asks several resolvers in turn; the first answer wins. One that refuses a statement does not keep the others from answering: what it has
 * thrown is thrown if none of them answers. One that cannot find out does.
 *
 * Throws `TypeError` if one is not a function.
 *
 * @example
 * ```ts
 * const both = trustAny(trust, trustIssuers([{ issuer: 'https://directory.example', jwksUri: 'https://directory.example/jwks' }]))
 * ```
 */
export function trustAny(...resolvers: readonly TrustResolver[]): TrustResolver {
  for (const resolver of resolvers) validateTrust(resolver)
  const resolve: TrustResolver = (statement, query) => askInTurn(resolvers, statement, query)
  return Object.assign(resolve, { limitsReplay: resolvers.some((resolver) => resolver.limitsReplay === true) })
}

/** The first answer of several resolvers. Rejects with the first refusal if there is no answer. */
export async function askInTurn(
  resolvers: readonly TrustResolver[],
  statement: ParsedStatement,
  query: TrustQuery | undefined,
): Promise<TrustedIssuer | undefined> {
  const refusals: StatementError[] = []
  for (const resolver of resolvers) {
    try {
      const issuer = await resolver(statement, query)
      if (issuer) return issuer
    } catch (error) {
      if (!(error instanceof StatementError) || error instanceof TrustUnavailableError) throw error
      refusals.push(error)
    }
  }
  const [first] = refusals
  if (first !== undefined) throw first
  return undefined
}

/** What has been made of an answer of a resolver, and of which members. Copies with changes do not have it. */
const read = Symbol('read')

interface Reading {
  readonly issuer: KeyedIssuer
  readonly members: ReadonlyMap<string, unknown>
}

/** Members of an answer, wherever it has them from. */
const memberNames = [...Object.keys(issuerRulesSchema.shape), 'issuer', 'keys', 'jwks', 'certificatePath']

/** Marks an answer as read, so that the next time it is not read again. */
export function markAsRead<Answer extends TrustedIssuer>(trusted: Answer, issuer: KeyedIssuer): Answer {
  return mark(trusted, { issuer, members: membersOf(trusted) })
}

function mark<Answer extends TrustedIssuer>(trusted: Answer, reading: Reading): Answer {
  if (!Object.isExtensible(trusted)) return trusted
  return Object.defineProperty(trusted, read, { value: reading, enumerable: false, configurable: true })
}

function membersOf(trusted: TrustedIssuer): ReadonlyMap<string, unknown> {
  const names = new Set([...memberNames.filter((name) => name in trusted), ...Object.keys(trusted)])
  return new Map([...names].map((name) => [name, memberOf(trusted, name)]))
}

const memberOf = (trusted: object, name: string): unknown => Reflect.get(trusted, name)

/** What was made of an answer, unless one of its members has been exchanged since. */
function recall(trusted: TrustedIssuer): KeyedIssuer | undefined {
  // The mark is not of the public type.
  const reading = (trusted as { readonly [read]?: Reading })[read]
  if (reading === undefined) return undefined
  const isSame = (name: string) => memberOf(trusted, name) === reading.members.get(name)
  const isKnown = (name: string) => reading.members.has(name)
  return memberNames.every(isSame) && Object.keys(trusted).every(isKnown) ? reading.issuer : undefined
}

/**
 * Holds what a resolver answers to the rules of issuer entries: anybody may write one, and a text where a list belongs would
 * allow every part of that text. The same answer with the same members gives the same issuer again, unless it is frozen.
 *
 * Throws `TypeError`.
 */
export function readTrustedIssuer(trusted: TrustedIssuer): KeyedIssuer {
  if (typeof trusted !== 'object' || trusted === null)
    throw new TypeError('a trust resolver answers with an issuer entry or undefined')
  const known = recall(trusted)
  if (known !== undefined) return known
  const members = membersOf(trusted)
  const { issuer, keys, jwks, certificatePath, ...rules } = Object.fromEntries(members) as unknown as TrustedIssuer // its members
  if (typeof issuer !== 'string') throw new TypeError('a trusted issuer needs its name, issuer')
  const parsed = issuerRulesSchema.safeParse(rules)
  if (!parsed.success) throw new TypeError(`issuer "${toAscii(issuer)}": ${z.prettifyError(parsed.error)}`)
  const made = { ...rules, issuer, keys: sourceOf(trusted, { issuer, keys, jwks }), ...(certificatePath && { certificatePath }) }
  mark(trusted, { issuer: made, members })
  return made
}

function sourceOf(
  trusted: TrustedIssuer,
  { issuer, keys, jwks }: { readonly issuer: string; readonly keys: unknown; readonly jwks: JwkSet | undefined },
): KeySource {
  const name = `issuer "${toAscii(issuer)}"`
  if (keys === undefined && jwks !== undefined) {
    if (!Array.isArray(jwks?.keys)) throw new TypeError(`${name}: jwks must be a JWK Set`)
    return localKeys(jwks)
  }
  if (typeof keys !== 'function')
    throw new TypeError(`${name}: keys must be a function, such as localKeys makes, or jwks a JWK Set`)
  if (jwks !== undefined) throw new TypeError(`${name}: keys and jwks exclude each other`)
  const source = keys as KeySource // a function: what it answers is checked where it is asked
  const { attempts } = source
  if (attempts !== undefined && typeof attempts !== 'function')
    throw new TypeError(`${name}: the attempts of keys must be a function`)
  return Object.assign(source.bind(trusted), attempts && { attempts: attempts.bind(source) })
}
