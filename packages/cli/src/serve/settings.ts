import { dirname, resolve } from 'node:path'
import { parseServiceConfiguration, type ServiceConfiguration } from '@software-statement/registration'
import type { Flags } from '../definitions.js'
import { readInput } from '../input/read-file.js'
import { resolveStore } from '../input/resolve-store.js'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { originOf } from './listen.js'

/** What a service runs with: flags before the file before what is usual. */
export interface ServiceSettings {
  readonly host: string
  readonly port: number
  /** Absent: where it listens. */
  readonly issuer: string | undefined
  /** As `openStore` takes it. */
  readonly store: string
  readonly trustFile: string | undefined
  /** Everything else that stands in the file, and the mode. */
  readonly configuration: ServiceConfiguration
}

/** The number of RFC 7591. */
const usualPort = 7591

/** Reads the flags, and the file that they name. Throws `UsageError`, `TypeError`. */
export async function readSettings(flags: Flags<'serve'>, io: Io): Promise<ServiceSettings> {
  const file = await readConfiguration(flags.config, io)
  const beside = (path: string) =>
    flags.config === undefined || flags.config === '-' ? path : resolve(dirname(flags.config), path)
  const { mode = file.mode ?? 'open', issuer = file.issuer } = flags
  const trustFile = flags.trust ?? (file.trust === undefined ? undefined : beside(file.trust))
  if (mode.startsWith('statement') && trustFile === undefined) {
    throw new UsageError(`the mode ${mode} needs --trust: a file that says whose statements count`)
  }
  const { store = 'software-statement.db' } = file
  return {
    host: flags.host ?? file.host ?? '127.0.0.1',
    port: flags.port === undefined ? (file.port ?? usualPort) : parsePort(flags.port),
    issuer,
    store:
      flags.store === undefined
        ? resolveStore(store, io, file.store === undefined ? undefined : beside)
        : resolveStore(flags.store, io),
    trustFile,
    configuration: { ...file, mode },
  }
}

async function readConfiguration(path: string | undefined, io: Io): Promise<ServiceConfiguration> {
  if (path === undefined) return {}
  return parseServiceConfiguration((await readInput(path, '--config', io)).bytes)
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text)
  throw new UsageError('--port must be a number from 0 to 65535')
}

/** An issuer such as the service will have, to check the configuration with before it listens. Throws `UsageError`. */
export function provisionalIssuer({ issuer, host, port }: ServiceSettings): string {
  if (issuer !== undefined) return issuer
  if (['127.0.0.1', 'localhost', '::1'].includes(host)) return originOf(host, port === 0 ? usualPort : port)
  throw new UsageError('--issuer is needed where the host is not 127.0.0.1, localhost or ::1: clients know the server by it')
}
