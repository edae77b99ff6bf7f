// Most texts are, and need no more than this.
const printableAscii = /^[\x20-\x7e]*$/

// Most others are of these letters beside: each is assigned, visible, and the same in Unicode normalization form C whatever is next to it.
const plainLetters =
  /^[\x20-\x7e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0410-\u044f\u3041-\u3094\u30a1-\u30fa\u30fc\u4e00-\u9fcc]*$/

// Scripts whose spelling or letter forms depend on joiners: the cursive ones and those with a virama.
const joinerScripts = [
  'Adlam',
  'Arabic',
  'Balinese',
  'Bengali',
  'Chakma',
  'Devanagari',
  'Gujarati',
  'Gurmukhi',
  'Hanifi_Rohingya',
  'Javanese',
  'Kannada',
  'Khmer',
  'Malayalam',
  'Mandaic',
  'Mongolian',
  'Myanmar',
  'Newa',
  'Nko',
  'Oriya',
  'Phags_Pa',
  'Sinhala',
  'Syriac',
  'Tamil',
  'Telugu',
  'Tirhuta',
]

// Alphabets told apart when one word mixes them: UAX 31's recommended scripts and others whose letters look like theirs.
const alphabets = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Canadian_Aboriginal',
  'Cherokee',
  'Coptic',
  'Cyrillic',
  'Deseret',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Gothic',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Hebrew',
  'Kannada',
  'Khmer',
  'Lao',
  'Lisu',
  'Malayalam',
  'Myanmar',
  'Old_Italic',
  'Oriya',
  'Osage',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
  'Tifinagh',
  'Vai',
]

// Writing systems that are made of several scripts (UTS 39 5.2, highly restrictive).
const combinations = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
]

const classOf = (scripts: readonly string[]) => scripts.map((script) => `\\p{scx=${script}}`).join('')
const joinerLetter = `(?=[\\p{L}\\p{M}])[${classOf(joinerScripts)}]`

// Invisible characters where they change how the text around them looks; anywhere else they only hide.
const visibleSequences = lazily(
  () =>
    new RegExp(
      [
        `(?<=${joinerLetter})\\u200c(?=${joinerLetter})`,
        `(?<=${joinerLetter})\\u200d`,
        '(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?)\\u200d(?=\\p{Extended_Pictographic})',
        '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]',
        '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
        '(?<=(?=\\p{L})\\p{scx=Mongolian})[\\u180b-\\u180f]',
      ].join('|'),
      'gu',
    ),
)

const wordScripts = lazily(() =>
  [...alphabets.map((script) => [script]), ...combinations].map(
    (scripts) => new RegExp(`^[\\p{scx=Common}\\p{scx=Inherited}${classOf(scripts)}]*$`, 'u'),
  ),
)
const otherScripts = lazily(() => new RegExp(`^[^${classOf([...alphabets, ...combinations.flat()])}]*$`, 'u'))

/** Made when first asked for: these expressions take as long to compile as a program takes to start. */
function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => {
    made ??= make()
    return made
  }
}

/**
 * Checks a human-readable text and returns why it is not allowed, or `undefined` if it is. Refused is what makes two texts look alike or one
 * text look like another: text that is not NFC, control characters and line breaks, bidirectional controls, invisible characters
 * (joiners are allowed where a script or an emoji needs them), lone surrogates, private-use and unassigned characters, towers of marks.
 * What is unassigned depends on the Unicode version of the runtime. The reason completes the sentence "the text ...".
 *
 * @example
 * ```ts
 * checkText('Example\u202e Mail') // 'holds a bidirectional control character'
 * ```
 */
export function checkText(text: string): string | undefined {
  if (printableAscii.test(text) || plainLetters.test(text)) return undefined
  if (/\p{Cs}/u.test(text)) return 'holds a lone surrogate'
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return 'holds a control character or line break'
  if (/\p{Bidi_Control}/u.test(text)) return 'holds a bidirectional control character'
  if (/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text.replace(visibleSequences(), '')))
    return 'holds an invisible character'
  if (/[\p{Co}\p{Cn}]/u.test(text)) return 'holds a private-use or unassigned character'
  if (/\p{Mn}{5}/u.test(text)) return 'has more than four nonspacing marks in a row'
  if (text.normalize('NFC') !== text) return 'is not in Unicode normalization form C'
  return undefined
}

/**
 * Whether one word of a text mixes scripts in a way that no writing system does, such as Latin with Cyrillic letters: the
 * "highly restrictive" level of UTS 39 5.2, applied word by word. Names do that for good reasons too, so this is for warnings only.
 *
 * @example
 * ```ts
 * hasMixedScripts('P\u0430yments') // true: the second letter is Cyrillic
 * ```
 */
export function hasMixedScripts(text: string): boolean {
  if (printableAscii.test(text)) return false
  const words = text.match(/[\p{L}\p{M}\p{N}\u200c\u200d]+/gu) ?? []
  return words.some((word) => !otherScripts().test(word) && !wordScripts().some((scripts) => scripts.test(word)))
}

/**
 * Makes foreign text safe to show in a message: every UTF-16 unit that is not printable ASCII becomes `?`, and what is longer than `max`
 * characters is cut to that length, the last three being `...`.
 *
 * @example
 * ```ts
 * toAscii('caf\u00e9\n') // 'caf??'
 * ```
 */
export function toAscii(text: string, max = 80): string {
  const shown = text.length > max ? `${text.slice(0, Math.max(0, max - 3))}...` : text
  return shown.replace(/[^\x20-\x7e]/g, '?')
}
