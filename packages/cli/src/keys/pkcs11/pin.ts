import { readInput } from '../../input/read-file.js'
import { readText } from '../../input/read-json.js'
import type { Io } from '../../io.js'
import { UsageError } from '../../usage-error.js'
import type { Pkcs11Uri } from './uri.js'

/** The PIN of a token: as it stands in the URI, or the first line of a file, or an environment variable. Throws `UsageError`. */
export async function readPin({ pin }: Pkcs11Uri, io: Io): Promise<string | undefined> {
  if (pin === undefined || 'value' in pin) return pin?.value
  const [, name] = /^env:(.*)$/is.exec(pin.source) ?? []
  const text = name === undefined ? await readFirstLine(pin.source.replace(/^file:/i, ''), io) : (io.env[name] ?? '')
  if (text === '') throw new UsageError('the pin-source of the pkcs11: key holds no PIN')
  return text
}

async function readFirstLine(path: string, io: Io): Promise<string> {
  const [line = ''] = readText(await readInput(path, 'pin-source', io)).split(/\r?\n/, 1)
  return line
}
