import type { JsonObject } from '@software-statement/core'
import type { Io, PreparedFile } from '../io.js'
import { writeJson, writeWholeJson } from '../output/json.js'
import { UsageError } from '../usage-error.js'
import { writeClient } from './client-file.js'

/**
 * Writes what a server has answered to its file, and shows it without secrets. Where it cannot be written, all of it goes to standard
 * output: nobody else knows the secrets in it.
 *
 * Throws `UsageError` then.
 */
export async function saveAnswer(answer: JsonObject, file: PreparedFile, io: Io): Promise<void> {
  try {
    await file.write(writeClient(answer))
  } catch (cause) {
    io.stdout(`${writeWholeJson(answer, 2)}\n`)
    throw new UsageError('the server has done it, but the file cannot be written: all of the answer is on standard output', {
      cause,
    })
  }
  io.stdout(`${writeJson(answer, 2)}\n`)
}
