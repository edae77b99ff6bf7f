import type { Options } from 'yargs'

/** One command: how it is called, what it does, and what it checks. */
export interface Definition {
  readonly describe: string
  /** Words of which the first operand has to be one. */
  readonly actions?: readonly string[]
  /** The operands as the help shows them, and how many there may be. */
  readonly operands: { readonly usage: string; readonly least: number; readonly most: number }
  readonly options: Readonly<Record<string, Options>>
  readonly notes: string
  readonly examples: readonly (readonly [command: string, what: string])[]
}

export const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const
export const needed = (describe: string) => ({ ...text(describe), demandOption: true }) as const
export const list = (describe: string) => ({ ...text(describe), array: true }) as const
export const flag = (describe: string) => ({ type: 'boolean', describe }) as const

/** A command without operands. */
export const none = { usage: '', least: 0, most: 0 }

/** What a trust file is. */
export const trust = 'JSON file that says who may sign statements, with which keys, and for what'
