import { type JsonObject, parseInstant } from '@software-statement/core'
import type { Io } from '../io.js'
import { printable } from '../output/printable.js'
import { UsageError } from '../usage-error.js'
import { readInput } from './read-file.js'
import { readJson, readText } from './read-json.js'

/** Two dots and base64url otherwise. A file with such a name is reached through its path, as `./a.b.c`. */
const token = /^[\w-]*\.[\w-]*\.[\w-]*$/

/** White space of ASCII: what else `trim` takes away is part of a file that is no token. */
const whiteSpace = '\t\n\f\r '

/** What the operand is called where it is not repeated. */
const origin = 'the operand'

/** What the operand of `inspect` holds: a statement, and the registration request or response around it. */
export interface Subject {
  readonly statement: string
  readonly document?: JsonObject
}

/** Reads a statement: a token, a file with one, or standard input. Throws `UsageError`. */
export async function readStatement(operand: string, io: Io): Promise<string> {
  if (await isToken(operand, io)) return operand
  return strip(readText(await readInput(operand, origin, io)))
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
    if (await isToken(operand, io)) {
      statements.push({ name: `operand ${at + 1}`, text: operand })
      continue
    }
    const input = await readInput(operand, origin, io)
    for (const [line, content] of readText(input).split(/\r?\n/).entries()) {
      const text = strip(content)
      if (text !== '') statements.push({ name: `${input.name}:${line + 1}`, text })
    }
  }
  return statements
}

/** Reads a statement, or the registration request or response that has one. Throws `UsageError`. */
export async function readSubject(operand: string, io: Io): Promise<Subject> {
  if (await isToken(operand, io)) return { statement: operand }
  const input = await readInput(operand, origin, io)
  const text = strip(readText(input))
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

/** Tells a token from a file name, and says so where it may be both. */
async function isToken(operand: string, io: Io): Promise<boolean> {
  if (!token.test(operand)) return false
  if (await io.isFile(operand)) {
    io.stderr(`note: ${printable(operand)} is taken for a token; for the file of that name write ./${printable(operand)}\n`)
  }
  return true
}

/** No regular expression: from each blank of many it would look for the end anew. */
function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && whiteSpace.includes(text.charAt(start))) start += 1
  while (end > start && whiteSpace.includes(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}
