import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalTag, isLanguageTag, splitLanguageTag } from '../../../packages/core/src/metadata/language-tag.js'

describe('member names', () => {
  test.each<[name: string, base: string, tag: string | undefined]>([
    ['client_name', 'client_name', undefined],
    ['client_name#ja-Jpan-JP', 'client_name', 'ja-Jpan-JP'],
    ['client_name#', 'client_name', ''],
    ['client_name#a#b', 'client_name', 'a#b'],
    ['#en', '', 'en'],
    ['#', '', ''],
    ['', '', undefined],
    ['__proto__#en', '__proto__', 'en'],
  ])('%j splits into %j and %j', (name, base, tag) => {
    expect(splitLanguageTag(name)).toEqual({ base, tag })
  })

  test('a name is its parts put together again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom('a', '#', '-')).map((all) => all.join('')),
        ),
        (name) => {
          const { base, tag } = splitLanguageTag(name)
          expect(base).not.toContain('#')
          expect(tag === undefined ? base : `${base}#${tag}`).toBe(name)
        },
      ),
    )
  })
})

describe('well-formed tags', () => {
  test.each([
    ...['en', 'fr', 'gsw', 'abcd', 'abcdefgh', 'EN', 'eN-gB'], // language
    ...['zh-cmn', 'zh-cmn-Hans-CN', 'zh-yue-HK', 'ar-abc-def-ghi'], // extended language
    ...['zh-Hant', 'sr-Latn-RS', 'ja-Jpan-JP', 'es-419', 'de-CH'], // script and region
    ...['sl-rozaj', 'sl-rozaj-biske', 'de-CH-1901', 'hy-Latn-IT-arevela', 'sl-nedis', 'de-1996-1901'], // variants
    ...['en-u-co-phonebk', 'en-a-myext-b-another', 'de-DE-u-co-phonebk-t-en', 'en-0-ab', 'en-u-a1-u1', 'en-a-bbb-b-bbb'], // extensions
    ...['x-whatever', 'x-a-b-c', 'en-x-us', 'az-Arab-x-AZE-derbend', 'en-a-bbb-x-a-ccc', 'x-a-a', 'en-x-a-b-a', 'en-x-ab-x-cd'], // private use
    ...['i-klingon', 'I-Default', 'en-GB-oed', 'sgn-BE-FR', 'art-lojban', 'zh-min-nan', 'zh-min', 'no-bok', 'cel-gaulish'], // grandfathered
    `x-${'abcdefg-'.repeat(7)}abcdef`, // 64 characters
  ])('%s is well-formed', (tag) => {
    expect(isLanguageTag(tag)).toBe(true)
  })

  test.each<[tag: string, why: string]>([
    ['', 'empty'],
    ['e', 'one letter'],
    ['abcdefghi', 'nine letters'],
    ['12', 'digits'],
    ['e1', 'a digit in the language'],
    ['en-', 'a hyphen at the end'],
    ['-en', 'a hyphen at the start'],
    ['en--GB', 'an empty subtag'],
    ['en_GB', 'an underscore'],
    ['en GB', 'a space'],
    ['en\n', 'a line break'],
    ['en#fr', 'a number sign'],
    ['*', 'a language range'],
    ['en-*', 'a language range'],
    ['a-DE', 'a singleton as language'],
    ['u-co', 'an extension without language'],
    ['x', 'private use of nothing'],
    ['x-', 'private use of an empty subtag'],
    ['en-x', 'private use of nothing after a language'],
    ['en-u', 'an extension of nothing'],
    ['en-u-a', 'an extension of one letter'],
    ['en-u-x-a', 'an extension of nothing before private use'],
    ['en-GB-US', 'two regions'],
    ['en-Latn-Cyrl', 'two scripts'],
    ['en-GB-Latn', 'a script after the region'],
    ['abcd-cmn', 'an extended language after a long language'],
    ['ar-abc-def-ghi-jkl', 'four extended languages'],
    ['de-419-DE', 'two regions, from RFC 5646'],
    ['ar-a-aaa-b-bbb-a-ccc', 'an extension twice, from RFC 5646'],
    ['de-1901-1901', 'a variant twice'],
    ['sl-ROZAJ-rozaj', 'a variant twice, in two cases'],
    ['en-u-co-U-ca', 'an extension twice, in two cases'],
    ['en-abcdefghi', 'a variant of nine characters'],
    ['en-abc1', 'a variant of four that begins with a letter'],
    ['en-x-abcdefghi', 'private use of nine characters'],
    ['i-unknown', 'a registration that does not exist'],
    ['i', 'a single letter'],
    ['dé', 'a letter that is not ASCII'],
    ['\u212ao', 'the Kelvin sign, which lower-cases to k'],
    ['\u017fv', 'the long s, which upper-cases to S'],
    ['ja\u0000', 'a NUL'],
    ['__proto__', 'the name of an inherited member'],
    [`x-${'abcdefg-'.repeat(7)}abcdefg`, '65 characters'],
  ])('%j is not well-formed: %s', (tag) => {
    expect(isLanguageTag(tag)).toBe(false)
  })

  test('every tag that the runtime knows as a locale is well-formed', () => {
    const subtag = fc.stringMatching(/^[A-Za-z0-9]{1,9}$/)
    const language = fc.stringMatching(/^[a-z]{2,3}$/)
    const short = fc.tuple(language, fc.array(subtag, { maxLength: 3 })).map(([first, rest]) => [first, ...rest].join('-'))
    fc.assert(
      fc.property(short, (tag) => {
        const known = isLocale(tag)
        if (known) expect(isLanguageTag(tag)).toBe(true)
        expect(isLanguageTag(tag.toUpperCase())).toBe(isLanguageTag(tag))
      }),
      { numRuns: 3000 },
    )
  })

  test('a well-formed tag holds nothing but ASCII letters, digits and hyphens', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z]{2}-?[a-z0-9_é-]{0,6}$/)), (tag) => {
        if (isLanguageTag(tag)) expect(tag).toMatch(/^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$/)
      }),
    )
  })
})

describe('comparison', () => {
  test.each([
    ['EN', 'en'],
    ['ja-Jpan-JP', 'ja-jpan-jp'],
    ['en-GB-oed', 'en-gb-oed'],
    ['\u212aO', '\u212ao'],
    ['\u0130', '\u0130'],
  ])('%s compares as %s', (tag, canonical) => {
    expect(canonicalTag(tag)).toBe(canonical)
  })

  test('comparing twice is comparing once, and letters of other alphabets stay as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tag) => {
        expect(canonicalTag(canonicalTag(tag))).toBe(canonicalTag(tag))
        expect(canonicalTag(tag).replace(/[a-zA-Z]/g, '')).toBe(tag.replace(/[a-zA-Z]/g, ''))
      }),
    )
  })
})

function isLocale(tag: string) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
