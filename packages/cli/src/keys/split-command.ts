import { UsageError } from '../usage-error.js'

/** What a backslash takes as it is within double quotes; before anything else it stands for itself (POSIX.1 XCU 2.2.3). */
const escapedInQuotes = /["\\$`]/

/**
 * Splits a command into a program and its arguments as a shell does: blanks part them, single and double quotes keep them together, a
 * backslash takes the next character as it is. There is no shell: nothing is expanded, piped or run in between.
 *
 * Throws `UsageError`, whose message repeats nothing of the command.
 */
export function splitCommand(command: string): readonly [program: string, ...args: string[]] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < command.length; at += 1) {
    const character = command.charAt(at)
    if (character === '\\' && (quote === '' || (quote === '"' && escapedInQuotes.test(command.charAt(at + 1))))) {
      at += 1
      if (at === command.length) throw new UsageError('the command of the exec: key ends in a backslash')
      word = (word ?? '') + command.charAt(at)
    } else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote !== '') throw new UsageError('the command of the exec: key has a quote that is not closed')
  if (word !== undefined) words.push(word)
  const [program = '', ...args] = words
  if (program === '') throw new UsageError('the exec: key has no command')
  return [program, ...args]
}
