import { splitLanguageTag } from '../metadata/language-tag.js'
import { knownMembers } from '../metadata/registry.js'
import { toAscii } from '../metadata/text.js'

/** Why a claim or member is unknown. */
export function describeUnknown(name: string): string {
  const known = knownMembers.has(splitLanguageTag(name).base)
  return `${toAscii(name)} ${known ? 'has a language tag, but this member has no language-tagged forms' : 'is not known'}`
}
