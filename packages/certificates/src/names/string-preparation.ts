/** What RFC 4518 2.2 maps to nothing: controls, soft hyphens, joiners, marks of direction, variation selectors, tags. */
const nothing =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are taken out
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each stands for itself
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u06dd\u070f\u1806\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/gu

const spaces = /[\t\n\v\f\r\u0085\p{Z}]+/gu

const plain = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/**
 * More marks on one character than any text has that means something (UAX 15 13, the Stream-Safe Text Format, allows 30): to put them in order
 * takes time that grows with their square. The two halfwidth sound marks become marks.
 */
const tooManyMarks = /[\p{M}\uff9e\uff9f]{31}/u

/** The dotless i is a letter of its own (RFC 3454 B.2), though its upper case is that of i. */
const notDotless = /[^\u0131]+/g

/**
 * A text in the form in which texts of names are compared (RFC 5280 7.1, RFC 4518): without what cannot be seen, compatible characters
 * alike, upper and lower case alike, no space at the ends and single ones between. `undefined` for a text with more than 30 marks on one
 * character, which would take too long: it is the same as the same bytes only.
 */
export function prepareText(text: string): string | undefined {
  if (plain.test(text)) return text.toLowerCase()
  const mapped = text.replaceAll(nothing, '').replaceAll(spaces, ' ')
  if (tooManyMarks.test(mapped)) return undefined
  const folded = mapped
    .normalize('NFKC')
    .replaceAll(notDotless, (part) => part.toUpperCase().toLowerCase())
    .normalize('NFKC')
  return folded.replaceAll(spaces, ' ').trim()
}
