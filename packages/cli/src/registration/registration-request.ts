import type { JsonObject } from '@software-statement/core'
import { readInput } from '../input/read-file.js'
import { readJson } from '../input/read-json.js'
import { readStatement } from '../input/read-statement.js'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'

interface RequestFiles {
  readonly metadata: string
  readonly statement: string | undefined
}

/** Reads client metadata, and puts the statement in. Throws `UsageError`. */
export async function readRequest({ metadata: path, statement: file }: RequestFiles, io: Io): Promise<JsonObject> {
  const metadata = readJson(await readInput(path, '--metadata', io))
  if (file === undefined) return metadata
  const statement = await readStatement(file, io)
  if (metadata.software_statement !== undefined && metadata.software_statement !== statement) {
    throw new UsageError('the metadata has another software_statement than the one given')
  }
  return { ...metadata, software_statement: statement }
}
