import { type ClientStore, memoryClientStore } from '@software-statement/registration'
import { type GuardedFetch, GuardedFetchError, type GuardedSend } from '@software-statement/verifier'
import type { Io } from '../../packages/cli/src/io.js'
import { main } from '../../packages/cli/src/main.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement, now, vouched } from '../support/make-jws.js'

/** What came of a command line. */
export interface Outcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** The files it has written and not taken away again, with their modes. */
  readonly written: ReadonlyMap<string, { readonly text: string; readonly mode: number }>
  readonly removed: readonly string[]
}

export interface World {
  readonly files?: Readonly<Record<string, unknown>>
  readonly stdin?: unknown
  readonly env?: Readonly<Record<string, string>>
  readonly isTTY?: boolean
  readonly now?: number
  readonly fetch?: GuardedFetch
  readonly send?: GuardedSend
  readonly createSend?: Io['createSend']
  /** Whether prepared files can be written in the end. */
  readonly diskIsFull?: boolean
  readonly openStore?: (name: string) => Promise<ClientStore>
  readonly run?: Io['run']
  readonly loadPkcs11?: Io['loadPkcs11']
  readonly listen?: Io['listen']
  readonly onSignal?: Io['onSignal']
}

/** Trust in the test publisher, as it stands in a file. */
export const trustFile = (rules: object = {}, others: object = {}) => ({
  issuers: [{ issuer, jwks: { keys: [publicHalf(keys.ed25519)] }, ...rules }],
  ...others,
})

/** Files that most commands need. */
export const defaultFiles: Readonly<Record<string, unknown>> = {
  'metadata.json': vouched,
  'key.json': keys.ed25519,
  'trust.json': trustFile(),
  'statement.jwt': `${makeStatement()}\n`,
  'request.json': { client_name: 'Totally Mail', scope: 'openid' },
}

/** Runs a command line in a world of its own: its files are texts, bytes or what JSON is made of; nothing real is touched. */
export async function runCli(argv: readonly string[], world: World = {}): Promise<Outcome> {
  const files = new Map(Object.entries({ ...defaultFiles, ...world.files }).map(([path, content]) => [path, toBytes(content)]))
  const written = new Map<string, { text: string; mode: number }>()
  const removed: string[] = []
  let stdout = ''
  let stderr = ''
  const io: Io = {
    stdin: async () => toBytes(world.stdin ?? ''),
    stdout: (text) => {
      stdout += text
    },
    stderr: (text) => {
      stderr += text
    },
    isTTY: world.isTTY ?? false,
    env: world.env ?? {},
    readFile: async (path) => {
      const name = path.startsWith(process.cwd()) ? path.slice(process.cwd().length + 1) : path
      const bytes = files.get(name)
      if (bytes === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      return bytes
    },
    isFile: async (path) => files.has(path),
    writeNewFile: async (path, text, mode) => {
      if (files.has(path)) throw Object.assign(new Error('file exists'), { code: 'EEXIST' })
      files.set(path, toBytes(text))
      written.set(path, { text, mode })
    },
    prepareFile: async (path, mode, replace) => {
      if (!replace && files.has(path)) throw Object.assign(new Error('file exists'), { code: 'EEXIST' })
      return {
        write: async (text) => {
          if (world.diskIsFull === true) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
          files.set(path, toBytes(text))
          written.set(path, { text, mode })
        },
        discard: async () => undefined,
      }
    },
    removeFile: async (path) => {
      files.delete(path)
      written.delete(path)
      removed.push(path)
    },
    createSend:
      world.createSend ?? (() => world.send ?? (async () => Promise.reject(new GuardedFetchError('network', 'no network')))),
    openStore: world.openStore ?? (async () => memoryClientStore()),
    listen: world.listen ?? (async (_server, _host, port) => (port === 0 ? 49_152 : port)),
    // A service that is started here is told to end as soon as it listens for that.
    onSignal:
      world.onSignal ??
      ((listener) => {
        const timer = setTimeout(() => listener('SIGTERM'))
        return () => clearTimeout(timer)
      }),
    openLog: async () => ({
      write: (line) => {
        stderr += line
      },
      flush: async () => undefined,
    }),
    now: () => new Date((world.now ?? now) * 1000),
    fetch: world.fetch ?? (async () => Promise.reject(new GuardedFetchError('network', 'no network'))),
    run: world.run ?? (async () => Promise.reject(Object.assign(new Error('no such program'), { code: 'ENOENT' }))),
    loadPkcs11:
      world.loadPkcs11 ??
      (() => {
        throw Object.assign(new Error('no such package'), { code: 'MODULE_NOT_FOUND' })
      }),
  }
  const exit = await main(argv, io)
  return { exit, stdout, stderr, written, removed }
}

function toBytes(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
}
