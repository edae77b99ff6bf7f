import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.js'

/** A process of the built program that serves. */
export interface ServiceProcess {
  readonly child: ChildProcess
  /** The first line of its standard error: where to register. */
  readonly url: string
  /** The origin of that. */
  readonly origin: string
  /** The rest of it so far, a JSON object each. */
  readonly log: readonly LogLine[]
  /** Everything it has written so far. */
  readonly written: () => string
  /** Resolves with a line of the log that has a message, now or later. */
  readonly logged: (message: string) => Promise<LogLine>
  /** Sends a signal, and resolves with the exit code, or the signal that ended it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>
  readonly end: Promise<number | NodeJS.Signals | null>
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: unknown }

interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly program?: string
}

const builtProgram = join(root, 'packages/cli/bin/software-statement.js')

/** Starts the program itself, without a launcher between: a signal to it has to reach it. */
export async function startService(
  argv: readonly string[],
  { cwd, env, program = builtProgram }: Surroundings,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [program, 'serve', ...argv], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const end = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  const linesOf = () =>
    stderr
      .slice(0, stderr.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)
  const logOf = (): readonly LogLine[] =>
    linesOf()
      .slice(1)
      .map((line) => JSON.parse(line))
  const until = async <Found>(look: () => Found | undefined): Promise<Found> => {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the service has ended: ${stderr}${stdout}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const url = await until(() => linesOf()[0])
  return {
    child,
    url,
    origin: new URL(url).origin,
    get log() {
      return logOf()
    },
    written: () => stdout + stderr,
    logged: (message) => until(() => logOf().find(({ msg }) => msg === message)),
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return end
    },
    end,
  }
}
