import { decodeUtf8, defaultLimits, JsonFault, type JsonObject, parseStrictJson } from '@software-statement/core'
import { type GuardedAnswer, GuardedFetchError, type GuardedMessage, type GuardedSend } from '@software-statement/verifier'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Io } from '../io.js'
import { printable } from '../output/printable.js'

/** A server did not do what it was asked for. The message is for people, and holds texts of the server. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal'

  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message)
  }
}

/** Larger than what any client sends: servers may add to it. */
const limits = { ...defaultLimits, stringBytes: 64 * 1024, keyStringBytes: 64 * 1024, members: 10_000, items: 10_000, depth: 16 }

/** Sends a message. Throws `ServerRefusal` with exit code 3 for a server that cannot be asked, or gives no whole answer. */
export async function ask(send: GuardedSend, url: string, message: GuardedMessage): Promise<GuardedAnswer> {
  try {
    return await send(url, message)
  } catch (error) {
    if (!(error instanceof GuardedFetchError)) throw error
    throw new ServerRefusal(`the server could not be asked: ${error.message}`, exitCodes.unknown)
  }
}

/**
 * The members of an answer with one of the statuses that are wanted.
 *
 * Throws `ServerRefusal`: with exit code 1 for a refusal, as the server words it (RFC 7591 3.2.2, RFC 6750 3), and with exit code 3 where it
 * is overloaded, broken or says nothing that can be read.
 */
export function readMembers({ status, headers, body }: GuardedAnswer, wanted: readonly number[]): JsonObject {
  const members = parse(body)
  if (wanted.includes(status)) {
    if (members !== undefined) return members
    throw new ServerRefusal(`the server answered ${status} without a JSON object`, exitCodes.unknown)
  }
  const reasons = [members?.error, members?.error_description].filter((text) => typeof text === 'string')
  const reason = reasons.length === 0 ? `the server answered ${status}` : reasons.join(': ')
  const isOver = status >= 400 && status < 500 && status !== 429
  const retry = headers.get('retry-after')
  const wait = retry === null ? '' : ` (try again after ${retry}${/^\d+$/.test(retry) ? ' seconds' : ''})`
  throw new ServerRefusal(`${reason}${wait}`, isOver ? exitCodes.refused : exitCodes.unknown)
}

function parse(body: Uint8Array): JsonObject | undefined {
  try {
    return parseStrictJson(decodeUtf8(body), limits)
  } catch (error) {
    if (error instanceof JsonFault) return undefined
    throw error
  }
}

/** Says on standard error why a server refuses, and gives the exit code for it. */
export function reportRefusal(error: unknown, io: Io): ExitCode {
  if (!(error instanceof ServerRefusal)) throw error
  io.stderr(`${printable(error.message)}\n`)
  return error.exitCode
}
