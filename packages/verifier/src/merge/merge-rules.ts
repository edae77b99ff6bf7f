import { canonicalJson, isEqualJson, knownMembers, parseScope, splitLanguageTag } from '@software-statement/core'
import { type UnknownMembers, validateConfiguredMember } from './configured-member.js'
import { canonicalName, unitOf } from './member-unit.js'

/**
 * How a vouched member and a requested one become one:
 * - `override`: the statement wins (RFC 7591 3.1.1)
 * - `match`: what is requested must equal what is vouched for
 * - `ceiling`: what is requested must be within the vouched set (the port of a redirect URI on `127.0.0.1` or `[::1]` does not
 *   count, RFC 8252 7.3); if nothing is requested, the whole set; if nothing is vouched for, nothing may be requested
 * - `intersect`: as `ceiling`, but what is outside is cut off
 * - `floor`: what is requested must contain the vouched set
 * - `statement-only`: what is requested is ignored
 * - `request-only`: what is vouched for is ignored
 */
export type MergeRule = 'override' | 'match' | 'ceiling' | 'intersect' | 'floor' | 'statement-only' | 'request-only'

/** Their names. */
export const mergeRules = [
  'override',
  'match',
  'ceiling',
  'intersect',
  'floor',
  'statement-only',
  'request-only',
] as const satisfies readonly MergeRule[]

/**
 * The rule for each member that does not simply follow the statement. A rule is for a member in all its language-tagged forms, unless
 * one form has its own; a rule for one of `jwks`, `jwks_uri` and `signed_jwks_uri` is for all three, which say one thing.
 */
export type MergeRules = { readonly [member: string]: MergeRule }

const setRules: ReadonlySet<string> = new Set<MergeRule>(['ceiling', 'intersect', 'floor'])

/**
 * Reads merge rules, under the canonical names of tagged forms and the names of the units of all others.
 *
 * Throws `TypeError` for an unknown rule, a member that is not metadata here, a rule for sets on a member that is none, or two rules
 * for one thing.
 */
export function parseMergeRules(rules: MergeRules = {}, unknownMembers: UnknownMembers): ReadonlyMap<string, MergeRule> {
  const parsed = new Map<string, MergeRule>()
  for (const [member, rule] of Object.entries(rules)) {
    validateConfiguredMember(member, 'merge', unknownMembers)
    if (!mergeRules.includes(rule)) throw new TypeError(`merge rule for ${member} is not one of ${mergeRules.join(', ')}`)
    const { base, tag } = splitLanguageTag(member)
    const kind = knownMembers.get(base)?.kind
    if (setRules.has(rule) && kind !== undefined && kind !== 'string[]' && member !== 'scope') {
      throw new TypeError(`merge rule "${rule}" is for sets, and ${member} is none`)
    }
    const name = tag === undefined ? unitOf(member) : canonicalName(member)
    if ((parsed.get(name) ?? rule) !== rule) throw new TypeError(`merge: ${member} is one with ${name}, which has another rule`)
    parsed.set(name, rule)
  }
  return parsed
}

/** What a rule makes of two values; `undefined` stands for an absent one. */
export type MergeOutcome =
  | { readonly value: unknown; readonly source: 'statement' | 'request'; readonly lost?: unknown }
  | { readonly conflict: string }
  | { readonly absent: true }

/** A member's name, what is vouched for and requested, and whether its unit is vouched for by other members. */
export interface MergeInput {
  readonly member: string
  readonly vouched: unknown
  readonly requested: unknown
  readonly locked: boolean
}

const fromStatement = ({ vouched, requested }: MergeInput): MergeOutcome =>
  requested === undefined || isEqualJson(vouched, requested)
    ? { value: vouched, source: 'statement' }
    : { value: vouched, source: 'statement', lost: requested }

const fromRequest = ({ requested }: MergeInput): MergeOutcome => ({ value: requested, source: 'request' })

const conflict = (reason: string): MergeOutcome => ({ conflict: reason })

