import type { Profile } from '../profile/profile.js'
import { type DistinguishedName, isWithin } from './distinguished-name.js'
import { isWithinDomain, mayBeWithinDomain, parseDnsName, parseHostName } from './forms/dns-name.js'
import { parseEmailConstraint, parseMailbox } from './forms/email-address.js'
import { isIpAddress, parseIpConstraint } from './forms/ip-address.js'
import { parseUriConstraint, parseUriHost } from './forms/uri.js'
import type { GeneralName, NameForm } from './general-name.js'

/** Whether a name is within one of several subtrees; `undefined` for a name that is not well-formed. */
export type IsWithinSome = (name: GeneralName) => boolean | undefined

/** Makes subtrees of one form ready to hold names against; `undefined` if one of them is not well-formed. */
export type CompileSubtrees = (bases: readonly GeneralName[], list: SubtreeList, profile: Profile) => IsWithinSome | undefined

export type SubtreeList = 'permitted' | 'excluded'

type IsWithinOne<Value> = (value: Value) => boolean

/** How names of one form are read, and constraints on them. Both answer `undefined` for what is of another form or not well-formed. */
function nameForm<Value>(
  read: (name: GeneralName) => Value | undefined,
  readBase: (base: GeneralName, list: SubtreeList, profile: Profile) => IsWithinOne<Value> | undefined,
): CompileSubtrees {
  return (bases, list, profile) => {
    const subtrees = bases.flatMap((base) => readBase(base, list, profile) ?? [])
    if (subtrees.length < bases.length) return undefined
    return (name) => {
      const value = read(name)
      return value === undefined ? undefined : subtrees.some((isWithinOne) => isWithinOne(value))
    }
  }
}

const textOf = (name: GeneralName, form: NameForm) =>
  name.form === form && 'value' in name && typeof name.value === 'string' ? name.value : undefined

/** The forms of names that can be held against constraints (RFC 5280 4.2.1.10). */
export const nameForms: ReadonlyMap<NameForm, CompileSubtrees> = new Map([
  [
    'directoryName',
    nameForm<DistinguishedName>(
      // A name that is not prepared could slip out of what is excluded: it is held against nothing.
      (name) => (name.form === 'directoryName' && name.value.isPrepared ? name.value : undefined),
      (base) => {
        if (base.form !== 'directoryName' || !base.value.isPrepared) return undefined
        const { relativeNames } = base.value
        return (name) => isWithin(name.relativeNames, relativeNames)
      },
    ),
  ],
  [
    'dNSName',
    nameForm<string>(
      (name) => parseDnsName(textOf(name, 'dNSName') ?? ''),
      (base, list, profile) => readDomain(textOf(base, 'dNSName'), list, profile),
    ),
  ],
  [
    'rfc822Name',
    nameForm(
      (name) => parseMailbox(textOf(name, 'rfc822Name') ?? ''),
      (base) => parseEmailConstraint(textOf(base, 'rfc822Name') ?? '@'),
    ),
  ],
  [
    'uniformResourceIdentifier',
    nameForm(
      (name) => parseUriHost(textOf(name, 'uniformResourceIdentifier') ?? ''),
      (base) => parseUriConstraint(textOf(base, 'uniformResourceIdentifier') ?? '.'),
    ),
  ],
  [
    'iPAddress',
    nameForm(
      (name) => (name.form === 'iPAddress' && isIpAddress(name.value) ? name.value : undefined),
      (base) => (base.form === 'iPAddress' ? parseIpConstraint(base.value) : undefined),
    ),
  ],
] satisfies readonly (readonly [NameForm, CompileSubtrees])[])

/** Authorities that put a period in front of a domain mean what is below it; RFC 5280 has no such constraint. */
function readDomain(text: string | undefined, list: SubtreeList, profile: Profile): IsWithinOne<string> | undefined {
  if (text === undefined) return undefined
  const isBelow = profile === 'compatible' && text.startsWith('.')
  const base = text === '' ? '' : parseHostName(isBelow ? text.slice(1) : text)
  if (base === undefined) return undefined
  const matches = list === 'excluded' ? mayBeWithinDomain : isWithinDomain
  return isBelow ? (name) => name !== base && matches(name, base) : (name) => matches(name, base)
}
