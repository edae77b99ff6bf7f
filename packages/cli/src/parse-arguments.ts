import yargs, { type Argv } from 'yargs'
import { checkWords } from './check-words.js'
import type { Definition } from './definition.js'
import { type CommandName, definitions, type Flags } from './definitions.js'
import { readVersion } from './read-version.js'
import { UsageError } from './usage-error.js'

/** A command with its operands and flags. */
export interface Invocation<Name extends CommandName> {
  readonly name: Name
  /** Which of its actions, where it has some. */
  readonly action: string
  readonly operands: readonly string[]
  readonly flags: Flags<Name>
}

/** What a command line asks for: a command, or a text such as the help. */
export type ParsedArguments =
  | { readonly text: string }
  | { readonly invocation: { readonly [Name in CommandName]: Invocation<Name> }[CommandName] }

const footer = `Every command has its own --help. ssa is another name of this program.
Data goes to standard output, everything else to standard error.
Exit code: 0 accepted, 1 refused, 2 usage or configuration, 3 could not find out.
NO_COLOR=1 leaves colours away, SOFTWARE_STATEMENT_DEBUG=1 shows the stack of a fault, for reports of bugs.`

/**
 * Parses a command line.
 *
 * Throws `UsageError`, whose message repeats no operand and no value of a free-text flag: it might be a secret or a token.
 */
export async function parseArguments(argv: readonly string[]): Promise<ParsedArguments> {
  const [name = '', ...rest] = argv
  // yargs knows one command at a time: with all of them it lays out the help whether or not anybody asks for it.
  if (!isCommand(name)) {
    checkWords('software-statement', argv, {})
    const { text } = await runParser(makeOverview(), argv)
    if (text === '') throw new UsageError('there is no such command: see --help')
    return { text: `${text}\n` }
  }
  const definition: Definition = definitions[name]
  checkWords(name, rest, definition.options)
  const { text, values } = await runParser(makeParser(name, definition), rest)
  if (text !== '') return { text: `${text}\n` }
  const { _: words, $0: _, ...flags } = values as { readonly _: readonly string[] } & typeof values // what yargs always gives
  checkOperands(name, words, definition)
  checkFlags(flags, definition)
  const [action, operands] = definition.actions === undefined ? ['', words] : [words[0] ?? '', words.slice(1)]
  return { invocation: { name, action, operands, flags } as unknown as Invocation<never> } // by the options given to yargs
}

/** Runs a parser; the text is what it has to say, such as the help. */
async function runParser(parser: Argv, argv: readonly string[]) {
  let text = ''
  try {
    const values: Readonly<Record<string, unknown>> = await parser.parseAsync(argv, {}, (_error, _argv, output) => {
      text = output
    })
    return { text, values }
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'the command line is malformed', { cause })
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(definitions, name)
}

/** Operands are not declared to yargs: it reads `-` as an empty text and lets a flag of the same name stand for one. */
function checkOperands(name: string, operands: readonly string[], definition: Definition): void {
  const {
    actions,
    operands: { usage, least, most },
  } = definition
  const [action = ''] = operands
  if (actions?.includes(action) === false) throw new UsageError(`${name} needs one of ${actions.join(', ')}: see ${name} --help`)
  if (operands.length < least) throw new UsageError(`${name} needs ${usage}: see ${name} --help`)
  if (operands.length > most) throw new UsageError(`${name} has too many operands: see ${name} --help`)
  if (operands.includes('')) throw new UsageError(`${name} has an empty operand`)
}

/** What yargs makes of `--out a --out b` is an array, and of `--out=` an empty text. */
function checkFlags(flags: Readonly<Record<string, unknown>>, { options }: Definition): void {
  for (const [flag, { array, type }] of Object.entries(options)) {
    const value = flags[flag]
    if (Array.isArray(value) && array !== true) throw new UsageError(`--${flag} is given more than once`)
    const isEmpty = value === '' || (Array.isArray(value) && value.includes(''))
    if (type === 'string' && isEmpty) throw new UsageError(`--${flag} is empty`)
  }
}

function makeOverview(): Argv {
  let parser = makeBase()
    .usage('$0 COMMAND\n\nSigns, verifies and inspects OAuth software statements (RFC 7591).')
    .epilogue(footer)
  for (const [name, { describe }] of Object.entries(definitions)) parser = parser.command(name, describe)
  return parser.demandCommand(1, 'a command is missing: see --help')
}

function makeParser(name: CommandName, { describe, operands, options, examples, notes }: Definition): Argv {
  const usage = ['$0', name, operands.usage, '[options]'].filter((part) => part !== '').join(' ')
  return makeBase()
    .usage(`${usage}\n\n${describe}.`)
    .options({ ...options })
    .example(examples.map(([line, what]) => [line, what]))
    .epilogue(notes)
}

function makeBase(): Argv {
  return (
    yargs()
      .scriptName('software-statement')
      .locale('en')
      // What was given is not repeated: %c takes its place and shows nothing.
      .updateStrings({ 'Argument: %s, Given: %s, Choices: %s': '--%s must be one of%c %s' })
      .wrap(122)
      .version(readVersion())
      .help()
      .alias('help', 'h')
      .strictOptions()
      .exitProcess(false)
      .parserConfiguration({
        'boolean-negation': false,
        'camel-case-expansion': false,
        'dot-notation': false,
        'greedy-arrays': false,
        'parse-numbers': false,
        'parse-positional-numbers': false,
        'short-option-groups': false,
        'strip-aliased': true,
      })
      .fail((message, error) => {
        throw error ?? new Error(message)
      })
  )
}
