/**
 * What a terminal obeys instead of showing it, or shows as nothing: control characters and escape sequences, line and
 * paragraph separators, bidirectional and invisible formatting, lone surrogates, private-use and unassigned characters.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Makes foreign text safe to show on a terminal: what it would obey or hide is written as `\u202e`. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}
