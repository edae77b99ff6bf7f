import type { KeyPlan, PlannedKey } from '@software-statement/signer'
import { printable } from './printable.js'
import type { Style } from './style.js'
import { layOut } from './table.js'
import { describeDistance, formatTime } from './time-words.js'

/** What a statement is called, by its place among all. */
type NameOf = (statement: number) => string

/** A plan for programs: times as RFC 3339. */
export function planToJson({ at, jwks, keys, steps, problems }: KeyPlan, nameOf: NameOf) {
  return {
    at: writeTime(at),
    jwks,
    keys: keys.map(({ publicJwk: _, neededUntil, signsFrom, ...key }) => ({
      ...key,
      ...(neededUntil === undefined ? {} : { neededUntil: writeTime(neededUntil) }),
      ...(signsFrom === undefined ? {} : { signsFrom: writeTime(signsFrom) }),
    })),
    steps: steps.map((step) => ({ ...step, at: writeTime(step.at) })),
    problems: problems.map((problem) => ({ ...problem, source: nameOf(problem.statement) })),
  }
}

/** A plan for people. */
export function describePlan({ at, keys, steps, problems }: KeyPlan, nameOf: NameOf, style: Style): string {
  const words = (time: Date | 'forever') => {
    return time === 'forever' ? time : `${writeTime(time)} (${describeDistance(seconds(time), seconds(at))})`
  }
  const keyRows = keys.map((key) => [key.role, printable(key.kid), countStatements(key), describeNeed(key, words)])
  const stepRows = steps.map((step) => [words(step.at), step.action, step.role, printable(step.kid)])
  const problemRows = problems.map(({ severity, problem, statement, message }) => {
    return [severity, problem, printable(nameOf(statement)), printable(message)]
  })
  const trouble = problems.length === 0 ? '' : `${style('yellow', 'problems')}\n${layOut(problemRows)}`
  return `keys\n${layOut(keyRows)}steps\n${layOut(stepRows)}${trouble}`
}

function countStatements({ statements, valid }: PlannedKey): string {
  return `${statements} ${statements === 1 ? 'statement' : 'statements'}, ${valid} valid`
}

function describeNeed({ role, neededUntil, signsFrom }: PlannedKey, words: (time: Date | 'forever') => string): string {
  if (signsFrom !== undefined) return `may sign from ${words(signsFrom)} if published now`
  if (neededUntil === undefined) return role === 'current' ? 'needed as long as it signs' : 'not needed'
  return role === 'current'
    ? `needed as long as it signs, at least until ${words(neededUntil)}`
    : `needed until ${words(neededUntil)}`
}

function writeTime(time: Date | 'forever'): string {
  return time === 'forever' ? time : (formatTime(seconds(time)) ?? '')
}

function seconds(time: Date): number {
  return time.getTime() / 1000
}
