import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkText, hasMixedScripts, toAscii } from '../../../packages/core/src/metadata/text.js'

const name = (from: number, to = from) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const hex = (point: number) => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`

describe('texts that are allowed', () => {
  test.each<[text: string, what: string]>([
    ['', 'an empty text'],
    ['Example Mail 2.0 (beta) – “fast” & simple', 'Latin with punctuation'],
    ['Caf\u00e9 Zo\u00eb', 'composed letters'],
    ['Почта', 'Cyrillic'],
    ['メール・アプリ', 'Katakana'],
    ['邮件客户端', 'Han'],
    ['메일', 'Hangul'],
    ['דואר', 'Hebrew'],
    ['البريد', 'Arabic'],
    ['می\u200cخواهم', 'Persian with a non-joiner inside a word'],
    ['ه\u200d', 'an Arabic letter in its joining form'],
    ['क्\u200dष क्\u200cष', 'Devanagari with joiners after a virama'],
    ['ന്\u200d', 'a Malayalam chillu spelled with a joiner'],
    ['ශ්\u200dරී ලංකා', 'Sinhala with a joiner'],
    ['ᠮᠣᠩ\u180bᠭᠣᠯ', 'Mongolian with a variation selector'],
    ['Mail \u{1f4e7}', 'an emoji'],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', 'a family of three, joined'],
    ['\u{1f469}\u{1f3fd}\u200d\u{1f4bb}', 'an emoji with a skin tone, joined'],
    ['\u{1f3f3}\ufe0f\u200d\u{1f308}', 'a rainbow flag, joined after a variation selector'],
    ['\u2764\ufe0f \u260e\ufe0e', 'emoji and text presentation'],
    ['1\ufe0f\u20e3', 'a keycap'],
    ['\u{1f1ef}\u{1f1f5}', 'a flag of regional indicators'],
    ['Ti\u1ebfng Vi\u1ec7t', 'Vietnamese'],
    ['สวัสดี', 'Thai'],
    ['\u05d0\u05b0\u05b1\u05b2\u05b3', 'four nonspacing marks'],
  ])('%j is allowed: %s', (text) => {
    expect(checkText(text)).toBeUndefined()
  })

  test('every text of printable ASCII is allowed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => checkText(text) === undefined))
  })
})

describe('texts that are refused', () => {
  const hidden = [
    ...name(0x00, 0x1f), // C0 controls
    ...name(0x7f, 0x9f), // DEL, C1 controls
    0xad, // soft hyphen
    0x34f, // combining grapheme joiner
    0x61c, // Arabic letter mark
    ...[0x115f, 0x1160, 0x3164, 0xffa0], // Hangul fillers
    ...name(0x180b, 0x180f), // Mongolian selectors and separator
    ...name(0x200b, 0x200f), // zero-width, joiners, marks
    ...name(0x2028, 0x202e), // separators, embeddings, overrides
    ...name(0x2060, 0x206f), // invisible operators, isolates, deprecated controls
    ...name(0xe000, 0xe003), // private use
    ...name(0xfdd0, 0xfdef), // noncharacters
    ...name(0xfe00, 0xfe0f), // variation selectors
    0xfeff, // byte order mark
    ...name(0xfff9, 0xfffb), // interlinear annotation
    ...[0xfffe, 0xffff], // noncharacters
    ...name(0xe0000, 0xe007f), // tags
    ...name(0xe0100, 0xe01ef), // variation selectors supplement
    ...[0xf0000, 0x10fffd, 0x10ffff], // private use, noncharacter
    ...[0xd800, 0xdbff, 0xdc00, 0xdfff], // lone surrogates
    ...[0x378, 0x2fe0, 0xe1000], // unassigned
  ]

  test.each(hidden.map((point) => [hex(point), point] as const))(
    '%s is refused between, before and after Latin letters',
    (_, point) => {
      const character = String.fromCodePoint(point)
      for (const text of [`Ma${character}il`, `${character}Mail`, `Mail${character}`, character]) {
        expect(checkText(text)).toBeTypeOf('string')
      }
    },
  )

  test.each<[text: string, what: string]>([
    ['Cafe\u0301', 'decomposed letters'],
    ['\u212bngstr\u00f6m', 'a compatibility letter that normalises'],
    ['Example\u202eliaM', 'a right-to-left override'],
    ['Mail\nby Example', 'a line break'],
    ['می\u200c\u200cخواهم', 'two non-joiners'],
    ['می\u200c خواهم', 'a non-joiner before a space'],
    ['می\u200c', 'a non-joiner at the end'],
    ['\u200cخواهم', 'a non-joiner at the start'],
    ['ه\u200d\u200d', 'two joiners'],
    ['می\u200cMail', 'a non-joiner before a Latin letter'],
    ['Ма\u200dил', 'a joiner in Cyrillic'],
    ['邮\u200c件', 'a non-joiner in Han'],
    ['\u0661\u200d', 'a joiner after an Arabic digit'],
    ['\u{1f468}\u200d', 'a joiner after an emoji that joins nothing'],
    ['\u{1f468}\u200dMail', 'a joiner between an emoji and a letter'],
    ['\u{1f468}\u200d\u200d\u{1f469}', 'two joiners between emoji'],
    ['\u{1f468}\u200c\u{1f469}', 'a non-joiner between emoji'],
    ['\u2764\ufe0f\ufe0f', 'two variation selectors'],
    ['Mail 1\ufe0f', 'a variation selector after a digit that is no keycap'],
    ['\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}', 'a flag of tag characters'],
    ['葛\u{e0100}', 'an ideographic variation'],
    ['Z\u0335\u0336\u0337\u0338\u0335lgo', 'a tower of marks'],
    ['Mail\ud83d', 'half of an emoji'],
    ['\udce7Mail', 'the other half'],
  ])('%j is refused: %s', (text) => {
    expect(checkText(text)).toBeTypeOf('string')
  })

  test.each<[text: string, reason: string]>([
    ['\ud800', 'holds a lone surrogate'],
    ['a\u0000', 'holds a control character or line break'],
    ['a\u2066', 'holds a bidirectional control character'],
    ['a\u200b', 'holds an invisible character'],
    ['a\ue000', 'holds a private-use or unassigned character'],
    ['a\u0301', 'is not in Unicode normalization form C'],
    ['\u05d0\u05b0\u05b1\u05b2\u05b3\u05b4', 'has more than four nonspacing marks in a row'],
  ])('%j is refused for the reason that is at fault', (text, reason) => {
    expect(checkText(text)).toBe(reason)
  })
})

describe('for any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
    fc
      .array(fc.constantFrom('a', 'м', 'ی', '്', 'ക', '\u200c', '\u200d', '\ufe0f', '\u{1f468}', '\u202e', '1'), { maxLength: 8 })
      .map((all) => all.join('')),
  )

  test('an accepted text is well-formed NFC, and no joiner or selector starts it, follows a Latin letter or doubles', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        if (checkText(text) !== undefined) return
        expect(text.isWellFormed()).toBe(true)
        expect(text.normalize('NFC')).toBe(text)
        expect(text).not.toMatch(
          /[\p{Cc}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060-\u206f\ufeff\u00ad\u{e0000}-\u{e0fff}]/u,
        )
        expect(text).not.toMatch(/(?:^|\p{scx=Latin}|\p{Z}|\u200c|\u200d)(?:\u200c|\u200d|\ufe0f)/u)
      }),
      { numRuns: 3000 },
    )
  })

  test('an invisible character between letters is always noticed', () => {
    const letters = fc.stringMatching(/^[A-Za-zа-я]{1,6}$/)
    fc.assert(
      fc.property(
        letters,
        fc.constantFrom('\u200b', '\u200c', '\u200d', '\u2060', '\u00ad', '\ufeff', '\ufe0f', '\u{e0041}'),
        letters,
        (a, c, b) => {
          expect(checkText(a + b)).toBeUndefined()
          expect(checkText(a + c + b)).toBe('holds an invisible character')
        },
      ),
    )
  })

  test('what is shown is printable ASCII of bounded length, and printable ASCII that fits is shown as it is', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 3, max: 90 }), (text, max) => {
        const shown = toAscii(text, max)
        expect(shown).toMatch(/^[\x20-\x7e]*$/)
        expect(shown.length).toBe(Math.min(text.length, max))
        if (text.length <= max && /^[\x20-\x7e]*$/.test(text)) expect(shown).toBe(text)
        expect(hasMixedScripts(text)).toBeTypeOf('boolean')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('mixed scripts', () => {
  test.each([
    'P\u0430yments', // Cyrillic a
    '\u0410pple', // Cyrillic A
    'G\u03bfogle', // Greek omicron
    'Mail \u0440ay', // only the second word, Cyrillic er
    'Яндекsе',
    'ΑВС', // Greek alpha, Cyrillic ve
    '\u13a0pple', // Cherokee A
    'p\u0561y', // Armenian ayb
    'mail\u05d0',
    'アпри',
    'ｍａ\u0456ｌ', // fullwidth Latin with Cyrillic i
    '\u3105\u30a2', // Bopomofo with Katakana
    'ma\u200dи', // across a joiner
    'a\u{10400}', // Latin with Deseret
  ])('%s mixes scripts in one word', (text) => {
    expect(hasMixedScripts(text)).toBe(true)
  })

  test.each([
    '',
    '123 !?',
    'Example Mail',
    'Яндекс Mail',
    'Mail-Почта',
    'Sony株式会社',
    'LINEスタンプをつくる',
    'サーバー',
    'メール2',
    'KT메일大',
    '漢ㄅ',
    'Ελλάδα',
    'e\u0301t\u00e9',
    'क्\u200dष',
    'البريد٢',
    'µTorrent', // the micro sign belongs to no script
    '\u{10330}\u{10331}', // Gothic alone
    '\u{12000}\u{12001}', // cuneiform, which is not told apart
  ])('%s does not', (text) => {
    expect(hasMixedScripts(text)).toBe(false)
  })

  test('one Cyrillic letter in a Latin word is always noticed', () => {
    const latin = fc.stringMatching(/^[a-z]{0,6}$/)
    fc.assert(
      fc.property(latin, fc.stringMatching(/^[а-я]$/), latin, (before, letter, after) => {
        expect(hasMixedScripts(before + letter + after)).toBe(before + after !== '')
      }),
    )
  })
})

describe('text made safe to show', () => {
  test.each<[text: string, max: number | undefined, shown: string]>([
    ['Example Mail', undefined, 'Example Mail'],
    ['caf\u00e9\n', undefined, 'caf??'],
    ['\u001b[31mred', undefined, '?[31mred'],
    ['a\r\nb\u2028c\u202ed', undefined, 'a??b?c?d'],
    ['\ud83d\udce7', undefined, '??'],
    ['x'.repeat(80), undefined, 'x'.repeat(80)],
    ['x'.repeat(81), undefined, `${'x'.repeat(77)}...`],
    ['abcdefgh', 8, 'abcdefgh'],
    ['abcdefghi', 8, 'abcde...'],
  ])('%j at most %s long is shown as %j', (text, max, shown) => {
    expect(toAscii(text, max)).toBe(shown)
  })
})
