import { printable } from './printable.js'
import { redact } from './redact.js'

/**
 * Writes a value as JSON for people and programs: no credential and no private key in it, and nothing that a terminal obeys,
 * while it stays JSON. Everything that comes from outside is shown through this.
 */
export function writeJson(value: unknown, indent = 0): string {
  return write(redact(value), indent)
}

/** Writes the value of a member by the same rules: what is a credential is known by the name of the member. */
export function writeMember(name: string, value: unknown): string {
  return writeJson({ [name]: value }).slice(`{${write(name)}:`.length, -1)
}

/** Writes a value with the credentials in it, for those to whom they are told. */
export function writeWholeJson(value: unknown, indent = 0): string {
  return write(value, indent)
}

function write(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).split('\n').map(printable).join('\n')
}
