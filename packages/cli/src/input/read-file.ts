import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'it may not be read'],
  ['EISDIR', 'it is a folder'],
  ['EFBIG', 'it is too large'],
])

/** Reads a file, or standard input for `-`. Throws `UsageError`. */
export async function readInput(operand: string, io: Io): Promise<Uint8Array> {
  try {
    return operand === '-' ? await io.stdin() : await io.readFile(operand)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    const reason = reasons.get(codeOf(cause)) ?? 'it cannot be read'
    throw new UsageError(`${nameInput(operand)}: ${reason}`, { cause })
  }
}

/** Names an input in messages. Encoded JSON begins with `eyJ`: what is meant for a token or a key is not repeated. */
export function nameInput(operand: string): string {
  if (operand === '-') return 'standard input'
  if (/^\s*(?:\{|-----BEGIN)/.test(operand)) return 'what looks like a key, and is taken for a file'
  return operand.startsWith('eyJ') || operand.length > 255 ? 'what looks like a token, and is taken for a file' : operand
}

/** Writes a file that must not be there yet, whole or not at all. Throws `UsageError`. */
export async function writeOutput(path: string, text: string, mode: number, io: Io): Promise<void> {
  try {
    await io.writeNewFile(path, text, mode)
  } catch (cause) {
    const reason = codeOf(cause) === 'EEXIST' ? 'it is there already, and is never overwritten' : 'it cannot be written'
    throw new UsageError(`${path}: ${reason}`, { cause })
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
