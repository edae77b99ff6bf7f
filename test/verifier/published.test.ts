import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issuerOf, type JwkSet, parseInstant, parseStatement } from '@software-statement/core'
import { type IssuerRules, trustIssuers, verifySoftwareStatement } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { root } from '../support/workspace.js'

interface Published {
  readonly name: string
  readonly statement: string
  readonly jwks?: JwkSet
  readonly at?: string
}

const file = join(root, '../shared/vectors/published-statements.json')
const published: readonly Published[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
if (published.length === 0) console.log('skipped: the published statements are not beside this checkout')

const named = (words: string) => published.filter(({ name }) => name.includes(words))
const nobody = trustIssuers([{ issuer: 'https://publisher.example', jwks: { keys: [publicHalf(keys.ed25519)] } }])

/** Trust in whoever the statement names, with the keys that were published beside it or a key that is not its. */
function trustInIssuer({ statement, jwks = { keys: [publicHalf(keys.rsa)] } }: Published, rules: IssuerRules = {}) {
  return trustIssuers([{ issuer: issuerOf(parseStatement(statement).claims), jwks, ...rules }])
}

const outcome = ({ statement, at }: Published, trust = nobody) =>
  outcomeOfPromise(verifySoftwareStatement(statement, trust, { currentDate: at === undefined ? new Date(0) : parseInstant(at) }))

describe.runIf(published.length > 0)('statements that were published', () => {
  test('the example of RFC 7591 has no issuer', async () => {
    expect(await Promise.all(named('RFC 7591').map((one) => outcome(one)))).toEqual(['ERR_ISSUER_MISSING'])
  })

  test('the Australian example is not signed with the key that stands beside it', async () => {
    expect(await Promise.all(named('Australian').map((one) => outcome(one, trustInIssuer(one))))).toEqual([
      'ERR_SIGNATURE_INVALID',
    ])
  })

  test('the Brazilian one is of an issuer nobody has entered', async () => {
    expect(await Promise.all(named('Brazil').map((one) => outcome(one)))).toEqual(['ERR_ISSUER_NOT_TRUSTED'])
    for (const one of named('Brazil')) expect(parseStatement(one.statement).claims.software_version).toBeTypeOf('number')
  })

  test('the one of UDAP brings certificates, which nobody has asked for', async () => {
    expect(await Promise.all(named('UDAP').map((one) => outcome(one, trustInIssuer(one))))).toEqual(['ERR_X5C_NOT_ACCEPTED'])
    expect(await Promise.all(named('UDAP').map((one) => outcome(one, trustInIssuer(one, { x5c: 'ignore' }))))).toEqual([
      'ERR_SIGNATURE_INVALID',
    ])
  })

  test('a client attestation is another kind of token', async () => {
    expect(await Promise.all(named('attestation').map((one) => outcome(one)))).toEqual(['ERR_TYP_OTHER'])
  })
})
