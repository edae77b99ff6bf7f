import { isIPv6 } from 'node:net'
import type { NodeServer } from '@software-statement/registration/node'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'

/** The origin of what listens at a host and port. */
export function originOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'another program listens there: choose another --port'],
  ['EADDRNOTAVAIL', 'this machine has no such address: choose another --host'],
  ['EACCES', 'this user may not listen there: choose another --port'],
  ['ENOTFOUND', 'there is no such host: choose another --host'],
  ['EAI_AGAIN', 'there is no such host: choose another --host'],
])

/** Has a server listen, and gives its port. Throws `UsageError` that says why it cannot. */
export async function listenAt({ server }: NodeServer, host: string, port: number, io: Io): Promise<number> {
  try {
    return await io.listen(server, host, port)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    throw new UsageError(`cannot listen at ${host} port ${port}: ${reasons.get(code) ?? code ?? 'unexpected'}`, { cause })
  }
}
