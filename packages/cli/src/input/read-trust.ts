import { dirname, resolve } from 'node:path'
import { type JsonObject, type ParsedStatement, parseStatement, StatementError } from '@software-statement/core'
import {
  type ConfigurationSources,
  type OpenedTrust,
  openTrust,
  parseTrustConfiguration,
  type TrustConfiguration,
  type TrustResolver,
} from '@software-statement/verifier'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { readInput } from './read-file.js'
import { readTrustJson } from './read-json.js'

/** Reads a trust file; the key files it names are relative to it. Throws `UsageError`, `TypeError`, `MetadataPolicyError`. */
export async function readTrust(path: string, io: Io): Promise<TrustConfiguration> {
  const { bytes } = await readInput(path, '--trust', io)
  return parseTrustConfiguration(bytes, sourcesOf(path, io))
}

/** What looks at a trust file before it counts. They may throw. */
interface TrustChecks {
  readonly checkFile: (file: JsonObject) => void
  /** Looks at what has been made of it: it may not go with what is configured elsewhere. */
  readonly checkTrust: (trust: TrustConfiguration) => void
}

/**
 * Opens a trust file that can be read again. Every time it is looked at before it counts: each file that it names is read once for that, so
 * that what counts is what was looked at.
 *
 * Throws as `readTrust` does, and what the checks throw.
 */
export function openTrustFile(path: string, { checkFile, checkTrust }: TrustChecks, io: Io): Promise<OpenedTrust> {
  const { readFile, ...others } = sourcesOf(path, io)
  let files = new Map<string, Promise<Uint8Array>>()
  const readOnce = (name: string) => {
    const content = files.get(name) ?? readFile(name)
    files.set(name, content)
    return content
  }
  const sources = { ...others, readFile: readOnce }
  return openTrust(async () => {
    files = new Map()
    const input = await readInput(path, '--trust', io)
    checkFile(readTrustJson(input))
    checkTrust(await parseTrustConfiguration(input.bytes, sources))
    return input.bytes
  }, sources)
}

function sourcesOf(path: string, io: Io): ConfigurationSources & Required<Pick<ConfigurationSources, 'readFile'>> {
  const folder = path === '-' ? '.' : dirname(path)
  return {
    readFile: async (name) => (await readInput(resolve(folder, name), 'a file that the trust file names', io)).bytes,
    trustCertificates: async (entry) => (await import('@software-statement/certificates')).trustCertificates(entry),
    ...(io.fetch === undefined ? {} : { fetch: io.fetch }),
  }
}

/**
 * Makes sure that `--audience` is there where it decides: the issuer asks for an audience, or the statement has one.
 *
 * Throws `UsageError`.
 */
export async function demandAudience(
  statement: string,
  audience: string | undefined,
  trust: TrustResolver,
  currentDate: Date,
): Promise<void> {
  if (audience !== undefined) return
  const parsed = parseIfSound(statement)
  const policy = parsed && (await findPolicy(parsed, trust, currentDate))
  if (parsed === undefined || policy === 'ignore') return
  if (policy === 'required') throw new UsageError('the issuer requires an audience: give --audience')
  if (parsed.claims.aud !== undefined) throw new UsageError('the statement is for an audience: give --audience')
}

/** The audience policy of the issuer, if the statement is of one that is trusted: why it is not is told later. */
async function findPolicy(statement: ParsedStatement, trust: TrustResolver, currentDate: Date) {
  try {
    return (await trust(statement, { currentDate }))?.audiencePolicy
  } catch (error) {
    if (error instanceof StatementError) return undefined
    throw error
  }
}

function parseIfSound(statement: string) {
  try {
    return parseStatement(statement)
  } catch (error) {
    if (error instanceof StatementError) return undefined
    throw error
  }
}
