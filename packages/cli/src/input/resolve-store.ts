import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'

/**
 * The store that a text names, as `openStore` takes it: `env:NAME` stands for what is in a variable, since the URL of a database may have a
 * password in it. Throws `UsageError`, which repeats nothing of it.
 *
 * @param toPath what the name of a file is relative to
 */
export function resolveStore(text: string, io: Io, toPath = (path: string) => path): string {
  if (text === '-') throw new UsageError('- names no store; ./- is a file of that name')
  const [, name] = /^env:(.*)$/s.exec(text) ?? []
  if (name === undefined) return isFileName(text) ? toPath(text) : text
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new UsageError('env: needs the name of an environment variable')
  const value = io.env[name] ?? ''
  if (value === '' || value.startsWith('env:'))
    throw new UsageError('the environment variable behind env: is not set, or names no store')
  return value
}

/** Whether the name of a store, as `openStore` takes it, is that of a SQLite file. */
export function isFileName(text: string): boolean {
  return text !== 'memory' && !/^[a-z][a-z0-9+.-]+:/i.test(text)
}
