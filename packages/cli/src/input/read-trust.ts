import { dirname, resolve } from 'node:path'
import { parseStatement, StatementError } from '@software-statement/core'
import { parseTrustConfiguration, type TrustConfiguration, type TrustResolver } from '@software-statement/verifier'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { readInput } from './read-file.js'

/** Reads a trust file; the key files it names are relative to it. Throws `UsageError`, `TypeError`, `MetadataPolicyError`. */
export async function readTrust(path: string, io: Io): Promise<TrustConfiguration> {
  const folder = path === '-' ? '.' : dirname(path)
  const { bytes } = await readInput(path, '--trust', io)
  return parseTrustConfiguration(bytes, {
    readFile: async (name) => (await readInput(resolve(folder, name), 'a jwksFile of the trust file', io)).bytes,
    ...(io.fetch === undefined ? {} : { fetch: io.fetch }),
  })
}

/**
 * Makes sure that `--audience` is there where it decides: the issuer asks for an audience, or the statement has one.
 *
 * Throws `UsageError`.
 */
export async function demandAudience(statement: string, audience: string | undefined, trust: TrustResolver): Promise<void> {
  if (audience !== undefined) return
  const parsed = parseIfSound(statement)
  const policy = parsed && (await trust(parsed))?.audiencePolicy
  if (parsed === undefined || policy === 'ignore') return
  if (policy === 'required') throw new UsageError('the issuer requires an audience: give --audience')
  if (parsed.claims.aud !== undefined) throw new UsageError('the statement is for an audience: give --audience')
}

function parseIfSound(statement: string) {
  try {
    return parseStatement(statement)
  } catch (error) {
    if (error instanceof StatementError) return undefined
    throw error
  }
}
