import { type JsonObject, parseInstant } from '@software-statement/core'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { readInput } from './read-file.js'
import { readJson, readText } from './read-json.js'

/** Two dots and base64url otherwise. A file with such a name is reached through its path, as `./a.b.c`. */
const token = /^[\w-]*\.[\w-]*\.[\w-]*$/

/** What the operand is called where it is not repeated. */
const origin = 'the operand'

/** What the operand of `inspect` holds: a statement, and the registration request or response around it. */
export interface Subject {
  readonly statement: string
  readonly document?: JsonObject
}

/** Reads a statement: a token, a file with one, or standard input. Throws `UsageError`. */
export async function readStatement(operand: string, io: Io): Promise<string> {
  if (token.test(operand)) return operand
  return readText(await readInput(operand, origin, io)).trim()
}

/** A statement among others, and what it is called in messages: never by its text. */
export interface NamedStatement {
  readonly name: string
  readonly text: string
}

/** Reads statements: tokens, files or standard input with one a line. Throws `UsageError`. */
export async function readStatements(operands: readonly string[], io: Io): Promise<readonly NamedStatement[]> {
  const statements: NamedStatement[] = []
  for (const [at, operand] of operands.entries()) {
    if (token.test(operand)) {
      statements.push({ name: `operand ${at + 1}`, text: operand })
      continue
    }
    const input = await readInput(operand, origin, io)
    for (const [line, content] of readText(input).split(/\r?\n/).entries()) {
      const text = content.trim()
      if (text !== '') statements.push({ name: `${input.name}:${line + 1}`, text })
    }
  }
  return statements
}

/** Reads a statement, or the registration request or response that has one. Throws `UsageError`. */
export async function readSubject(operand: string, io: Io): Promise<Subject> {
  const input = token.test(operand) ? undefined : await readInput(operand, origin, io)
  if (input === undefined) return { statement: operand }
  const text = readText(input).trim()
  if (!text.startsWith('{')) return { statement: text }
  const document = readJson(input)
  const { software_statement: statement } = document
  if (typeof statement !== 'string') throw new UsageError(`${input.name}: the JSON has no software_statement`)
  return { statement, document }
}

/** The time to judge at. Throws `TypeError` for a text that is none. */
export function readTime(at: string | undefined, io: Io): Date {
  if (at === undefined) return io.now()
  const time = parseInstant(at)
  io.stderr('note: --at changes the time of judgement only; key sets are taken as they are now\n')
  return time
}
