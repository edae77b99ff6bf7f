import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issuerOf, type JwkSet, parseInstant, parseStatement, toNumericDate } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { root } from '../support/workspace.js'
import { runCli, trustFile } from './support.js'

interface Published {
  readonly name: string
  readonly statement: string
  readonly jwks?: JwkSet
  readonly algorithms?: readonly string[]
  readonly at?: string
  readonly expect: { readonly inspect?: string; readonly verify: string }
}

const file = join(root, '../shared/vectors/published-statements.json')
const published: readonly Published[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
if (published.length === 0) console.log('skipped: the published statements are not beside this checkout')

/** What each comes to, in the words of the command line, by a word of its name. */
const outcomes: readonly (readonly [name: string, error: string, code: string, inspected: RegExp])[] = [
  ['RFC 7591', 'invalid_software_statement', 'ERR_ISSUER_MISSING', /^ {2}error +statement\/missing-issuer /m],
  ['Australian', 'invalid_software_statement', 'ERR_SIGNATURE_INVALID', /^ {2}iss +claim of the JWT +"cdr-register"$/m],
  ['Brazil', 'unapproved_software_statement', 'ERR_ISSUER_NOT_TRUSTED', /^ {2}warning +metadata\/numeric-software-version /m],
  ['UDAP', 'invalid_software_statement', 'ERR_X5C_NOT_ACCEPTED', /^ {2}x5c +3 certificates/m],
  ['attestation', 'invalid_software_statement', 'ERR_TYP_OTHER', /^ {2}typ +"oauth-client-attestation\+jwt"$/m],
]

/** Trust in the issuer with the keys published beside the statement; a list that lacks it where there are none. */
function trustFor({ name, statement, jwks, algorithms }: Published): object {
  const rules = algorithms === undefined ? {} : { algorithms }
  if (jwks !== undefined) return { issuers: [{ issuer: issuerOf(parseStatement(statement).claims), jwks, ...rules }] }
  if (!name.includes('UDAP')) return trustFile()
  // Its issuer has to be entered, or it would be refused for that.
  return { issuers: [{ issuer: issuerOf(parseStatement(statement).claims), jwks: { keys: [publicHalf(keys.rsa)] }, ...rules }] }
}

describe.runIf(published.length > 0)('statements that were published', () => {
  test('are all in this table, and all of it is there', () => {
    expect(published.map(({ name }) => outcomes.filter(([word]) => name.includes(word)).length)).toEqual(outcomes.map(() => 1))
  })

  test.each(outcomes)('%s is refused with %s, %s', async (word, error, code, inspected) => {
    for (const one of published.filter(({ name }) => name.includes(word))) {
      const world = {
        files: { 'trust.json': trustFor(one) },
        ...(one.at === undefined ? {} : { now: toNumericDate(parseInstant(one.at)) }),
      }
      // Some are meant for an audience, and would be asked for it before anything else.
      const judging = ['--trust', 'trust.json', '--audience', 'https://as.example']
      const verified = await runCli(['verify', one.statement, ...judging, '--json'], world)
      const verdict = JSON.parse(verified.stdout)
      expect({ exit: verified.exit, error: verdict.error, code: verdict.code }).toEqual({ exit: 1, error, code })
      expect(one.expect.verify).toMatch(/refused|not trusted/)

      const shown = await runCli(['inspect', one.statement], world)
      expect(shown.exit).toBe(0)
      expect(shown.stdout).toMatch(/^not verified/)
      expect(shown.stdout).toMatch(inspected)
      const judged = await runCli(['inspect', one.statement, ...judging], world)
      expect({ exit: judged.exit, stdout: judged.stdout }).toEqual({
        exit: 1,
        stdout: expect.stringMatching(new RegExp(`^refused: ${error}: .*\\n {2}${code}: `)),
      })
    }
  })
})
