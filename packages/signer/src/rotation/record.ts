import {
  InvalidStatementError,
  type Limits,
  type ParsedStatement,
  parseJwtClaims,
  parseStatement,
  StatementError,
} from '@software-statement/core'
import { findSigner, type KnownKey } from './known-key.js'
import type { KeyProblem } from './plan.js'

/** The statements of one key. */
export interface KeyRecord {
  statements: number
  valid: number
  /** Seconds since the epoch; `Infinity` for a statement without an end. */
  neededUntil: number | undefined
}

export interface Circumstances {
  readonly now: number
  readonly clockTolerance: number
  readonly limits: Limits
}

/** What statements say about keys, gathered one by one. */
export interface Records {
  readonly byKey: ReadonlyMap<KnownKey, Readonly<KeyRecord>>
  readonly problems: readonly KeyProblem[]
}

type Problem = Omit<KeyProblem, 'statement'>

/** Reads statements and puts each to the key that made it. What cannot be put to one is a problem, never an exception. */
export async function recordStatements(
  statements: Iterable<string> | AsyncIterable<string>,
  keys: readonly KnownKey[],
  circumstances: Circumstances,
): Promise<Records> {
  const byKey = new Map(keys.map((key): [KnownKey, KeyRecord] => [key, { statements: 0, valid: 0, neededUntil: undefined }]))
  const problems: KeyProblem[] = []
  let index = 0
  for await (const text of statements) {
    const found = await recordStatement(text, byKey, circumstances)
    problems.push(...found.map((problem) => ({ ...problem, statement: index })))
    index += 1
  }
  return { byKey, problems }
}

/** Puts one statement to its key. Returns what is wrong with it; one that has expired is wrong for nobody. */
async function recordStatement(
  text: string,
  byKey: Map<KnownKey, KeyRecord>,
  circumstances: Circumstances,
): Promise<readonly Problem[]> {
  const read = readStatement(text, circumstances.limits)
  if (read instanceof StatementError)
    return [{ severity: 'error', problem: 'unreadable', message: `${read.code}: ${read.message}` }]
  const end = read.exp === undefined ? Number.POSITIVE_INFINITY : Math.ceil(read.exp) + circumstances.clockTolerance
  const isValid = end > circumstances.now
  const key = await findSigner(read.parsed, [...byKey.keys()])
  const record = key && byKey.get(key)
  if (key === undefined || record === undefined) return isValid ? [unknownKey(read.parsed)] : []
  record.statements += 1
  record.valid += isValid ? 1 : 0
  record.neededUntil = Math.max(record.neededUntil ?? end, end)
  return isValid ? findProblems(read.parsed, key, end) : []
}

function readStatement(
  text: string,
  limits: Limits,
): { readonly parsed: ParsedStatement; readonly exp: number | undefined } | StatementError {
  try {
    const parsed = parseStatement(text, limits)
    return { parsed, exp: parseJwtClaims(parsed.claims).exp }
  } catch (error) {
    if (error instanceof InvalidStatementError) return error
    throw error
  }
}

function unknownKey({ header: { kid } }: ParsedStatement): Problem {
  const message = 'none of the keys has made this statement: servers that have only these keys refuse it'
  return { severity: 'error', problem: 'unknown-key', message, ...(kid === undefined ? {} : { kid }) }
}

/** What is wrong with a statement that is still valid. */
function findProblems({ header }: ParsedStatement, { kid, role }: KnownKey, end: number): readonly Problem[] {
  const problems: Problem[] = []
  if (header.kid !== undefined && header.kid !== kid) {
    const message = 'the statement names its key by another kid than the key set: servers do not find the key'
    problems.push({ severity: 'error', problem: 'other-kid', kid, message })
  }
  if (end === Number.POSITIVE_INFINITY) {
    const message = 'the statement has no end: its key has to be published forever'
    problems.push({ severity: 'warning', problem: 'never-expires', kid, message })
  }
  if (role === 'next') {
    const message = 'the next key has signed already: servers that have not seen it yet refuse the statement'
    problems.push({ severity: 'warning', problem: 'signed-early', kid, message })
  }
  return problems
}
