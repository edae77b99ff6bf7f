import type { Definition } from './definition.js'
import { UsageError } from './usage-error.js'

const everywhere: readonly string[] = ['help', 'h', 'version']

/** A flag may be named in a message if it is one that somebody may have meant: behind dashes there may be a key in PEM as well. */
const name = /^[A-Za-z][\w-]{0,30}$/

/** What yargs takes for a number and not for a flag. */
const negativeNumber = /^-(?:\d+(?:\.\d+)?|\.\d+)$/

/**
 * Refuses flags that nobody knows, before yargs misses others and repeats whatever stands behind the dashes; and values of flags that
 * take none, because yargs makes `false` of each.
 *
 * Throws `UsageError`.
 */
export function checkWords(command: string, words: readonly string[], options: Definition['options']): void {
  const flags = readFlags(words)
  if (flags.some(({ flag }) => everywhere.includes(flag))) return
  const given = new Set<string>()
  for (const { flag, value } of flags) {
    if (!Object.hasOwn(options, flag)) throw new UsageError(`${command} ${describeUnknown(flag)}: see ${command} --help`)
    if (options[flag]?.type !== 'boolean') continue
    if (value !== undefined && value !== 'true' && value !== 'false') throw new UsageError(`--${flag} takes no value`)
    if (given.has(flag)) throw new UsageError(`--${flag} is given more than once`)
    given.add(flag)
  }
}

function describeUnknown(flag: string): string {
  return name.test(flag) ? `has no flag --${flag}` : 'is given a flag that it does not have'
}

/** Everything that begins with a dash, up to `--`: no value of another flag does. */
function readFlags(words: readonly string[]): readonly { readonly flag: string; readonly value: string | undefined }[] {
  const end = words.indexOf('--')
  return words.slice(0, end === -1 ? words.length : end).flatMap((word) => {
    const [, flag, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    return flag === undefined || negativeNumber.test(word) ? [] : [{ flag, value }]
  })
}
