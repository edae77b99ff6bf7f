import { styleText } from 'node:util'
import type { Io } from '../io.js'

type Format = 'bold' | 'green' | 'red' | 'yellow'

/** Gives a text a colour. */
export type Style = (format: Format, text: string) => string

/** Colours on a terminal that has some, and not where `NO_COLOR` is set. */
export function styleFor({ isTTY, env }: Io): Style {
  if (!isTTY || env.TERM === 'dumb' || (env.NO_COLOR ?? '') !== '') return (_, text) => text
  return (format, text) => styleText(format, text, { validateStream: false })
}
