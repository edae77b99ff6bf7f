// Registered whole, before the syntax was fixed (RFC 5646 2.2.8). The other grandfathered tags fit the syntax.
const irregularTags: ReadonlySet<string> = new Set([
  'en-gb-oed',
  'i-ami',
  'i-bnn',
  'i-default',
  'i-enochian',
  'i-hak',
  'i-klingon',
  'i-lux',
  'i-mingo',
  'i-navajo',
  'i-pwn',
  'i-tao',
  'i-tay',
  'i-tsu',
  'sgn-be-fr',
  'sgn-be-nl',
  'sgn-ch-de',
])

const language = '(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})'
const script = '(?:-[a-z]{4})?'
const region = '(?:-(?:[a-z]{2}|[0-9]{3}))?'
const variants = '(?<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)'
const extensions = '(?<extensions>(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*)'
const privateUse = 'x(?:-[a-z0-9]{1,8})+'

// RFC 5646 2.1. A subtag's length and alphabet decide its place, so there is one way to match.
const wellFormed = new RegExp(`^(?:${language}${script}${region}${variants}${extensions}(?:-${privateUse})?|${privateUse})$`)

const maximumLength = 64

/** What almost every tag is: a language, perhaps a script, perhaps a country. */
const plainTag = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$/
const inLowerCase = /^[a-z0-9-]*$/

/**
 * Splits a member name at its first `#` into the member and its language tag (RFC 7591 2.2). The tag is `undefined` without `#`,
 * and may be empty or malformed.
 *
 * @example
 * ```ts
 * splitLanguageTag('client_name#ja-Jpan-JP') // { base: 'client_name', tag: 'ja-Jpan-JP' }
 * ```
 */
export function splitLanguageTag(name: string): { readonly base: string; readonly tag: string | undefined } {
  const at = name.indexOf('#')
  return at === -1 ? { base: name, tag: undefined } : { base: name.slice(0, at), tag: name.slice(at + 1) }
}

/**
 * Whether a text is a well-formed BCP 47 language tag of at most 64 characters: the syntax of RFC 5646 2.1 with its grandfathered tags,
 * no variant and no extension twice (2.2.9). Whether its subtags are registered is not looked up.
 *
 * @example
 * ```ts
 * isLanguageTag('zh-Hant-TW') // true
 * ```
 */
export function isLanguageTag(tag: string): boolean {
  if (plainTag.test(tag)) return true
  if (tag.length > maximumLength) return false
  const lower = canonicalTag(tag)
  if (irregularTags.has(lower)) return true
  const match = wellFormed.exec(lower)
  if (match === null) return false
  const singletons = subtags(match.groups?.extensions).filter((subtag) => subtag.length === 1)
  return isDistinct(subtags(match.groups?.variants)) && isDistinct(singletons)
}

/**
 * Spells a language tag in lower case, for comparison only: tags are the same in every case (RFC 5646 2.1.1). Only ASCII letters
 * change, so that no other character turns into one.
 *
 * @example
 * ```ts
 * canonicalTag('ja-Jpan-JP') // 'ja-jpan-jp'
 * ```
 */
export function canonicalTag(tag: string): string {
  return inLowerCase.test(tag) ? tag : tag.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function subtags(part = '') {
  return part.split('-').slice(1)
}

function isDistinct(values: readonly string[]) {
  return new Set(values).size === values.length
}
