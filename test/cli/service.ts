import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeStatement } from '../support/make-jws.js'
import { type ServiceProcess, startService } from '../support/service-process.js'
import { type Run, root, run } from '../support/workspace.js'

const program = join(root, 'packages/cli/bin/software-statement.js')
const folder = mkdtempSync(join(tmpdir(), 'software-statement-serve-'))
const running: ServiceProcess[] = []

/** Ends every service that still runs. */
export async function endServices(): Promise<void> {
  for (const { child, end } of running.splice(0)) {
    child.kill('SIGKILL')
    await end
  }
}

/** Takes the folders away. */
export const removeFolders = () => rmSync(folder, { recursive: true, force: true })

export const makeFolder = (): string => mkdtempSync(join(folder, 'run-'))

/** Starts a service at a free port, in a folder of its own. */
export async function serve(
  argv: readonly string[] = ['--store', 'memory'],
  cwd = makeFolder(),
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const started = await startService(argv.includes('--port') ? argv : [...argv, '--port', '0'], { cwd, env })
  running.push(started)
  return started
}

/** Runs a command line that ends by itself. */
export const start = (cwd: string, ...argv: string[]): Run => run(process.execPath, [program, ...argv], { cwd })

export const write = (cwd: string, name: string, content: object) => writeFileSync(join(cwd, name), JSON.stringify(content))

export const redirect_uris = ['https://mail.example/cb']

export const post = (url: string, members: object = { redirect_uris }, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(members) })

export interface Registered {
  readonly client_id: string
  readonly client_secret?: string
  readonly registration_access_token: string
  readonly registration_client_uri: string
}

export async function register(url: string, members?: object): Promise<Registered> {
  const response = await post(url, members)
  if (response.status !== 201) throw new Error(`not registered: ${await response.text()}`)
  return JSON.parse(await response.text())
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

export const statusOf = async ({ registration_client_uri, registration_access_token }: Registered, method = 'GET') =>
  (await fetch(registration_client_uri, { method, ...bearer(registration_access_token) })).status

/** Services have the clock of the machine. */
export const seconds = Math.floor(Date.now() / 1000)

export const makeFresh = (claims: object = {}) =>
  makeStatement({ claims: { iat: seconds - 60, exp: seconds + 3600, jti: crypto.randomUUID(), ...claims } })

/** A registration that is under way: its body does not end before it is told to. */
export function startSlowly(url: string) {
  let finish: () => void = () => undefined
  let isSent: () => void = () => undefined
  const sent = new Promise<void>((resolve) => {
    isSent = () => setTimeout(resolve, 200)
  })
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode('{"redirect_uris":'))
      finish = () => {
        controller.enqueue(encoder.encode(`${JSON.stringify(redirect_uris)}}`))
        controller.close()
      }
      isSent()
    },
  })
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  }
  const status = fetch(url, init).then((response) => response.status)
  status.catch(() => undefined)
  return { sent, finish: () => finish(), status }
}
