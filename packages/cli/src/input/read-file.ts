import type { Io, PreparedFile } from '../io.js'
import { UsageError } from '../usage-error.js'
import { nameInput } from './name-input.js'

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'it may not be read'],
  ['EISDIR', 'it is a folder'],
  ['EFBIG', 'it is too large'],
])

/** What was read, and what it is called in messages. */
export interface Input {
  readonly bytes: Uint8Array
  readonly name: string
}

/** Reads a file, or standard input for `-`. The origin is what named it, such as `--key`. Throws `UsageError`. */
export async function readInput(path: string, origin: string, io: Io): Promise<Input> {
  const name = nameInput(path, origin)
  try {
    return { bytes: path === '-' ? await io.stdin() : await io.readFile(path), name }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`${name}: ${reasons.get(codeOf(cause)) ?? 'it cannot be read'}`, { cause })
  }
}

/** Refuses `-` for the file of `--out`: it stands for standard input everywhere else. Throws `UsageError`. */
export function refuseDash(out: string | undefined, why: string): void {
  if (out === '-') throw new UsageError(`--out - names no file: ${why}; ./- is a file of that name`)
}

/** Writes the file of `--out`, which must not be there yet, whole or not at all. Throws `UsageError`. */
export async function writeOutput(path: string, text: string, mode: number, io: Io): Promise<void> {
  try {
    await io.writeNewFile(path, text, mode)
  } catch (cause) {
    const reason = codeOf(cause) === 'EEXIST' ? 'it is there already, and is never overwritten' : 'it cannot be written'
    throw new UsageError(`${nameInput(path, '--out')}: ${reason}`, { cause })
  }
}

/** Makes sure that the file of `--out` can be written whole, before anything is done that is told once. Throws `UsageError`. */
export async function prepareOutput(path: string, mode: number, replace: boolean, io: Io): Promise<PreparedFile> {
  try {
    return await io.prepareFile(path, mode, replace)
  } catch (cause) {
    const reason = codeOf(cause) === 'EEXIST' ? 'it is there already: --force replaces it' : 'it cannot be written'
    throw new UsageError(`${nameInput(path, '--out')}: ${reason}`, { cause })
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