/** What a rule does with a member that is requested, but not vouched for. */
const unvouched: Readonly<Record<MergeRule, (input: MergeInput) => MergeOutcome>> = {
  override: (input) => (input.locked ? { absent: true } : fromRequest(input)),
  match: (input) => (input.locked ? conflict('the statement vouches for another form of it') : fromRequest(input)),
  // Without a vouched set nothing is within it: leaving the bound out would let a statement without the member open the door.
  ceiling: (input) => (isEmptySet(input) ? fromRequest(input) : conflict('the statement vouches for none')),
  intersect: (input) => (isEmptySet(input) ? fromRequest(input) : conflict('the statement vouches for none')),
  floor: (input) => (input.locked ? { absent: true } : fromRequest(input)),
  'statement-only': () => ({ absent: true }),
  'request-only': fromRequest,
}

/** What a rule does with a member that is both vouched for and requested. */
const both: Readonly<Record<MergeRule, (input: MergeInput) => MergeOutcome>> = {
  override: fromStatement,
  match: (input) => (isSame(input) ? fromStatement(input) : conflict('it is not what the statement vouches for')),
  ceiling: (input) => {
    const [vouched, requested] = toSets(input)
    if (vouched === undefined || requested === undefined) return both.match(input)
    return isWithin(requested, vouched, input.member)
      ? fromRequest(input)
      : conflict('it is not within what the statement vouches for')
  },
  intersect: (input) => {
    const [vouched, requested] = toSets(input)
    if (vouched === undefined || requested === undefined) return both.match(input)
    const kept = requested.filter((item) => isWithin([item], vouched, input.member))
    if (kept.length === requested.length) return fromRequest(input)
    if (kept.length === 0) return conflict('nothing of it is within what the statement vouches for')
    const value = typeof input.requested === 'string' ? kept.join(' ') : kept
    return { value, source: 'request', lost: input.requested }
  },
  floor: (input) => {
    const [vouched, requested] = toSets(input)
    if (vouched === undefined || requested === undefined) return both.match(input)
    return isWithin(vouched, requested, input.member)
      ? fromRequest(input)
      : conflict('it lacks some of what the statement vouches for')
  },
  'statement-only': fromStatement,
  'request-only': fromRequest,
}

/** Applies a rule to one member of which at least one side is there. */
export function applyMergeRule(rule: MergeRule, input: MergeInput): MergeOutcome {
  if (input.vouched === undefined) return unvouched[rule](input)
  if (input.requested !== undefined) return both[rule](input)
  return rule === 'request-only' ? { absent: true } : fromStatement(input)
}

/** Arrays and scopes are sets: neither order nor repetition tells two of them apart. */
function toSets({ member, vouched, requested }: MergeInput): [readonly unknown[] | undefined, readonly unknown[] | undefined] {
  const toSet = (value: unknown) => (member === 'scope' ? parseScope(value) : Array.isArray(value) ? value : undefined)
  return [toSet(vouched), toSet(requested)]
}

function isEmptySet(input: MergeInput): boolean {
  return toSets(input)[1]?.length === 0
}

function isSame(input: MergeInput): boolean {
  const [vouched, requested] = toSets(input)
  if (vouched === undefined || requested === undefined) return isEqualJson(input.vouched, input.requested)
  return isWithin(vouched, requested, input.member) && isWithin(requested, vouched, input.member)
}

function isWithin(items: readonly unknown[], set: readonly unknown[], member: string): boolean {
  const comparable = knownMembers.get(member)?.uri === 'redirect' ? withoutLoopbackPort : asItIs
  if (items.every(isText) && set.every(isText)) {
    const allowed = new Set(set.map(comparable))
    return items.every((item) => allowed.has(comparable(item)))
  }
  const allowed = new Set(set.map(canonicalJson))
  return items.every((item) => allowed.has(canonicalJson(item)))
}

const isText = (value: unknown): value is string => typeof value === 'string'
const asItIs = (text: string) => text

/** A redirect URI on a loopback address: native apps take any port that is free (RFC 8252 7.3, RFC 9700 2.1). */
const loopbackPort = /^(http:\/\/(?:127\.0\.0\.1|\[::1\])):\d+(?=[/?]|$)/

/** Redirect URIs are compared exactly, but for the port of a loopback address. */
function withoutLoopbackPort(uri: string): string {
  return uri.startsWith('http:') ? uri.replace(loopbackPort, '$1') : uri
}
